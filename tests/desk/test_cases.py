"""The cancer registry: scans are dropped, cases are found, looked at, settled and followed up."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from digitizer.chart.people import Role
from tests import scans
from tests.desk.running import PASSWORD, browsing, log_in, person, serving, shot
from tests.program import Program

pytestmark = [pytest.mark.slow]

PATHOLOGY = (
    "SURGICAL PATHOLOGY REPORT",
    "Patient Name: Okafor, Dana   MRN: 441-20-77",
    "DOB: 09/02/1948   Sex: Female",
    "Date Collected: 03/05/2022   Pathologist: Susan Pell, MD",
    "FINAL DIAGNOSIS",
    "Left breast, core biopsy:",
    "Invasive ductal carcinoma, Nottingham grade 2.",
    "AJCC stage: pT1c pN0",
)
VISIT = (
    "PROGRESS NOTE",
    "Patient Name: Okafor, Dana   MRN: 441-20-77",
    "DOB: 09/02/1948   Sex: Female",
    "Date of Service: 06/11/2022   Provider: Susan Pell, DO",
    "ASSESSMENT",
    "Gout. Breast cancer, left, on letrozole.",
)
NOBODY = (
    "PROGRESS NOTE",
    "Patient Name: Hargrove, Rajesh   MRN: 887-96-68",
    "DOB: 04/13/1959   Sex: Male",
    "Date of Service: 01/24/2022   Provider: Susan Pell, DO",
    "FAMILY HISTORY",
    "Mother had breast cancer.",
    "ASSESSMENT",
    "Hypertension. No evidence of lung cancer. Prostate cancer ruled out.",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("home"))
    for name, lines in (("pathology", PATHOLOGY), ("visit", VISIT), ("nobody", NOBODY)):
        scans.page(lines).save(program.inbox / f"{name}.png")
    program("run", "--once")
    person(program, "rhea", Role.REGISTRAR)
    person(program, "cora", Role.CODER)
    return program


def _registrar(program, *arguments, code=0):
    return program(*arguments, "--as", "rhea", stdin=PASSWORD + "\n", code=code)


def test_two_charts_of_one_tumor_are_one_case_and_who_has_none_is_not_listed(program):
    listed = program.json("cases", "list", "--as", "rhea", stdin=PASSWORD + "\n")["cases"]
    assert [case["patient"]["mrn"] for case in listed] == ["441-20-77"]
    (case,) = listed
    assert len(case["told"]) == 2
    tumor = case["tumor"]
    assert tumor["site"]["code"].startswith("C50")
    assert (tumor["laterality"], tumor["behavior"]) == ("left", "malignant")
    said = {each["aspect"]: each["value"] for each in tumor["said"]}
    assert said == {
        "histology": "infiltrating duct carcinoma",
        "grade": "Nottingham grade 2",
        "TNM": "pT1c N0",
    }
    assert (case["found"], case["contact"], case["due"]) == (
        "2022-03-05",
        "2022-06-11",
        "2023-06-11",
    )
    assert case["follow_up"] == "delinquent"
    assert "Invasive ductal carcinoma" in _registrar(program, "cases", "show", case["id"])


def test_only_who_keeps_the_registry_sees_it(program):
    refused = program.run("cases", "list", "--as", "cora", stdin=PASSWORD + "\n")
    assert refused.returncode == 2
    assert "may not register" in refused.stderr


def test_a_registrar_finds_a_case_sees_the_words_and_settles_it(program):
    with serving(program) as address, browsing() as browser:
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        log_in(page, address, "rhea")
        page.click("nav >> text=Cases")
        row = page.locator("table.list tr", has_text="Dana Okafor")
        expect(row).to_contain_text("Nottingham grade 2")
        expect(row.locator(".chip")).to_have_text("delinquent")
        shot(page, "cases")
        assert _violations(page) == []
        row.locator("a").click()
        expect(page.locator("main")).to_contain_text("“Invasive ductal carcinoma”")
        shot(page, "case")
        assert _violations(page) == []
        page.select_option("[name=verdict]", "not reportable")
        page.click("text=Keep the verdict")
        expect(page.locator("main")).to_contain_text("say why")
        page.go_back()
        page.select_option("[name=verdict]", "abstracted")
        page.fill("[name=contact]", time.strftime("%Y-%m-%d"))
        page.click("text=Keep the verdict")
        expect(page.locator("h2", has_text="Verdict")).to_have_text("Verdict: abstracted")
        page.goto(f"{address}/cases")
        expect(page.locator(".empty")).to_contain_text("No case waits")
        page.goto(f"{address}/cases?what=due")
        expect(page.locator(".empty")).to_contain_text("Nobody")
        page.goto(f"{address}/cases?what=all")
        with page.expect_download() as came:
            page.click("text=Export this list")
        assert "Okafor" in came.value.path().read_text(encoding="utf-8-sig")
        page.click("table.list a")
        page.click("text=page 1")
        page.wait_for_selector("#scan")
    assert "abstracted" in _registrar(program, "cases", "list", "--what", "all", "--csv")
    trail = {event["action"] for event in program.json("audit", "list")["events"]}
    assert {"list cases", "view case", "settle case", "export cases"} <= trail


def _violations(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return [fault["id"] for fault in found.response["violations"]]
