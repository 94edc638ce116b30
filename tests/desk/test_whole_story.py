"""The whole story in one go: log in with a code, drop scans, search, code, ask, sign, go on."""

import base64
import io
import os
import re
import signal
import time
from pathlib import Path

import pyotp
import pytest
from PIL import ImageFont
from playwright.sync_api import expect

from digitizer.chart.people import Role
from digitizer.config import find_home
from digitizer.operations.house import open_house
from digitizer.store import audit
from tests import scans
from tests.desk.running import PASSWORD, browsing, log_in, person, serving, shot
from tests.program import Program, wait_for

pytestmark = [pytest.mark.slow]

DPI = 150
SAYS = "The patient has hypertension and reports chest pain for two days."
STAY = (
    "LAKEVIEW HOSPITAL",
    "PROGRESS NOTE",
    "Patient Name: Okafor, Dana   MRN: 441-20-77",
    "DOB: 09/02/1948   Sex: Female",
    "Date of Service: 03/05/2022   Provider: Susan Pell, DO",
    "HISTORY OF PRESENT ILLNESS",
    SAYS,
    "ASSESSMENT",
    "Gout. Asthma. Migraine. Type 2 diabetes mellitus. Lives alone.",
)
OTHER = ("PROGRESS NOTE", "Patient Name: Lindqvist, Maja   MRN: 618-40-22", "Assessment: Asthma.")
BEHIND = ("Page 2 of 3", "Nothing further."), ("Page 3 of 3", "End of the note.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """(program, address, secret of cora's codes), with the daemon running."""
    program = Program(tmp_path_factory.mktemp("home"))
    person(program, "cora", Role.CODER, Role.TECHNICIAN)
    daemon = program.start()
    with serving(program) as address:
        yield program, address
    daemon.terminate()
    daemon.communicate(timeout=30)


def _gold(words, line):
    """Where `words` were printed on a page of STAY, in fractions of the page."""
    font = ImageFont.load_default(size=DPI * 12 / 72)
    before = STAY[line][: STAY[line].index(words)]
    left = DPI + font.getlength(before)
    x0, y0, x1, y1 = font.getbbox(words)
    top = DPI + line * DPI // 4
    wide, high = 8.5 * DPI, 11 * DPI
    return (left + x0) / wide, (top + y0) / high, (left + x1) / wide, (top + y1) / high


def _log_in_with_code(page, address):
    """Cora sets one-time codes up, and logs in again with one."""
    log_in(page, address, "cora")
    page.goto(f"{address}/account")
    page.click("text=Set up")
    code = pyotp.TOTP(page.inner_text("#secret"))
    page.fill("[name=code]", code.now())
    page.click("text=Use one-time codes")
    page.wait_for_selector("text=asked at each login")
    page.click("text=Log out")
    page.fill("[name=name]", "cora")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", code.at(time.time() + 30))  # the one of now was used
    page.click("button.main")
    page.wait_for_url("**/worklist")


def _drop(page, name, image):
    """Drag a file onto the page."""
    kept = io.BytesIO()
    image.save(kept, "PNG")
    page.evaluate(
        """([name, bytes]) => {
            const held = new DataTransfer();
            const raw = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
            held.items.add(new File([raw], name, { type: "image/png" }));
            for (const kind of ["dragover", "drop"])
              document.querySelector("#upload").dispatchEvent(
                new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        [name, base64.b64encode(kept.getvalue()).decode()],
    )


def _watch(page, name):
    """Everything that the board says of a file until it is done, without a reload."""
    row, said = page.locator("#board tr", has_text=name), []
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if row.count():
            cells = row.first.locator("td").all_inner_texts()
            if len(cells) > 2 and (not said or said[-1] != cells[1:3]):
                said.append(cells[1:3])
            if said and said[-1][0].startswith("digitized"):
                return said
        page.wait_for_timeout(100)
    raise AssertionError(said)


def test_the_whole_story(desk):
    program, address = desk
    with browsing() as browser:
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        _log_in_with_code(page, address)
        page.goto(f"{address}/intake")
        pages = [scans.page(STAY), *(scans.page(lines) for lines in BEHIND)]
        scans.pdf(program.inbox / "stay.pdf", pages)
        said = _watch(page, "stay.pdf")
        assert said[-1] == ["digitized", "3"]
        assert any(state != "digitized" for state, _ in said[:-1]), said
        _drop(page, "letter-from-home.png", scans.page(OTHER))
        assert _watch(page, "letter-from-home.png")[-1][0] == "digitized"
        wait_for(lambda: not program.json("status").get("waiting", 0), 30)
        _search_and_compare_with_the_ink(page, address)
        _code(page)
        _ask_and_answer(page)
        signed = page.url.split("?")[0]
        page.click("#tab-codes")
        page.keyboard.press("Shift+Enter")
        page.wait_for_url(lambda url: "/chart/" in url and url.split("?")[0] != signed)
        expect(page.locator(".banner")).to_contain_text("Lindqvist")
        page.goto(f"{address}/worklist?everyone=true&state=coded")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text("Dana Okafor")


def _search_and_compare_with_the_ink(page, address):
    page.goto(f"{address}/search")
    for _ in range(40):  # the index follows within seconds
        page.fill("#query", '"chest pain"')
        page.press("#query", "Enter")
        page.wait_for_selector("#results .summary")
        if page.locator(".snippet a").count():
            break
        page.wait_for_timeout(500)
    page.click(".snippet a")
    page.wait_for_selector("#scan")
    page.wait_for_load_state("networkidle")
    paper = page.locator(".paper").bounding_box()
    for number, word in enumerate(("chest", "pain")):
        x0, y0, x1, y1 = _gold(word, STAY.index(SAYS))
        hit = page.locator(".paper .hit").nth(number).bounding_box()
        left, top = (
            (hit["x"] - paper["x"]) / paper["width"],
            (hit["y"] - paper["y"]) / paper["height"],
        )
        right, bottom = left + hit["width"] / paper["width"], top + hit["height"] / paper["height"]
        assert (left, right) == (pytest.approx(x0, abs=0.006), pytest.approx(x1, abs=0.006)), word
        assert (top, bottom) == (pytest.approx(y0, abs=0.006), pytest.approx(y1, abs=0.006)), word


def _line(page, code):
    return page.locator(f".code[data-code='{code}']")


def _choose(page, code):
    """Lead the keys to the line of a code."""
    codes = page.locator(".code").evaluate_all(
        "lines => lines.map((one) => one.dataset.state === 'added' ? '' : one.dataset.code)"
    )
    here = page.locator(".code").evaluate_all(
        "lines => lines.findIndex((one) => one.getAttribute('aria-current'))"
    )
    steps = codes.index(code) - here
    for _ in range(abs(steps)):
        page.keyboard.press("j" if steps > 0 else "k")
    assert page.locator(".code[aria-current]").get_attribute("data-code") == code


def _code(page):
    """Accept, reject, replace and add, by keys; the mouse chooses words on the image alone."""
    page.wait_for_selector(".code[aria-current]")
    _choose(page, "M10.9")
    page.keyboard.press("a")
    expect(_line(page, "M10.9")).to_have_class(re.compile("accepted"))
    _choose(page, "J45.909")
    page.keyboard.press("x")
    page.keyboard.press("4")
    expect(_line(page, "J45.909")).to_have_class(re.compile("rejected"))
    _choose(page, "E11.9")
    page.keyboard.press("r")
    page.fill("#term", "E11.65")
    page.wait_for_selector("[data-pick='E11.65']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(_line(page, "E11.9")).to_have_class(re.compile("replaced"))
    expect(_line(page, "E11.65")).to_have_class(re.compile("added"))
    shot(page, "story-codes")
    words = [page.locator(f".text .w:text-is('{word}')") for word in ("Lives", "alone.")]
    spans = [word.first.get_attribute("data-s") for word in words]
    page.locator(f".paper rect[data-s='{spans[0]}']").click()
    page.locator(f".paper rect[data-s='{spans[1]}']").click(modifiers=["Shift"])
    page.keyboard.press("n")
    page.fill("#term", "Z60.2")
    page.wait_for_selector("[data-pick='Z60.2']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    added = _line(page, "Z60.2").filter(has=page.locator("text=added by cora"))
    expect(added.first).to_contain_text("Lives alone")
    while page.locator(".code.open").count():
        left = page.locator(".code.open").count()
        code = page.locator(".code.open").first.get_attribute("data-code")
        _choose(page, code)
        twice = page.locator(f".code.added[data-code='{code}']").count()
        for key in ("x", "6") if twice else ("a",):
            page.keyboard.press(key)
        expect(page.locator(".code.open")).to_have_count(left - 1)


def _ask_and_answer(page):
    _choose(page, "M10.9")
    page.keyboard.press("q")
    page.fill("#query-form [name=to]", "Dr Pell")
    expect(page.locator("#query-from")).to_contain_text("Gout")
    expect(page.locator("#query-options")).to_have_value(re.compile("Idiopathic gout"))
    page.select_option("#query-form [name=template]", "status")
    expect(page.locator("#query-options")).to_have_value("")
    shot(page, "story-query")
    page.click("#query-form button.main")
    expect(page.locator(".state .chip").first).to_have_text("queried")
    page.click("#tab-queries")
    page.select_option("#pane-queries [name=chosen]", "present")
    page.click("#pane-queries button:text-is('Enter the answer')")
    expect(page.locator(".state .chip").first).to_have_text("in review")


def test_what_was_refused_is_tried_again_from_the_board(desk):
    program, address = desk
    person(program, "tess", Role.TECHNICIAN)
    (program.inbox / "notes.docx").write_bytes(b"PK\3\4 not a scan")
    with browsing() as browser:
        page = browser.new_page()
        log_in(page, address, "tess")
        page.goto(f"{address}/intake")
        card = page.locator(".refused li", has_text="notes.docx")
        expect(card).to_be_visible(timeout=30_000)
        before = _refusals(program)
        card.locator("button:text-is('Try again')").click()
        wait_for(lambda: _refusals(program) != before, 30)
        expect(card).to_contain_text("unsupported type", timeout=30_000)
    with open_house(find_home(program.home)) as house, house.store.read() as tx:
        retried = [event for event in audit.every(tx) if event.action == "retry"]
    assert [event.actor for event in retried] == ["tess"]


def test_ctrl_c_stops_the_desk_under_an_open_board_without_a_word(desk):
    program, _ = desk
    person(program, "nora", Role.TECHNICIAN)
    said = []
    with serving(program, logs=said) as address, browsing() as browser:
        page = browser.new_page()
        log_in(page, address, "nora")
        with page.expect_request(lambda request: request.url.endswith("/intake/events")):
            page.goto(f"{address}/intake")
        os.kill(address.pid, signal.SIGINT)
        wait_for(lambda: _ended(address.pid), 30)
    assert "Traceback" not in "".join(said)


def _ended(pid):
    """Whether a process has ended, though nobody has asked how."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _refusals(program):
    """When each refused file was refused last."""
    listed = program.json("quarantine", "list")["files"]
    return [(each["name"], each["since"]) for each in listed]
