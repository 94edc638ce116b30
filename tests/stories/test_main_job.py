"""Drop a scan, find it, see its codes: with the real daemon, Tesseract, Whoosh and SQLite."""

import hashlib
import json
import signal
import subprocess
import time

import pytest
from PIL import Image

from digitizer import __version__
from tests import scans
from tests.program import Program, wait_for


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    """A home in which one note was digitized by the daemon."""
    program = Program(tmp_path_factory.mktemp("home") / "charts")
    daemon = program.start()
    try:
        scans.pdf(program.inbox / "note.pdf", [scans.page()])
        wait_for(lambda: program.json("status").get("not_yet_indexed") == 0 and program.states())
        wait_for(lambda: program.states().get("note.pdf", "").startswith("digitized"))
        wait_for(lambda: program.json("status")["not_yet_indexed"] == 0)
    finally:
        daemon.send_signal(signal.SIGINT)
        daemon.wait(timeout=30)
        daemon.stderr.close()
    assert daemon.returncode == 0
    return program


def _document(charts):
    return charts.json("show", charts.json("status")["files"][0]["documents"][0])


def test_the_dropped_scan_is_found_by_its_words_with_patient_type_date_and_page(charts):
    (hit,) = charts.json("search", "chest pain")["hits"]
    assert (hit["source"], hit["page"], hit["type"]) == ("note.pdf", 1, "progress_note")
    assert hit["patient"]["name"] == "Rajesh R. Hargrove"
    assert hit["patient"]["dob"] == "1959-04-13"
    assert hit["date"] == "2022-01-24"
    marked = [hit["snippet"][start:end].lower() for start, end in hit["marks"]]
    assert {"chest", "pain"} <= set(marked)


def test_a_hit_shows_the_ink_of_each_matching_word(charts):
    (hit,) = charts.json("search", '"chest pain"', "--facets")["hits"]
    words = [word["t"].lower().strip(".,") for word in _document(charts)["pages"][0]["words"]]
    assert len(hit["boxes"]) == sum(word in ("chest", "pain") for word in words) > 1
    for left, top, right, bottom in hit["boxes"]:
        assert 0 <= left < right <= hit["width"]
        assert 0 <= top < bottom <= hit["height"]
        assert right - left > bottom - top > 5, "a word, upright"


def test_a_misspelled_search_says_what_was_meant_and_facets_count(charts):
    answer = charts.json("search", "chest pian", "--facets")
    assert answer["suggestion"] == "chest pain"
    assert answer["facets"]["type"] == {"progress_note": 1}
    assert answer["facets"]["year"] == {"2022": 1}


def test_the_query_may_come_from_stdin_off_the_process_list(charts):
    assert charts.json("search", "-", stdin="Hargrove\n")["documents"] == 1


@pytest.mark.parametrize(
    "filters",
    [
        ("--mrn", "8879668"),
        ("--dob", "1959-04-13"),
        ("--code", "I10"),
        ("--type", "progress_note", "--from", "2022-01-01", "--to", "2022-12-31"),
    ],
)
def test_filters_find_it_without_a_query(charts, filters):
    assert charts.json("search", *filters)["documents"] == 1


def test_a_filter_that_does_not_fit_finds_nothing(charts):
    assert charts.json("search", "chest pain", "--to", "2021-12-31")["documents"] == 0


def test_the_code_is_suggested_with_the_words_and_the_ink_that_prove_it(charts):
    document = _document(charts)
    (code,) = [code for code in document["codes"] if code["code"] == "I10"]
    (evidence,) = code["evidence"]
    page = document["pages"][evidence["page"] - 1]
    assert page["text"][evidence["start"] : evidence["end"]].lower() == "hypertension"
    ((x0, y0, x1, y1),) = evidence["boxes"]
    assert 0.25 < x0 < x1 < 0.65
    assert 0.23 < y0 < y1 < 0.30


def test_denied_and_family_findings_are_shown_but_never_suggested(charts):
    document = _document(charts)
    found = {e["text"].lower(): e["assertion"] for e in document["entities"]}
    assert found["asthma"] == "negated"
    assert found["breast cancer"] == "family"
    suggested = {code["code"][:3] for code in document["codes"]}
    assert not suggested & {"J45", "C50", "Z85"}


def test_the_original_comes_back_as_it_was(charts, tmp_path):
    sha256 = charts.json("status")["files"][0]["sha256"]
    charts("original", sha256, "--out", str(tmp_path / "back.pdf"))
    assert hashlib.sha256((tmp_path / "back.pdf").read_bytes()).hexdigest() == sha256


def test_the_same_bytes_again_are_a_duplicate_under_any_name(charts, tmp_path):
    sha256 = charts.json("status")["files"][0]["sha256"]
    charts("original", sha256, "--out", str(tmp_path / "again.pdf"))
    charts("add", str(tmp_path / "again.pdf"))
    charts("run", "--once")
    assert charts.states()["again.pdf"] == "duplicate"
    assert charts.json("search", "chest pain")["documents"] == 1


def test_the_index_is_derived_and_can_be_lost(charts):
    for path in sorted((charts.home / ".digitizer/index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert "digitizer index check" in charts.run("search", "chest pain").stderr
    charts("reindex")
    assert charts.json("search", "chest pain")["documents"] == 1


def test_a_new_home_has_nothing_to_find(tmp_path):
    assert Program(tmp_path / "new").json("search", "chest pain")["documents"] == 0


def test_the_export_has_the_document_in_the_neutral_form(charts, tmp_path):
    charts("export", "--format", "json", "--out", str(tmp_path / "out"))
    record = json.loads((tmp_path / "out" / "note.pdf.json").read_text())
    assert record["status"] == "digitized"
    words = record["documents"][0]["pages"][0]["words"]
    assert all(0 <= value <= 1 for word in words for value in word["box"])


@pytest.mark.parametrize("what", ["documents", "sha256"])
def test_a_searchable_pdf_has_the_words_over_the_scan_and_leaves_a_trace(charts, tmp_path, what):
    (file,) = [file for file in charts.json("status")["files"] if file["name"] == "note.pdf"]
    key = file["documents"][0] if what == "documents" else file["sha256"]
    charts("pdf", key, "--out", str(tmp_path / "chart.pdf"))
    command = ["pdftotext", "-raw", str(tmp_path / "chart.pdf"), "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert "hypertension and reports chest pain" in said
    charts("pdf", key, "--out", str(tmp_path / "chart.pdf"), code=3)
    assert ("pdf", key) in {(event["action"], event["subject"]) for event in _trail(charts)}


def _trail(charts):
    from digitizer.config import find_home
    from digitizer.operations.house import open_house
    from digitizer.store import audit

    with open_house(find_home(charts.home)) as house, house.store.read() as tx:
        return [{"action": e.action, "subject": e.subject} for e in audit.every(tx)]


def test_the_data_folder_is_private(charts):
    assert (charts.home / ".digitizer").stat().st_mode & 0o777 == 0o700


def test_searches_views_and_exports_are_in_the_audit_trail(charts):
    from digitizer.config import find_home
    from digitizer.operations.house import open_house
    from digitizer.store import audit

    charts("search", "unheard-of-word")
    with open_house(find_home(charts.home)) as house, house.store.read() as tx:
        events = audit.every(tx)
    assert {event.action for event in events} >= {"search", "view"}
    assert any("unheard-of-word" in event.subject for event in events)
    assert all(event.actor and event.at for event in events)


def test_a_second_daemon_on_one_home_is_refused_with_the_reason(charts):
    daemon = charts.start()
    try:
        assert "Watching" in daemon.stderr.readline()
        assert "already runs" in charts.run("run", "--once").stderr
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=30)
        daemon.stderr.close()


def test_a_home_anywhere_can_be_moved(charts, tmp_path):
    moved = tmp_path / "elsewhere"
    charts.home.rename(moved)
    try:
        charts.home = moved
        assert charts.json("search", "chest pain")["documents"] == 1
    finally:
        charts.home = moved.rename(charts.inbox.parent)


def _flip_a_bit(charts):
    for path in (charts.home / ".digitizer" / "index").glob("gen-*/*.pst"):
        content = bytearray(path.read_bytes() or b" ")
        content[len(content) // 2] ^= 1
        path.write_bytes(content)


def test_a_damaged_index_is_noticed_and_rebuilt_from_the_store(charts):
    _flip_a_bit(charts)
    assert "rebuilt, 1 pages" in charts.run("index", "check").stderr
    assert "in order" in charts.run("index", "check").stderr


def test_a_search_on_a_damaged_index_says_so_and_builds_nothing(charts):
    current = charts.home / ".digitizer" / "index" / "CURRENT"
    before = current.read_text()
    _flip_a_bit(charts)
    found = charts.json("search", "chest pain")
    assert (found["documents"], found["partial"]) == (0, True)
    assert "digitizer index check" in found["note"]
    assert current.read_text() == before
    charts("index", "check")
    assert charts.json("search", "chest pain")["documents"] == 1


def test_a_running_daemon_mends_a_damaged_index_by_itself(charts):
    daemon = charts.start()
    try:
        index = charts.home / ".digitizer" / "index"
        before = (index / "CURRENT").read_text()
        time.sleep(1)
        _flip_a_bit(charts)
        wait_for(lambda: (index / "CURRENT").read_text() != before, seconds=30)
        assert charts.json("search", "chest pain")["documents"] == 1
    finally:
        daemon.send_signal(signal.SIGTERM)
        said = daemon.communicate(timeout=30)[1]
    assert "building the search index anew" in said


def test_a_document_is_drawn_with_its_findings_framed_and_with_its_patient_hidden(charts, tmp_path):
    key = charts.json("status")["files"][0]["documents"][0]
    charts("show", key, "--image", tmp_path / "framed", "--redacted", tmp_path / "hidden")
    (framed,), (hidden,) = ((tmp_path / n).glob("*.png") for n in ("framed", "hidden"))
    words = {w["t"].strip(",.").lower(): w["box"] for w in _document(charts)["pages"][0]["words"]}
    name, problem = (_middle(words[word], hidden) for word in ("hargrove", "hypertension"))
    with Image.open(hidden) as page:
        assert _extremes(page, name) == (0, 0)
        assert _extremes(page, problem)[1] > 200
    with Image.open(framed) as page:
        assert (192, 57, 43) in {colour for _, colour in page.getcolors(1 << 24)}


def _middle(box, picture):
    """The inner part of a word's box on the picture, in pixels."""
    with Image.open(picture) as page:
        width, height = page.size
    x0, y0, x1, y1 = box
    return int(x0 * width) + 2, int(y0 * height) + 2, int(x1 * width) - 2, int(y1 * height) - 2


def _extremes(page, box):
    """The darkest and the lightest value of the red of what is printed there."""
    return page.crop(box).getextrema()[0]


def test_the_program_says_its_version(charts):
    assert charts("--version", at_home=False).strip() == __version__
