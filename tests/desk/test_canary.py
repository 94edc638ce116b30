"""A chart of words that occur nowhere else goes through everything; nowhere are they seen again."""

import re
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from digitizer.chart.people import Role
from tests import scans
from tests.desk.running import browsing, log_in, person, serving
from tests.program import Program, wait_for
from tests.torture.tree import family

pytestmark = [pytest.mark.slow]

CANARIES = ("Quillberry", "Zanderthorpe", "771-93-4402", "Mossgrave", "vermilioned")
LINES = (
    "PROGRESS NOTE",
    "Patient Name: Zanderthorpe, Quillberry   MRN: 771-93-4402",
    "DOB: 11/30/1961   Provider: Odo Mossgrave, MD",
    "Assessment: Gout of the vermilioned toe. Asthma.",
)


def _command_lines(roots, seen, stop):
    """Every argument of every process below `roots`, looked at again and again."""
    while not stop.wait(0.02):
        for pid in {each for root in roots for each in family(root)}:
            try:
                seen.add(Path(f"/proc/{pid}/cmdline").read_text(errors="replace"))
            except OSError:
                continue


@contextmanager
def _browser(monkeypatch):
    """The browser's own temporary files are not ours."""
    monkeypatch.delenv("TMPDIR")
    with browsing() as browser:
        yield browser


def _left_behind(scratch):
    """Names and texts of the temporary files that nobody cleared away."""
    for path in scratch.rglob("*"):
        yield path.name
        if path.is_file():
            yield path.read_text(errors="replace")


def _correct_ask_arrange_and_take_away(page, address):
    """All else that a person may do with a chart."""
    page.locator(".text .w", has_text="vermilioned").click()
    page.click(".banner [data-do=correct]")
    page.select_option("#correct-form [name=target]", "text")
    page.fill("#correct-form [name=value]", "vermilion")
    page.click("#correct-form button.main")
    page.wait_for_selector(".text .corrected")
    page.keyboard.press("q")
    page.fill("#query-form [name=to]", "Dr Mossgrave")
    page.select_option("#query-form [name=template]", "status")
    page.click("#query-form button.main")
    page.wait_for_selector(".state .chip:text-is('queried')")
    with page.expect_download() as taken:
        page.click("text=Searchable PDF")
    assert taken.value.path().stat().st_size
    page.click("text=Patient’s records")
    page.fill("#other", "771-93-4402")
    page.click("button:text-is('Show')")
    page.goto(f"{address}/search")
    page.fill("#query", "Zanderthorpe")
    page.press("#query", "Enter")
    page.fill("[name=purpose]", "asked by Quillberry")
    with page.expect_download():
        page.click("text=Export the list")
    page.goto(f"{address}/scan/1")
    page.keyboard.press("t")
    page.wait_for_load_state("networkidle")


def test_no_word_of_a_chart_is_seen_outside_the_store(tmp_path, monkeypatch):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    program = Program(tmp_path / "home")
    person(program, "cora", Role.CODER, Role.TECHNICIAN, Role.REGISTRAR)
    monkeypatch.setenv("TMPDIR", str(scratch))
    daemon = program.start()
    roots, arguments, stop = [daemon.pid], set(), threading.Event()
    watcher = threading.Thread(target=_command_lines, args=(roots, arguments, stop))
    watcher.start()
    scans.page(LINES).save(program.inbox / "scan.png")
    wait_for(lambda: program.states() == {"scan.png": "digitized"})
    addresses, logs = [], []
    with serving(program, logs=logs) as address, _browser(monkeypatch) as browser:
        roots.append(address.pid)
        page = browser.new_page()
        page.on("request", lambda request: addresses.append(request.url))
        log_in(page, address, "cora")
        page.goto(f"{address}/search")
        for query in ("Zanderthorpe", "771-93-4402", '"vermilioned toe', "Quillberry vermilioned"):
            page.fill("#query", query)
            page.press("#query", "Enter")
            page.wait_for_load_state("networkidle")
        page.click(".snippet a")
        page.wait_for_selector(".code[aria-current]")
        page.keyboard.press("a")
        page.wait_for_selector(".code.accepted")
        page.locator("#as-text").click()
        page.locator(".text .w", has_text="vermilioned").click()
        page.keyboard.press("n")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("Escape")
        _correct_ask_arrange_and_take_away(page, address)
    wait_for(lambda: "vermilion" in program("search", "vermilion", "--json"))
    stop.set()
    watcher.join()
    daemon.terminate()
    logs.append(daemon.communicate(timeout=30)[1])
    places = {
        "logs": "".join(logs),
        "arguments": "\n".join(arguments),
        "addresses": unquote("\n".join(addresses)),
        "temporary files": "\n".join(_left_behind(scratch)),
        "names in the home": "\n".join(str(path) for path in program.home.rglob("*")),
    }
    assert "tesseract" in places["arguments"]
    assert "/chart/" in places["addresses"]
    for place, text in places.items():
        found = [word for word in CANARIES if re.search(re.escape(word), text, re.I)]
        assert found == [], place
