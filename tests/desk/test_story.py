"""The whole story in a browser: a scan is dropped, found on its ink, coded and signed."""

import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import date

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Role
from digitizer.chart.review import Action
from digitizer.config import find_home
from digitizer.operations.chart import chart_in
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.house import open_house
from digitizer.operations.knowledge import open_codes
from digitizer.operations.sign_off import sign_off
from digitizer.store import people
from tests import charts, scans
from tests.desk.running import PASSWORD, browsing, log_in, person, serving, shot
from tests.program import Program

pytestmark = [pytest.mark.slow]

SECOND = (
    "LAKEVIEW FAMILY MEDICINE",
    "PROGRESS NOTE",
    "Patient Name: Okafor, Dana   MRN: 441-20-77",
    "DOB: 09/02/1948   Sex: Female",
    "Date of Service: 03/05/2022   Provider: Susan Pell, DO",
    "ASSESSMENT",
    "Gout. Type 2 diabetes mellitus. Asthma.",
    "Denies chest pain.",
)

_THIRD = ("PROGRESS NOTE", "Patient Name: Lindqvist, Maja   MRN: 618-40-22", "Asthma.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """(program, address): two charts digitized, one file refused, three people."""
    program = Program(tmp_path_factory.mktemp("home"))
    scans.pdf(program.inbox / "visit.pdf", [scans.page(), scans.page(("Page 2 of 2",))])
    scans.page(SECOND).save(program.inbox / "second.png")
    strange = ("Patient Name: Okafor, Dana   MRN: 441-20-77", "Page 2 of 2", "Psoriasis.")
    scans.pdf(program.inbox / "stack.pdf", [scans.page(_THIRD), scans.page(strange)])
    (program.inbox / "letter.docx").write_bytes(b"PK\3\4 not a scan")
    program("run", "--once")
    person(program, "cora", Role.CODER, Role.TECHNICIAN)
    person(program, "ben", Role.CODER)
    person(program, "ada", Role.ADMINISTRATOR)
    with serving(program) as address:
        yield program, address


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def page(browser):
    """A fresh window that fails the test on any script error or refused resource."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if "Security Policy" in m.text else None)
    yield page
    context.close()
    assert faults == []


def _search(page, address, words):
    page.goto(f"{address}/search")
    page.fill("#query", words)
    page.press("#query", "Enter")
    page.wait_for_selector("#results .summary")


def _open(page, address, words):
    _search(page, address, words)
    page.click(".snippet a")
    page.wait_for_selector("#scan")


def _ink_of(program, word):
    """The box of a word as the export says, in fractions of the page."""
    for file in program.json("status")["files"]:
        for key in file["documents"]:
            for printed in program.json("show", key)["pages"]:
                for one in printed["words"]:
                    if one["t"].strip(".,") == word:
                        return one["box"]
    raise AssertionError(word)


def test_a_search_leads_to_the_words_on_the_ink_and_no_address_tells_of_it(desk, page):
    program, address = desk
    log_in(page, address, "cora")
    _search(page, address, "chest pain")
    shot(page, "search")
    assert page.locator("mark").all_inner_texts()[:2] == ["chest", "pain"]
    page.click(".hit:has-text('Hargrove') .snippet a")
    page.wait_for_selector("#scan")
    page.wait_for_load_state("networkidle")
    hits = page.locator(".paper .hit")
    assert hits.count() == 2
    paper, hit = page.locator(".paper").bounding_box(), hits.first.bounding_box()
    left, top, right, bottom = _ink_of(program, "chest")
    assert (hit["x"] - paper["x"]) / paper["width"] == pytest.approx(left, abs=0.004)
    assert (hit["y"] - paper["y"]) / paper["height"] == pytest.approx(top, abs=0.004)
    assert hit["width"] / paper["width"] == pytest.approx(right - left, abs=0.006)
    assert hit["height"] / paper["height"] == pytest.approx(bottom - top, abs=0.006)
    assert not re.search("chest|pain|hargrove", page.url, re.I)


def test_a_search_for_a_code_leads_to_the_words_that_prove_it(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    _search(page, address, "code:E11")
    page.click(".hit:has-text('Okafor') .snippet a")
    page.wait_for_selector("#scan")
    marked = page.locator(".text .hit").all_text_contents()
    assert marked == ["Type", "2", "diabetes", "mellitus."]
    assert page.locator(".paper .hit").count() == len(marked)


def test_badly_read_pages_are_found_by_a_field(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    for percent, least in (("100", 1), ("5", 0)):
        page.goto(f"{address}/search")
        page.click(".filters summary")
        page.fill("[name=below]", percent)
        page.click("button.main")
        page.wait_for_selector("#results .summary")
        assert (page.locator(".hit").count() > 0) == bool(least)
        expect(page.locator("#query")).to_have_value("")


def test_a_search_is_kept_and_made_again(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    _search(page, address, "chest pain")
    page.fill("[name=name]", "pain in the chest")
    page.click("text=Keep")
    page.wait_for_selector(".kept")
    page.click(".kept >> text=pain in the chest")
    expect(page.locator("#query")).to_have_value("chest pain")
    expect(page.locator("mark").first).to_have_text("chest")
    page.goto(f"{address}/search")
    shot(page, "kept")
    assert _violations(page) == []
    page.click("text=Forget")
    expect(page.locator(".kept")).to_have_count(0)


def test_a_coder_decides_by_keyboard_and_signs_off(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    shot(page, "worklist")
    _open(page, address, "Okafor diabetes")
    page.wait_for_selector(".code.open")
    first = page.locator(".code.open").first.get_attribute("data-id")
    page.keyboard.press("Enter")
    page.wait_for_selector(".paper .mark")
    shot(page, "chart")
    page.keyboard.press("a")
    page.wait_for_selector(f".code.accepted[data-id='{first}']")
    page.keyboard.press("x")
    page.keyboard.press("4")
    page.wait_for_selector(".code.rejected")
    page.keyboard.press("u")
    expect(page.locator(".code.rejected")).to_have_count(0)
    while page.locator(".code.open").count():
        left = page.locator(".code.open").count()
        page.keyboard.press("a")
        expect(page.locator(".code.open")).to_have_count(left - 1)
    page.locator("#as-text").click()
    page.locator(".text .w", has_text="diabetes").first.click()
    page.keyboard.press("n")
    page.fill("#term", "long term use of insulin")
    page.click("[data-pick='Z79.4']")
    page.wait_for_selector(".code.added")
    signed = page.url
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(lambda url: url.split("?")[0] != signed.split("?")[0])
    page.goto(f"{address}/worklist?everyone=true")
    expect(page.locator("tr", has_text="2022-03-05")).to_contain_text("coded")


def test_codes_are_put_in_sequence_and_what_was_withheld_is_taken_with_a_reason(desk, page):
    program, address = desk
    person(program, "carl", Role.CODER)
    log_in(page, address, "carl")
    _open(page, address, "Lindqvist")
    page.wait_for_selector(".code[aria-current]")
    page.keyboard.press("a")
    page.wait_for_selector(".code.accepted")
    page.locator("#as-text").click()
    page.locator(".text .w", has_text="Asthma").click()
    page.keyboard.press("n")
    page.fill("#term", "Z79.4")
    page.click("[data-pick='Z79.4']")
    page.wait_for_selector(".code.added[data-place='2']")
    page.locator(".code.added").click()
    page.keyboard.press("<")
    page.wait_for_selector(".code.added[data-place='1']")
    page.keyboard.press("<")  # it is the first already
    page.keyboard.press(">")
    page.wait_for_selector(".code.added[data-place='2']")
    page.locator("#as-text").click()
    for _ in range(4):
        page.keyboard.press("u")
    expect(page.locator(".code.open")).to_have_count(1)
    _open(page, address, "Hargrove")
    denied = page.locator(".code.withheld", has_text="asthma").first
    denied.click()
    page.keyboard.press("a")
    expect(page.locator("#words-title")).to_contain_text("negated")
    page.fill("#words", "the family doctor treats it")
    page.click("#words-ok")
    expect(page.locator(".code.accepted", has_text="sthma")).to_have_count(1)
    page.keyboard.press("u")
    expect(denied).to_be_visible()


def test_words_are_found_within_the_chart_and_shown_where_they_stand(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code[aria-current]")
    page.keyboard.press("f")
    page.keyboard.type("Page 2")
    page.keyboard.press("Enter")
    expect(page.locator("#found-in .summary")).to_have_text("1 place")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#sheet[data-page='2']")
    expect(page.locator(".text .mark")).to_have_text(["Page", "2"])
    shot(page, "find")
    assert _violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#found-in")).to_be_empty()
    page.fill("#find-words", "CHEST  pain")
    page.press("#find-words", "Enter")
    expect(page.locator("#found-in mark")).to_have_text(["chest pain"])
    page.fill("#find-words", "psoriasis")
    page.press("#find-words", "Enter")
    expect(page.locator("#found-in")).to_contain_text("Not in this chart")
    assert "chest" not in page.url


def test_keys_are_changed_for_this_browser_and_two_never_share_one(desk, page):
    _, address = desk
    log_in(page, address, "ben")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code.open")
    page.keyboard.press("?")
    page.click("[data-key-of=next]")
    page.keyboard.press("a")
    expect(page.locator("#keys-said")).to_contain_text("taken")
    page.click("[data-key-of=next]")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector(".code[aria-current]")
    first = page.locator(".code[aria-current]").get_attribute("data-id")
    page.keyboard.press("j")
    assert page.locator(".code[aria-current]").get_attribute("data-id") == first
    page.keyboard.press("s")
    assert page.locator(".code[aria-current]").get_attribute("data-id") != first


def test_a_screen_that_nobody_works_at_hides_the_chart_and_then_leaves_it(desk, page):
    _, address = desk
    page.clock.install()
    log_in(page, address, "ben")
    _open(page, address, "Hargrove")
    page.clock.run_for(4 * 60_000)
    expect(page.locator("#blank")).to_be_hidden()
    page.keyboard.press("j")
    page.clock.run_for(4 * 60_000)
    expect(page.locator("#blank")).to_be_hidden()
    page.clock.run_for(2 * 60_000)
    expect(page.locator("#blank")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#blank")).to_be_hidden()
    page.clock.run_for(16 * 60_000)
    expect(page).to_have_url(f"{address}/login")


def test_two_people_on_one_chart_the_later_sees_what_changed(desk, browser, page):
    _, address = desk
    log_in(page, address, "cora")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code")
    other = browser.new_context().new_page()
    log_in(other, address, "ben")
    _open(other, address, "Hargrove")
    other.wait_for_selector(".code[aria-current]")
    other.keyboard.press("a")
    other.wait_for_selector(".code.accepted")
    page.locator(".code").first.click()
    page.keyboard.press("x")
    page.keyboard.press("1")
    page.wait_for_selector("#panel .error[role=alert]")
    expect(page.locator("#panel .error[role=alert]")).to_contain_text("ben: accept")
    assert page.locator(".code.rejected").count() == 0
    other.context.close()


def test_a_correction_is_kept_beside_what_was_read(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code[aria-current]")
    page.click(".banner [data-do=correct]")
    page.select_option("#correct-form [name=target]", "dob")
    page.fill("#correct-form [name=value]", "13.4.1959")
    page.click("#correct-form button.main")
    page.wait_for_selector("#message .error")
    page.click(".banner [data-do=correct]")
    page.fill("#correct-form [name=value]", "1959-04-14")
    page.click("#correct-form button.main")
    expect(page.locator(".banner")).to_contain_text("born 1959-04-14")
    page.click("#tab-history")
    expect(page.locator(".history")).to_contain_text("correct")


def test_pages_are_split_turned_and_checked_on_the_light_table_and_undone(desk, page):
    _, address = desk
    log_in(page, address, "cora")
    _open(page, address, "Hargrove")
    page.click("text=Pages and paper")
    page.wait_for_selector(".leaf[aria-current]")
    groups = page.locator(".group")
    expect(groups).to_have_count(1)
    for key in ("ArrowRight", "s"):
        page.keyboard.press(key)
    expect(groups).to_have_count(2)
    page.keyboard.press("j")
    expect(groups).to_have_count(1)
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(page.locator("#paper")).to_contain_text("4 steps so far")
    expect(groups).to_have_count(1)
    page.keyboard.press("g")
    expect(page.locator(".leaf.good")).to_have_count(1)
    page.keyboard.press("b")
    page.keyboard.press("1")
    expect(page.locator(".leaf.again")).to_contain_text("cut off")
    expect(page.locator("#paper")).to_contain_text("scan again: page 1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("g")
    expect(page.locator("#paper")).to_contain_text("the paper may go")
    page.keyboard.press("t")
    expect(page.locator(".leaf[aria-current] img")).to_have_attribute("src", re.compile("turn=90"))
    page.keyboard.press("u")
    expect(page.locator("#paper")).to_contain_text("9 steps so far")
    page.fill("#stow-at", "box 12, shelf B")
    page.press("#stow-at", "Enter")
    expect(page.locator("#paper")).to_contain_text("10 steps so far")
    page.reload()
    expect(page.locator("#stow-at")).to_have_value("box 12, shelf B")
    shot(page, "paper")
    page.goto(f"{address}/papers?show=may_go&place=box+12")
    expect(page.locator("tbody tr")).to_contain_text("visit.pdf")
    page.click("text=Check the next scan")
    page.wait_for_selector(".leaf[aria-current]")
    expect(page.locator("h1")).not_to_contain_text("visit.pdf")


def test_a_second_reviewer_codes_a_signed_chart_blind_and_sees_the_agreement(desk, page):
    program, address = desk
    person(program, "olga", Role.AUDITOR)
    log_in(page, address, "olga")
    page.goto(f"{address}/second")
    page.fill("#percent", "100")
    page.click("button.main")
    page.click(".kept a")
    page.wait_for_selector(".code[aria-current]")
    assert page.locator(".code.accepted, .history").count() == 0
    page.keyboard.press("a")
    expect(page.locator(".code [name=codes]").first).to_be_checked()
    page.fill("#blind-term", "long term use of insulin")
    page.click("#blind-found [data-pick='Z79.4']")
    expect(page.locator("#more-codes")).to_have_value("Z79.4")
    shot(page, "blind")
    assert _violations(page) == []
    page.click("text=Done with this chart")
    expect(page.locator("main")).to_contain_text("Cohen’s kappa")
    shot(page, "second")
    assert _violations(page) == []


def test_the_administrator_adds_a_person_and_sees_the_trail_but_no_chart(desk, page):
    _, address = desk
    log_in(page, address, "ada")
    page.goto(f"{address}/people")
    shot(page, "people")
    page.fill("form[action='/people/add'] [name=name]", "eve")
    page.check("form[action='/people/add'] [value=auditor]")
    page.click("form[action='/people/add'] button")
    expect(page.locator(".notice")).to_contain_text("eve logs in with")
    page.goto(f"{address}/audit")
    expect(page.locator("tbody tr").first).to_contain_text("user added")
    page.click("text=Look for changes")
    expect(page.locator("#verdict")).to_contain_text("each in its place")
    shot(page, "audit")
    page.goto(f"{address}/dashboard")
    plot = page.locator(".plots .card")
    expect(plot.filter(has_text="Files a day")).to_contain_text("3")
    waiting = plot.filter(has_text="wait for a coder").locator("tr", has_text="under an hour")
    expect(waiting.locator("td").last).not_to_have_text("0")
    shot(page, "dashboard")
    page.goto(f"{address}/worklist")
    expect(page.locator("main")).to_contain_text("may not view")


def test_a_query_that_leads_is_refused_where_the_person_is_looking(desk, page):
    _, address = desk
    log_in(page, address, "ben")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code[aria-current]")
    page.keyboard.press("q")
    page.fill("#query-form [name=to]", "Dr Pell")
    page.select_option("#query-form [name=template]", "meaning")
    page.fill("#query-form [name=options]", "please confirm diabetes\nno diabetes")
    page.click("#query-form button.main")
    said = page.locator("#dialog-query .said .error")
    expect(said).to_contain_text("leads")
    expect(page.locator("#message")).to_be_empty()
    page.fill("#query-form [name=options]", "")
    page.click("#dialog-query form[method=dialog] button")
    expect(said).to_have_count(0)
    page.locator(".code[aria-current]").focus()
    page.keyboard.press("x")
    page.keyboard.press("7")
    expect(page.locator("#reject-text")).to_be_focused()
    page.keyboard.type("not this visit")
    page.keyboard.press("Enter")
    expect(page.locator(".code.rejected")).to_contain_text("not this visit")
    page.keyboard.press("u")
    expect(page.locator(".code.rejected")).to_have_count(0)
    page.locator(".code.withheld").first.click()
    page.keyboard.press("p")
    page.wait_for_selector("#message .error")
    page.keyboard.press("m")
    page.fill("#words", "asked by telephone")
    page.click("#words-ok")
    expect(page.locator("#pane-codes .note", has_text="by telephone")).to_have_count(1)
    expect(page.locator("#message")).to_be_empty()


def test_the_intake_board_shows_the_refused_file_and_an_upload_live(desk, page, tmp_path):
    program, address = desk
    daemon = program.start()
    log_in(page, address, "cora")
    page.goto(f"{address}/intake")
    expect(page.locator(".refused")).to_contain_text("letter.docx")
    path = tmp_path / "<img src=x onerror=alert(1)>.png"
    scans.page(("Assessment: Psoriasis.",), dpi=110).save(path)
    page.set_input_files("#files", path)
    page.click("#upload button.main")
    row = page.locator("tr", has_text="onerror")
    expect(row.locator(".chip")).to_have_text("digitized", timeout=60_000)
    shot(page, "intake")
    page.fill("[name=because]", "a letter, no chart")
    page.click("button:has-text('Discard')")
    expect(page.locator(".refused")).to_have_count(0)
    daemon.terminate()
    daemon.wait(30)
    daemon.stderr.close()


def test_one_time_codes_are_set_up_and_asked_and_taken_once(desk, browser):
    program, address = desk
    person(program, "dora", Role.CODER)
    page = log_in(browser.new_context().new_page(), address, "dora")
    page.goto(f"{address}/account")
    page.click("text=Set up")
    secret = page.inner_text("#secret")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("text=Use one-time codes")
    page.wait_for_selector("text=asked at each login")
    page.click("text=Log out")

    def enter(code):
        page.goto(f"{address}/login")
        page.fill("[name=name]", "dora")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=code]", code)
        page.click("button.main")
        page.wait_for_load_state()
        return not page.url.endswith("/login")

    later = pyotp.TOTP(secret).at(time.time() + 30)
    assert [enter(""), enter(later), enter(later)] == [False, True, False]
    page.context.close()


def test_a_misfile_is_compared_side_by_side_and_settled(desk, page, tmp_path):
    _, address = desk
    log_in(page, address, "cora")
    page.goto(f"{address}/misfiles")
    page.click("tbody a")
    page.wait_for_load_state("networkidle")
    sides = page.locator(".sides .card")
    drawn = "images => images.every((one) => one.complete && one.naturalWidth > 0)"
    assert page.locator(".pictures img").evaluate_all(drawn)
    expect(sides).to_have_count(3)
    expect(sides.nth(0)).to_contain_text("Dana Okafor")
    expect(sides.nth(1)).to_contain_text("Lindqvist")
    expect(sides.nth(2)).to_contain_text("1948-09-02")
    shot(page, "misfile")
    assert _violations(page) == []
    page.click("text=A document of its own")
    expect(page.locator("main")).to_contain_text("None waits")


def test_two_records_of_one_patient_are_merged_seen_everywhere_and_parted(desk, page):
    program, address = desk
    person(program, "rita", Role.REGISTRAR)
    log_in(page, address, "rita")
    _open(page, address, "Lindqvist")
    page.click("text=Patient’s records")
    assert "618-40" not in page.url
    page.fill("#other", "441-20-77")
    page.click("button:text-is('Show')")
    expect(page.locator(".notice").first).to_contain_text("Look twice")
    page.fill("[name=because]", "changed her name, seen in person")
    shot(page, "patients")
    assert _violations(page) == []
    page.click("button:has-text('Merge into 618-40-22')")
    expect(page.locator("tbody tr")).to_contain_text("441-20-77")
    program("run", "--once")  # feeds the index
    _search(page, address, "mrn:441-20-77")
    expect(page.locator(".hit", has_text="Lindqvist")).to_have_count(1)
    expect(page.locator(".hit", has_text="Dana Okafor").first).to_contain_text("MRN 618-40-22")
    page.click(".hit:has-text('Dana Okafor') .snippet a")
    expect(page.locator(".banner")).to_contain_text("also 441-20-77")
    page.goto(f"{address}/worklist?everyone=true")
    expect(page.locator("main")).to_contain_text("also 441-20-77")
    page.goto(f"{address}/patients")
    page.fill("[placeholder=why]", "two people after all")
    page.click("button:text-is('Part')")
    expect(page.locator("tr.gone")).to_contain_text("two people after all")
    assert _violations(page) == []


def test_a_question_about_two_records_is_looked_into_and_answered_once(desk, page):
    program, address = desk
    person(program, "rolf", Role.REGISTRAR)
    alike = PatientRef(name="Dana Okafor", mrn="441-20-71", dob=date(1948, 9, 2))
    with open_house(find_home(program.home)) as house:
        charts.keep(house.store, replace(charts.document(), patient=alike))
    log_in(page, address, "rolf")
    page.goto(f"{address}/patients")
    asked = page.locator("tr", has_text="hardly differ").or_(page.locator("tr", has_text="agree"))
    row = asked.filter(has_text="441-20-71")
    expect(row).to_contain_text("441-20-77")
    shot(page, "questions")
    assert _violations(page) == []
    row.locator("a").first.click()
    expect(page.locator(".banner")).to_contain_text("Dana Okafor")
    page.go_back()
    row.locator("button").click()
    assert page.url == f"{address}/patients"
    expect(page.locator("main")).to_contain_text("441-20-71")
    theirs = page.locator("form", has_text="Two patients?")
    theirs.locator("[name=because]").fill("twins, both seen in person")
    theirs.locator("button").click()
    expect(page.locator("tr.gone", has_text="twins")).to_contain_text("rolf")
    expect(row).to_have_count(0)


_SCREENS = (
    "/login",
    "/worklist?everyone=true",
    "/search",
    "/intake",
    "/misfiles",
    "/papers",
    "/account",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_is_accessible(desk, page, theme):
    program, address = desk
    page.emulate_media(color_scheme=theme)
    page.goto(f"{address}/login")
    found = {"/login": _violations(page)}
    log_in(page, address, "cora")
    for path in _SCREENS[1:]:
        page.goto(address + path)
        found[path] = _violations(page)
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code")
    found["chart"] = _violations(page)
    for tab in ("findings", "queries", "history"):
        page.click(f"#tab-{tab}")
        if tab == "findings":
            expect(page.locator("#pane-findings tr.negated")).to_contain_text("asthma")
        found[tab] = _violations(page)
    page.goto(f"{address}/scan/1")
    page.wait_for_selector(".leaf[aria-current]")
    found["paper"] = _violations(page)
    page.click("[data-closer]")
    found["closer"] = _violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    found["again"] = _violations(page)
    page.keyboard.press("Escape")
    page.click("[data-open=keys]")
    found["keys"] = _violations(page)
    page.keyboard.press("Escape")
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code[aria-current]")
    for key, dialog in (("x", "reject"), ("r", "code"), ("m", "words"), ("q", "query")):
        page.keyboard.press(key)
        page.wait_for_selector(f"#dialog-{dialog}[open]")
        found[dialog] = _violations(page)
        page.click(f"#dialog-{dialog} form[method=dialog] button")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.locator(".code[aria-current]").focus()
    page.click(".banner [data-do=correct]")
    found["correct"] = _violations(page)
    page.keyboard.press("Escape")
    page.fill("#find-words", "asthma")
    page.press("#find-words", "Enter")
    page.wait_for_selector("#found-in .evidence")
    found["find"] = _violations(page)
    page.evaluate("document.querySelector('#blank').showModal()")
    found["blank"] = _violations(page)
    _search(page, address, "asthma")
    found["results"] = _violations(page)
    page.goto(f"{address}/no-such-page")
    found["error"] = _violations(page)
    page.goto(f"{address}/search")
    page.click("text=Log out")
    person(program, f"all-{theme}", *Role)
    log_in(page, address, f"all-{theme}")
    for path in (
        "/people",
        "/audit",
        "/dashboard",
        "/second",
        "/cases?what=all",
        f"/patients?chart={_first(program)}",
    ):
        page.goto(address + path)
        found[path] = _violations(page)
    page.goto(f"{address}/misfiles/{_first(program)}")
    found["misfile"] = _violations(page)
    page.goto(f"{address}/chart/{_sign_one(program)}")
    page.click("[data-do=reopen]")
    found["reopen"] = _violations(page)
    page.goto(f"{address}/second")
    page.fill("#percent", "100")
    page.click("button.main")
    page.click(".kept a")
    page.wait_for_selector(".code[aria-current]")
    found["blind"] = _violations(page)
    assert {screen: faults for screen, faults in found.items() if faults} == {}


def _sign_one(program):
    """The id of a chart that somebody else has signed, as `second.png` is where all tests run."""
    listed = program.json("status")["files"]
    key = next(f["documents"][0] for f in listed if f["name"] == "second.png")
    home = find_home(program.home)
    with open_house(home) as house, closing(open_codes(home)) as codes:
        with house.store.read() as tx:
            ben = people.by_name(tx, "ben", time.time())
            chart = chart_in(tx, key)
        if chart.versions:
            return key
        for line in chart.coding.lines:
            if line.state == "open":
                seen, take = chart.review.version, Proposal(action=Action.ACCEPT, target=line.id)
                chart = decide(house, codes, ben, key, seen, take, now=time.time())
        sign_off(house, ben, key, chart.review.version)
    return key


def _first(program):
    """The id of a chart that names its patient."""
    listed = program.json("status")["files"]
    return next(f["documents"][0] for f in listed if f["name"] == "visit.pdf")


def test_on_a_ward_pc_at_200_percent_page_and_codes_stand_side_by_side(desk, page):
    program, address = desk
    page.set_viewport_size({"width": 1366 // 2, "height": 768 // 2})
    person(program, "zoe", *Role)
    log_in(page, address, "zoe")
    for path in (*_SCREENS[1:], "/scan/1", "/second", "/patients", "/audit", "/people"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    _open(page, address, "Hargrove")
    page.wait_for_selector(".code[aria-current]")
    line, sheet = page.locator(".code[aria-current]"), page.locator("#sheet")
    expect(line).to_be_in_viewport(ratio=0.9)
    expect(sheet).to_be_in_viewport(ratio=0.9)
    assert sheet.bounding_box()["x"] < line.bounding_box()["x"]
    shot(page, "chart-200")


def _violations(page):
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    answer = Axe().run(page, options=options).response
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in answer["violations"]]
