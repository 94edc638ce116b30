"""A coder's pace: forty decisions by keyboard alone, each quickly answered."""

import pytest
from playwright.sync_api import expect

from digitizer.chart.people import Role
from tests import scans
from tests.desk.running import browsing, log_in, person, serving
from tests.program import Program

pytestmark = [pytest.mark.slow]

DECISIONS = 40
MOST_MILLISECONDS = 150
PROBLEMS = (
    "Gout", "Asthma", "Hypertension", "Hypothyroidism", "Psoriasis", "Migraine", "Pneumonia",
    "Osteoporosis", "Anemia", "Atrial fibrillation", "Hyperlipidemia", "Depression", "Insomnia",
    "Cellulitis", "Epilepsy", "Glaucoma", "Obesity", "Sleep apnea", "Vertigo", "Constipation",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("home"))
    head = ("PROGRESS NOTE", "Patient Name: Okafor, Dana   MRN: 441-20-77", "ASSESSMENT")
    lines = (*head, *(f"{number}. {one}." for number, one in enumerate(PROBLEMS, 1)))
    scans.page(lines).save(program.inbox / "list.png")
    program("run", "--once")
    person(program, "cora", Role.CODER)
    with serving(program) as address:
        yield address


def test_forty_decisions_need_no_mouse_and_no_patience(desk):
    with browsing() as browser:
        page = browser.new_page()
        log_in(page, desk, "cora")
        page.keyboard.press("Tab")
        page.locator("#next").press("Enter")
        page.wait_for_selector(".code[aria-current]")
        taken = []
        page.on("requestfinished", lambda request: taken.append(request))
        for _ in range(DECISIONS):
            waiting = page.locator(".code.open").count()
            page.keyboard.press("a" if waiting else "u")
            expect(page.locator(".code.open")).to_have_count(waiting - 1 if waiting else 1)
        decided = [one for one in taken if one.url.endswith("/decide")]
        times = sorted(one.timing["responseStart"] - one.timing["requestStart"] for one in decided)
    assert len(decided) == DECISIONS
    assert times[len(times) // 2] < MOST_MILLISECONDS, times
