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


def _command_lines(root, seen, stop):
    """Every argument of every process below `root`, looked at again and again."""
    while not stop.wait(0.02):
        for pid in family(root):
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


def test_no_word_of_a_chart_is_seen_outside_the_store(tmp_path, monkeypatch):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    program = Program(tmp_path / "home")
    person(program, "cora", Role.CODER, Role.TECHNICIAN)
    monkeypatch.setenv("TMPDIR", str(scratch))
    daemon = program.start()
    arguments, stop = set(), threading.Event()
    watcher = threading.Thread(target=_command_lines, args=(daemon.pid, arguments, stop))
    watcher.start()
    scans.page(LINES).save(program.inbox / "scan.png")
    wait_for(lambda: program.states() == {"scan.png": "digitized"})
    addresses, logs = [], []
    with serving(program, logs=logs) as address, _browser(monkeypatch) as browser:
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
