"""Import of code systems: every form that can be taken, and every hostile one that is refused."""

import sqlite3
import stat
import zipfile
from datetime import date

import pytest

from digitizer.chart.coding import CPT, HCPCS, ICD10CM, ICD10PCS, ICDO3, LOCAL, Code
from digitizer.coding import packaged
from digitizer.coding.imports import archive
from digitizer.coding.imports.archive import Member, members
from digitizer.coding.imports.recognise import Part, counted, recognise, rows_of, wordings_of
from digitizer.coding.periods import OPEN, CodeSet, periods
from digitizer.errors import UsageError
from digitizer.operations.home import init
from digitizer.operations.import_codes import import_codes, imports_of, remove_import
from digitizer.operations.knowledge import open_codes

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2026</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
<letter><title>A</title>
 <mainTerm><title>Zorbic fever<nemod>(acute)</nemod> NEC</title><code>A78</code>
  <term level="1"><title>with</title>
   <term level="2"><title>purple nails</title><code>L60.-</code></term></term>
 </mainTerm>
 <mainTerm><title>Zorbulosis</title><see>Zorbic fever NEC</see></mainTerm>
 <mainTerm><title>Nowhere</title><see>No such line</see></mainTerm>
</letter></ICD10CM.index>
"""
NEOPLASMS = """<ICD10CM.index><version>2026</version>
<indexHeading><head col="1">Neoplasm</head><head col="2">Malignant Primary</head></indexHeading>
<letter><title>N</title><mainTerm><title>Neoplasm, neoplastic</title><cell col="2">C80.1</cell>
 <term level="1"><title>zorbic gland</title><cell col="2">C75.8</cell><cell col="3">C79.8-</cell>
 <cell col="4">--</cell></term></mainTerm></letter></ICD10CM.index>
"""
DRUGS = """<ICD10CM.index><version>2026</version><indexHeading><head col="1">Substance</head>
</indexHeading><letter><title>Z</title><mainTerm><title>Zorbamycin</title>
<cell col="2">T36.8X1</cell><cell col="6">T36.8X5</cell></mainTerm></letter></ICD10CM.index>
"""
TABLES = """<ICD10PCS.tabular><version>2026</version><pcsTable>
<axis pos="1"><title>Section</title><label code="0">Medical and Surgical</label></axis>
<axis pos="2"><title>Body System</title><label code="D">Gastrointestinal System</label></axis>
<axis pos="3"><title>Operation</title><label code="T">Resection</label></axis>
<pcsRow codes="4"><axis pos="4"><label code="J">Appendix</label></axis>
<axis pos="5"><label code="0">Open</label><label code="4">Percutaneous Endoscopic</label></axis>
<axis pos="6"><label code="Z">No Device</label></axis>
<axis pos="7"><label code="Z">No Qualifier</label><label code="Y">Zorbic</label></axis></pcsRow>
</pcsTable></ICD10PCS.tabular>
"""
PCS_INDEX = """<ICD10PCS.index><version>2026</version><letter><title>Z</title>
<mainTerm><title>Zorbectomy</title><term level="1"><title>total</title>
<see>Resection, Appendix <tab>0DTJ</tab></see></term></mainTerm></letter></ICD10PCS.index>
"""
CPT_LIST = "Notice,\nCPT Code,Long Description\n99998,Zorbic visit of the whole kind\n25,Modifier\n"
ICDO_LIST = "icdo3_histology_code,icdo3_histology_code_name\n8140/3,Adenocarcinoma of zorbic kind\n"
LOCAL_LIST = "Charge Code;Description;Price\nzb-17;Zorbic dressing, large;12.00\n"
HCPCS_LIST = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,ADD DT,TERM DT\n"
    "J9998,100,3,Injection of zorbamycin,Zorb,20240101,\n"
    "J9998,200,4,per milligram,,20240101,\n"
    "Z1,100,7,A modifier,Mod,20200101,\n"
    "G9997,100,3,Ended service,End,20200101,20241231\n"
)


def _fixed(code, kind, text, added="20230101", ended=""):
    line = f"{code:5}{'00100':5} {''}"[:10].ljust(10) + kind + f"{text:80}{text[:28]:28}"
    return line.ljust(268) + f"{added:8}{added:8}{ended:8}N".ljust(52)


FIXED = "\n".join(
    [
        _fixed("A9998", "3", "Zorbic wheelchair, with"),
        _fixed("A9998", "4", "purple cushion"),
        _fixed("Z1", "7", "modifier"),
        _fixed("E9998", "3", "Zorbic lamp", ended="20251231"),
    ]
)


def _part(text, wanted="", name="file"):
    return recognise(Member(name, text.encode()), wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "kind"),
    [
        (INDEX, "", "icd10cm-index"),
        (INDEX.replace("DISEASES", "EXTERNAL CAUSES"), "", "icd10cm-external-causes"),
        (NEOPLASMS, "", "icd10cm-neoplasms"),
        (DRUGS, "", "icd10cm-drugs"),
        (TABLES, "", "icd10pcs-tables"),
        (PCS_INDEX, "", "icd10pcs-index"),
        ("00001 0016070 1 Short title".ljust(77) + "Long title\n", "", "icd10pcs-order"),
        (FIXED, "", "hcpcs"),
        (HCPCS_LIST, "", "hcpcs"),
        (CPT_LIST, "", "cpt"),
        (ICDO_LIST, "", "icdo3"),
        (LOCAL_LIST, "local", "local"),
        ("POA Exempt Codes\nCode\tDescription\nZ794\tInsulin\n", "", "poa-exempt"),
        ("just words\n", "", None),
        ("<other/>", "", None),
    ],
)
def test_a_file_is_told_by_what_is_in_it(text, wanted, kind):
    part = _part(text, wanted)
    assert (part.kind if part else None) == kind


def test_lines_of_the_index_carry_the_words_above_them_and_follow_their_see():
    found = {(w.text, w.code) for w in wordings_of(_part(INDEX))}
    assert found == {
        ("Zorbic fever NEC", "A78"),
        ("Zorbic fever NEC with purple nails", "L60"),
        ("Zorbulosis", "A78"),
    }


def test_tables_of_neoplasms_and_drugs_say_what_their_columns_mean():
    assert {(w.text, w.code) for w in wordings_of(_part(NEOPLASMS))} == {
        ("malignant neoplasm of Neoplasm, neoplastic", "C80.1"),
        ("malignant neoplasm of zorbic gland", "C75.8"),
        ("secondary malignant neoplasm of zorbic gland", "C79.8"),
    }
    assert {(w.text, w.code) for w in wordings_of(_part(DRUGS))} == {
        ("accidental poisoning by Zorbamycin", "T36.8X1"),
        ("adverse effect of Zorbamycin", "T36.8X5"),
    }


def test_tables_of_procedures_unfold_to_every_code():
    rows = {row.code: row.title for row in rows_of(_part(TABLES))}
    assert sorted(rows) == ["0DTJ0ZY", "0DTJ0ZZ", "0DTJ4ZY", "0DTJ4ZZ"]
    assert rows["0DTJ4ZZ"] == "Resection of Appendix, Percutaneous Endoscopic Approach"
    assert {(w.text, w.code) for w in wordings_of(_part(PCS_INDEX))} == {
        ("Zorbectomy total", "0DTJ")
    }


@pytest.mark.parametrize("text", [FIXED, HCPCS_LIST])
def test_long_titles_of_hcpcs_are_joined_and_modifiers_left_out(text):
    rows = {row.code: row for row in rows_of(_part(text))}
    assert len(rows) == 2
    first, last = (rows[code] for code in sorted(rows, key=lambda c: bool(rows[c].last)))
    assert first.title in ("Zorbic wheelchair, with purple cushion",
                           "Injection of zorbamycin per milligram")  # fmt: skip
    assert first.first in ("2023-01-01", "2024-01-01")
    assert last.last in ("2025-12-31", "2024-12-31")


def test_a_malformed_line_is_named():
    with pytest.raises(UsageError, match="line 3.*'ABC' is no CPT code.*mend"):
        counted(_part("CPT,Description\n99998,Fine\nABC,Wrong\n"))
    with pytest.raises(UsageError, match="no header"):
        counted(_part("1,2\n3,4\n", "cpt"))
    with pytest.raises(UsageError, match="holds no codes"):
        counted(_part("CPT,Description\n"))


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<ICD10CM.index><title>&b;</title></ICD10CM.index>"
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<ICD10CM.index><title>&a;</title></ICD10CM.index>"
)
DEEP = "<ICD10CM.index>" + "<term>" * 5_000 + "</term>" * 5_000 + "</ICD10CM.index>"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (DEEP, "nested"),
        ("<ICD10CM.index><letter>", "damaged"),
    ],
)
def test_hostile_and_torn_xml_is_refused_by_name(text, why):
    with pytest.raises(UsageError, match=why):
        _part(text, name="evil.xml")


def test_a_table_that_unfolds_without_end_is_refused():
    labels = "".join(f'<label code="{c}">x</label>' for c in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    axes = f"<axis>{labels}</axis>"
    table = f"<pcsTable>{axes * 3}<pcsRow>{axes * 4}</pcsRow></pcsTable>"
    text = f"<ICD10PCS.tabular>{table}</ICD10PCS.tabular>"
    with pytest.raises(UsageError, match="more codes"):
        counted(_part(text))


def _zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return path


def test_names_in_a_zip_are_never_paths(tmp_path):
    path = _zip(tmp_path / "a.zip", {"../../outside.xml": INDEX, "C:\\x\\other.txt": "words"})
    assert [m.name for m in members(path)] == ["outside.xml", "other.txt"]
    assert not (tmp_path.parent.parent / "outside.xml").exists()


def test_a_zip_that_swells_stops_at_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 20)
    path = _zip(tmp_path / "a.zip", {"a.txt": "0" * (1 << 19), "b.txt": "0" * (9 << 20)})
    with pytest.raises(UsageError, match="more than 1 MB"):
        list(members(path))


@pytest.mark.parametrize("damage", [b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\0" * 40])
def test_a_damaged_or_empty_zip_says_what_to_do(tmp_path, damage):
    path = tmp_path / "a.zip"
    path.write_bytes(damage)
    with pytest.raises(UsageError, match="zip|nothing"):
        import_codes(init(tmp_path / "home"), path)
    assert not (tmp_path / "home" / ".digitizer" / "codes.sqlite").exists()


def test_what_cannot_be_imported_is_said_with_the_remedy(tmp_path):
    home = init(tmp_path / "home")
    words = tmp_path / "words.txt"
    words.write_text("just words\n")
    with pytest.raises(UsageError, match="--as"):
        import_codes(home, words)
    with pytest.raises(UsageError, match="cannot be read"):
        import_codes(home, tmp_path / "missing.xml")
    with pytest.raises(UsageError, match="no kind 'snomed'.*cpt"):
        import_codes(home, words, "snomed")
    with pytest.raises(UsageError, match="no import 7"):
        remove_import(home, 7)
    assert imports_of(home) == ()


@pytest.fixture
def quick(monkeypatch):
    """Without the 79,000 packaged procedures, which take half of a build."""
    monkeypatch.setattr(packaged, "procedures", lambda: iter(()))
    monkeypatch.setattr(packaged, "exclusions", lambda: iter(()))


def test_imports_are_searched_listed_and_removed(tmp_path, quick):
    home = init(tmp_path / "home")
    files = {"i.xml": INDEX, "n.xml": NEOPLASMS, "d.xml": DRUGS, "t.xml": TABLES,
             "p.xml": PCS_INDEX, "h.txt": FIXED, "c.csv": CPT_LIST, "o.csv": ICDO_LIST,
             "x.csv": "POA Exempt\nCode,Description\nZ794,Insulin\n",
             "more.txt": "words", "x.pdf": "never"}  # fmt: skip
    done = import_codes(home, _zip(tmp_path / "all.zip", files))
    local = tmp_path / "charges.csv"
    local.write_text(LOCAL_LIST)
    import_codes(home, local, "local", first=date(2026, 1, 1))
    assert done.skipped == ("more.txt",)
    assert len(done.taken) == 9
    with _open(home) as codes:
        assert codes.search("zorbic fever")[0].code.code == "A78"
        assert codes.search("zorbulosis")[0].code.code == "A78"
        assert codes.search("cancer of zorbic gland")[0].code.code == "C75.8"
        assert codes.search("zorbectomy total", system=ICD10PCS)[0].code == Code(
            system=ICD10PCS, code="0DTJ", title="Resection of Appendix …", billable=False
        )
        assert codes.search("zorbic wheelchair", system=HCPCS)[0].code.code == "A9998"
        assert codes.search("zorbic visit", system=CPT)[0].code.code == "99998"
        assert codes.code("8140/3", ICDO3).title == "Adenocarcinoma of zorbic kind"
        lamp, dressing = codes.code("E9998", HCPCS), codes.code("zb-17", LOCAL)
        assert codes.in_force(lamp, date(2025, 12, 31))
        assert codes.in_force(lamp, date(2026, 1, 1)) is False
        assert codes.in_force(dressing, date(2025, 12, 31)) is False
        assert codes.in_force(codes.code("I10"), date(2020, 1, 1)) is None
    listed = imports_of(home)
    assert [one.id for one in listed] == [1, 2]
    assert ("icd10cm-index", "i.xml", "2026", 3) in listed[0].parts
    remove_import(home, 1)
    with pytest.raises(UsageError, match="no import 1"):
        remove_import(home, 1)
    with _open(home) as codes:
        assert HCPCS not in codes.systems
        assert not codes.exact("zorbic fever")
    assert [bool(one.removed) for one in imports_of(home)] == [True, False]
    with sqlite3.connect(home.imports) as db:
        assert db.execute("SELECT sum(length(content)) FROM parts WHERE import = 1").fetchone() == (
            0,
        )
    db.close()
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700


def test_an_older_tabular_list_says_which_codes_held_on_the_day_of_service(tmp_path, quick):
    home = init(tmp_path / "home")
    old = tmp_path / "tabular-2020.xml"
    old.write_text(
        "<ICD10CM.tabular><version>2020</version><chapter><name>9</name><desc>Heart</desc>"
        '<section id="I10-I16"><desc>High pressure</desc>'
        "<diag><name>I10</name><desc>Essential hypertension</desc></diag>"
        "<diag><name>I16.7</name><desc>Since withdrawn crisis</desc></diag>"
        "</section></chapter></ICD10CM.tabular>"
    )
    import_codes(home, old)
    in_2020, now = date(2020, 3, 1), date(2026, 3, 1)
    with _open(home) as codes:
        gone, kept, newer = (codes.code(code) for code in ("I16.7", "I10", "U07.1"))
        assert [codes.in_force(code, in_2020) for code in (gone, kept, newer)] == [
            True,
            True,
            False,
        ]
        assert [codes.in_force(code, now) for code in (gone, kept, newer)] == [False, True, True]
        assert codes.in_force(kept, date(2022, 3, 1)) is None
        assert "I16.7" not in {m.code.code for m in codes.search("since withdrawn crisis")}


def test_a_failed_build_takes_the_import_back(tmp_path, monkeypatch):
    home = init(tmp_path / "home")
    good = tmp_path / "i.xml"
    good.write_text(INDEX)
    monkeypatch.setattr(packaged, "find_tabular", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_codes(home, good)
    assert imports_of(home) == ()
    assert not home.imports.exists()


def test_the_list_that_begins_last_holds_and_the_packaged_one_gives_way():
    sets = [
        CodeSet(codes=["A", "B"], first="2025-10-01", packaged=True),
        CodeSet(codes=["A", "C"], first="2024-10-01", last="2025-09-30"),
        CodeSet(codes=["A", "D"], first="2025-10-01", last="2026-03-31"),
    ]
    assert sorted(periods(sets)) == [
        ("A", "2024-10-01", OPEN),
        ("B", "2026-04-01", OPEN),
        ("C", "2024-10-01", "2025-09-30"),
        ("D", "2025-10-01", "2026-03-31"),
    ]


class _open:
    def __init__(self, home):
        self.codes = open_codes(home)

    def __enter__(self):
        return self.codes

    def __exit__(self, *_):
        self.codes.close()


def test_parts_know_their_system():
    assert Part(kind="cpt", name="x", content=b"").system == CPT
    assert _part(INDEX).system == ICD10CM
