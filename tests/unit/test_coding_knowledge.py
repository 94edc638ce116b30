import pickle
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from importlib.metadata import distribution

import pytest

from digitizer.coding import build as build_module
from digitizer.coding.build import build
from digitizer.coding.knowledge import open_knowledge
from digitizer.coding.lexicon import Lexicon, read_lexicon
from digitizer.coding.neoplasms import read_sites
from digitizer.coding.packaged import find_tabular
from digitizer.coding.statuses import read_statuses
from digitizer.errors import ConfigError
from tests.codes import LEXICON, SITES, STATUSES, codes_file, knowledge


def test_the_billable_codes_are_those_of_the_published_list():
    listed = next(
        f for f in distribution("simple-icd-10-cm").files if f.name.startswith("code-list")
    )
    lines = listed.read_text().split()
    bare = sorted(line for line in lines if re.fullmatch(r"[A-Z][\dA-Z]{2,6}", line))
    pairs = zip(bare, [*bare[1:], ""], strict=True)
    leaves = {code for code, following in pairs if not following.startswith(code)}
    with sqlite3.connect(codes_file()) as db:
        rows = db.execute("SELECT code FROM codes WHERE billable").fetchall()
    db.close()
    assert {code.replace(".", "") for (code,) in rows} == leaves
    assert len(leaves) > 74_000


def test_a_built_file_is_small_and_says_where_it_comes_from():
    assert codes_file().stat().st_size < 110_000_000
    assert re.search(r"ICD-10-CM 20\d\d.*simple-icd-10-cm \d", knowledge().version)
    assert find_tabular()[0].suffix == ".xml"


def test_building_leaves_no_litter_and_replaces_an_old_file(tmp_path):
    target = tmp_path / "codes.sqlite"
    target.write_text("old")
    started = time.process_time()
    build(target)
    assert time.process_time() - started < 30
    assert [path.name for path in tmp_path.iterdir()] == ["codes.sqlite"]
    opened = open_knowledge(target)
    assert opened.code("I10").billable
    opened.close()


def test_a_reader_from_before_keeps_answering_and_one_from_after_sees_the_new(
    tmp_path, monkeypatch
):
    target = tmp_path / "codes.sqlite"
    shutil.copy(codes_file(), target)
    before = open_knowledge(target)
    monkeypatch.setattr(build_module, "_write", lambda path, _: _tables(path, "I10", "Renamed"))
    build(target)
    after = open_knowledge(target)
    assert before.code("I10").title == "Essential (primary) hypertension"
    assert before.search("gout")[0].code.code == "M10.9"
    assert after.code("I10").title == "Renamed"
    assert after.code("M10.9") is None
    before.close()
    after.close()


def _tables(path, code, title):
    with sqlite3.connect(path) as db:
        db.executescript(build_module._TABLES)
        db.execute("INSERT INTO meta VALUES ('schema', ?)", (build_module.SCHEMA,))
        db.execute("INSERT INTO codes VALUES (?, ?, '', 1, '', ?)", (code, title, code))
    db.close()


def test_a_killed_build_leaves_the_old_tables_and_its_litter_goes_with_the_next(
    tmp_path, monkeypatch
):
    target = tmp_path / "codes.sqlite"
    shutil.copy(codes_file(), target)
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom digitizer.coding import build as made\n"
        "write = made._write_others\n"
        "def half(db, held):\n"
        "    db.commit()\n    print('half', flush=True)\n    time.sleep(60)\n"
        "made._write_others = half\n"
        "made.build(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", program, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout.readline() == "half\n"
        during = open_knowledge(target)
        monkeypatch.setattr(build_module, "_write", lambda path, _: _tables(path, "I10", "New"))
        build(tmp_path / "other.sqlite")
        assert len(list(tmp_path.glob(".codes.sqlite.*"))) == 1
        build_module._clear(target)
        assert len(list(tmp_path.glob(".codes.sqlite.*"))) == 1
        killed.kill()
    assert during.code("I10").title == "Essential (primary) hypertension"
    during.close()
    again = open_knowledge(target)
    assert again.code("M10.9").billable
    again.close()
    build(target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codes.sqlite", "other.sqlite"]


def test_a_build_that_begins_beside_another_does_not_take_its_file_away(tmp_path, monkeypatch):
    target, others = tmp_path / "codes.sqlite", []
    make = build_module.NamedTemporaryFile

    def made(**options):
        partial = make(**options)
        if not others:  # another begins before this file is locked
            others.append(threading.Thread(target=build_module._begun, args=(target,)))
            others[0].start()
            others[0].join(0.2)
        return partial

    monkeypatch.setattr(build_module, "NamedTemporaryFile", made)
    with build_module._begun(target) as first:
        others[0].join()
        assert (tmp_path / first.name).exists()


@pytest.mark.parametrize(
    "content", [None, b"", b"no database at all, but longer than a header" * 9]
)
def test_a_missing_or_foreign_file_is_refused_with_the_remedy(tmp_path, content):
    path = tmp_path / "codes.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="digitizer codes build"):
        open_knowledge(path)


def test_a_file_of_another_schema_is_refused(tmp_path):
    path = tmp_path / "codes.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE meta (name TEXT, value TEXT)")
        db.execute("INSERT INTO meta VALUES ('schema', '0')")
    db.close()
    with pytest.raises(ConfigError, match="digitizer codes build"):
        open_knowledge(path)


@pytest.mark.parametrize("spelling", ["E11.22", "e1122", " E11.22 "])
def test_a_code_is_found_with_or_without_its_dot_in_any_case(spelling):
    assert knowledge().code(spelling).code == "E11.22"


def test_what_is_no_code_is_not_found():
    assert knowledge().code("Q99.9999") is None
    assert knowledge().code("I10", "ICD-10-PCS") is None


def test_a_code_is_described_with_all_that_is_around_it():
    about = knowledge().describe("E11.2")
    assert not about.code.billable
    assert [code for code, _ in about.parents] == ["E08-E13", "E11"]
    assert {child.code for child in about.children} == {"E11.21", "E11.22", "E11.29"}
    assert "metabolic" in about.chapter.lower()
    excluded = [note for note in about.notes if note.kind == "excludes1" and note.at == "E11"]
    assert ("E10", "E10") in {span for note in excluded for span in note.ranges}
    assert knowledge().describe("nonsense") is None


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("J45", "J45.909"),
        ("E11", "E11.9"),
        ("S52.5", "S52.509A"),
        ("I50", "I50.9"),
        ("I10", "I10"),
        ("D64", "D64.9"),
    ],
)
def test_a_general_code_has_a_billable_one_for_when_nothing_more_is_said(code, plain):
    assert knowledge().plain(code).code == plain


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("hypertension", "I10"),
        ("HTN", "I10"),
        ("heart attack", "I21.9"),
        ("knee pain, right", "M25.561"),
        ("acute appendicitis", "K35.80"),
        ("haemorrhoids", "K64.9"),
        ("narcolepsy with cataplexy", "G47.411"),
        ("cholangitis sclerosing primary", "K83.01"),
        ("apendicitis", "K37"),
        ("K21.9", "K21.9"),
    ],
)
def test_a_term_finds_its_code_first(term, code):
    assert knowledge().search(term)[0].code.code == code


@pytest.mark.parametrize(
    "term", ["", "   ", "of the", "?!", "zzzqqqxxx", "a" * 5000, "'; DROP TABLE"]
)
def test_a_term_that_means_nothing_is_no_error(term):
    assert len(knowledge().search(term, 5)) <= 5


def test_matches_are_ranked_distinct_and_limited():
    matches = knowledge().search("fracture of the lower end of the radius", 7)
    codes = [match.code.code for match in matches]
    assert len(codes) == len(set(codes)) == 7
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert all(0 <= match.score <= 1.000001 for match in matches)


def test_knowledge_goes_to_another_process():
    copy = pickle.loads(pickle.dumps(knowledge()))
    assert copy.search("gout")[0].code == knowledge().search("gout")[0].code
    copy.close()


def test_every_code_of_the_lexicon_is_billable():
    lexicon = read_lexicon(LEXICON)
    codes = {code for term in lexicon.terms for code in (term.code, *term.also)}
    codes |= {code for row in read_sites(SITES).codes.values() for code in row.values()}
    table = read_statuses(STATUSES, lexicon)
    codes |= {code for _, code in (*table.drugs, *table.allergens, *table.patterns)}
    assert [c for c in codes if not (known := knowledge().code(c)) or not known.billable] == []


def test_the_lexicon_lists_each_term_once_in_lower_case():
    terms = [term.term for term in read_lexicon(LEXICON).terms]
    assert len(terms) > 2000
    assert len(terms) == len(set(terms))
    assert [t for t in terms if t != t.lower() or t != " ".join(t.split())] == []


def test_short_names_with_two_meanings_need_a_context():
    lexicon = read_lexicon(LEXICON)
    for ambiguous in ("ms", "pe", "ra", "pd", "mi", "hd", "sob"):
        found = lexicon.find(ambiguous)
        assert found.context or ambiguous == "sob", ambiguous


@pytest.mark.parametrize(
    ("read", "head"),
    [(read_sites, "site\tmalignant"), (lambda p: read_statuses(p, Lexicon()), "kind\twhat\tcode")],
)
def test_a_malformed_table_is_refused_with_its_line(tmp_path, read, head):
    path = tmp_path / "table.tsv"
    path.write_text(f"{head}\nnonsense\n")
    with pytest.raises(ConfigError, match="line 2"):
        read(path)


@pytest.mark.parametrize("line", ["term only", "a\t", "a\tI10\tb\tc\td"])
def test_a_malformed_lexicon_is_refused_with_its_line(tmp_path, line):
    path = tmp_path / "problems.tsv"
    path.write_text(f"term\tcode\tcontext\tnote\n{line}\n")
    with pytest.raises(ConfigError, match="line 2"):
        read_lexicon(path)


def test_a_missing_lexicon_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="lexicon"):
        read_lexicon(tmp_path / "none.tsv")
