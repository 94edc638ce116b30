"""Renews the pictures of the README from made-up charts: `python -m tests.desk.pictures`."""

import io
import tempfile
from pathlib import Path

from PIL import Image

from digitizer.chart.people import Role
from tests import scans
from tests.desk.running import browsing, log_in, person, serving
from tests.desk.test_cases import PATHOLOGY, VISIT
from tests.program import Program

FOLDER = Path(__file__).parents[2] / "digitizer/web/pictures"
COLOURS = 128

STAY = (
    "LAKEVIEW HOSPITAL",
    "DISCHARGE SUMMARY",
    "Patient Name: Okafor, Dana   MRN: 441-20-77",
    "DOB: 09/02/1948   Sex: Female",
    "Admission Date: 03/01/2022   Discharge Date: 03/05/2022",
    "Attending: Susan Pell, DO",
    "",
    "DISCHARGE DIAGNOSES",
    "1. Acute on chronic systolic heart failure",
    "2. Type 2 diabetes mellitus with diabetic polyneuropathy",
    "3. Community acquired pneumonia",
    "4. Hyperlipidemia",
    "",
    "HOSPITAL COURSE",
    "Ms. Okafor presented with shortness of breath for three days.",
    "Denies chest pain. She was treated with furosemide and ceftriaxone.",
    "No evidence of stroke.",
    "",
    "PAST MEDICAL HISTORY",
    "Former smoker. Gout.",
    "FAMILY HISTORY",
    "Mother had breast cancer.",
    "MEDICATIONS",
    "metformin 500 mg PO twice daily",
)
BEHIND = ("Page 2 of 2", "Follow-up in two weeks.")


def _home(folder: Path) -> Program:
    """A home with two charts and a file that is no scan."""
    program = Program(folder)
    scans.pdf(program.inbox / "ward 4, discharges.pdf", [scans.page(STAY), scans.page(BEHIND)])
    scans.page().save(program.inbox / "visit.png")
    (program.inbox / "letter.docx").write_bytes(b"PK\3\4 not a scan")
    program("run", "--once")
    person(program, "cora", Role.CODER, Role.TECHNICIAN)
    return program


def _keep(page, name):
    """The screen, with few colours, so that the file is small."""
    shown = Image.open(io.BytesIO(page.screenshot()))
    FOLDER.mkdir(exist_ok=True)
    shown.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def _registry(folder: Path) -> Program:
    """A home with a pathology report and a later visit of one patient."""
    program = Program(folder)
    for name, lines in (("pathology", PATHOLOGY), ("visit", VISIT)):
        scans.page(lines).save(program.inbox / f"{name}.png")
    program("run", "--once")
    person(program, "rhea", Role.REGISTRAR)
    return program


def _take_case():
    """The case of the registry's home."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(_registry(Path(folder) / "home")) as address,
        browsing() as browser,
    ):
        page = browser.new_context(viewport={"width": 1366, "height": 860}).new_page()
        log_in(page, address, "rhea")
        page.goto(f"{address}/cases")
        page.click("table.list a")
        page.wait_for_selector("form.card")
        _keep(page, "case")


def main():
    """Take them all."""
    _take_case()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(_home(Path(folder) / "home")) as address,
        browsing() as browser,
    ):
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        log_in(page, address, "cora")
        page.goto(f"{address}/intake")
        _keep(page, "intake")
        page.goto(f"{address}/search")
        page.fill("#query", '"chest pain"')
        page.press("#query", "Enter")
        page.wait_for_selector("#results .summary")
        _keep(page, "search")
        page.goto(f"{address}/worklist")
        page.click("#next")
        page.wait_for_selector(".code[aria-current]")
        for _ in range(2):
            page.keyboard.press("a")
            page.wait_for_load_state("networkidle")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        _keep(page, "review")


if __name__ == "__main__":
    main()
