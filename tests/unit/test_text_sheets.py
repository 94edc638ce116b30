"""What users rely on: a sheet's bar code says whose the pages behind it are; it never overrules."""

from datetime import date

import pytest

from digitizer.chart.barcode import Barcode
from digitizer.chart.geometry import Box
from digitizer.chart.page import Header, Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.sheet import Sheet, sheet_of
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.errors import ConfigError
from digitizer.text.assemble import Assemble, assemble
from digitizer.text.sheets import MISFILE_BEHIND, UNLIKE_ITS_CODE

COVER = Sheet(kind="cover", mrn="04482913", encounter="E 7|1", doc_type="consent_form").payload
EVA = PatientRef(name="Eva Lind", mrn="04482913")
JON = PatientRef(name="Jon Marsh", mrn="88002317")


def page(number, *codes, patient=EVA, kind=None, words=100):
    return Page(
        number=number,
        text=Text(content="word " * words),
        header=Header(patient=patient, doc_type=kind),
        barcodes=tuple(
            Barcode(format="QR", value=code, box=Box(0.1, 0.1, 0.2, 0.2)) for code in codes
        ),
    )


def sheet(number, *codes, kind=None, patient=PatientRef()):
    return page(number, *codes, patient=patient, kind=kind, words=9)


def numbers(documents):
    return [[page.number for page in document.pages] for document in documents]


def test_a_payload_reads_back_whatever_is_in_it():
    said = sheet_of(COVER)
    assert (said.mrn, said.encounter, said.doc_type) == ("04482913", "E 7|1", "consent_form")
    assert COVER.isascii() and COVER.count("|") == 4


@pytest.mark.parametrize("value", ["", "DGZ1", "DGZ1|label|mrn=1", "DGZ2|cover", "PATCHT"])
def test_other_values_are_no_payload(value):
    assert sheet_of(value) is None


def test_a_cover_tells_pages_that_name_nobody():
    cover, found = assemble([sheet(1, COVER), page(2, patient=PatientRef())])
    assert (cover.doc_type, cover.patient.mrn) == ("cover", "04482913")
    assert (found.patient.mrn, found.encounter, found.doc_type) == (
        "04482913", "E 7|1", "consent_form",
    )  # fmt: skip


def test_a_page_that_names_another_patient_keeps_its_own_and_is_flagged():
    _, found = assemble([sheet(1, COVER), page(2, patient=JON)])
    assert found.patient == JON and found.encounter is None
    assert MISFILE_BEHIND in found.warnings
    assert "04482913" not in str((found.warnings, found.reasons))


def test_in_a_doubtful_stack_nobodys_number_is_filled_in():
    nobody = PatientRef()
    _, *found = assemble([sheet(1, COVER), page(2, patient=JON, kind="consultation"),
                          page(3, patient=nobody, kind="lab_report")])  # fmt: skip
    assert "04482913" not in [document.patient.mrn for document in found]


def test_nothing_is_carried_over_a_separator():
    parts = [sheet(1, COVER), page(2), sheet(3, "DGZ1|separator"), page(4, patient=PatientRef())]
    found = assemble(parts)
    assert numbers(found) == [[1], [2], [3], [4]]
    assert found[2].doc_type == "separator" and not found[3].patient.known


def test_an_unread_bar_code_on_a_printed_sheet_still_parts():
    assert numbers(assemble([page(1), sheet(2, kind="separator"), page(3)])) == [[1], [2], [3]]


@pytest.mark.parametrize("value", ["04482913", "FORM-1177", "SEPARATORS"])
def test_a_sticker_on_a_page_of_a_chart_does_not_part(value):
    assert numbers(assemble([page(1), page(2, value), sheet(3, value, patient=EVA)])) == [[1, 2, 3]]


@pytest.mark.parametrize("value", ["PATCHT", "DGZ1|separator"])
def test_a_separator_stuck_to_a_page_begins_a_document_with_that_page_in_it(value):
    found = assemble([page(1), page(2, value, patient=PatientRef()), page(3)])
    assert numbers(found)[0] == [1]
    assert found[1].pages[0].number == 2 and found[1].doc_type not in ("separator", "cover")


def test_a_hospitals_own_values_are_configured():
    options = Assemble(mrn=r"K\d{4}", separators=("*NEXT*",))
    split = options.open(Resources(models=None))
    found = split([sheet(1, "X^K1234^2001-02-03", kind="cover"), page(2, patient=PatientRef()),
                   sheet(3, "*NEXT*"), page(4, patient=PatientRef())])  # fmt: skip
    assert [document.patient.mrn for document in found] == ["K1234", "K1234", None, None]


def test_a_pattern_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="assemble option mrn"):
        Assemble(mrn="(").open(Resources(models=None))


def test_a_date_in_a_bar_code_is_no_record_number():
    cover, _ = assemble([sheet(1, "PID|1975-11-09", kind="cover"), page(2)])
    assert cover.patient.mrn is None


def test_two_covers_in_one_page_say_nothing():
    other = Sheet(kind="cover", mrn="99999999").payload
    cover, found = assemble([sheet(1, COVER, other), page(2, patient=PatientRef())])
    assert cover.doc_type == "cover" and found.patient.mrn is None


def test_a_sheet_whose_print_and_bar_code_differ_tells_nothing():
    cover, found = assemble([sheet(1, COVER, patient=JON), page(2, patient=PatientRef())])
    assert UNLIKE_ITS_CODE in cover.warnings and found.patient.mrn is None


def test_a_number_that_is_the_sheets_but_for_a_space_is_written_as_the_bar_code_says():
    spaced = PatientRef(name="Eva Lind", mrn="0448 2913")
    _, found = assemble([sheet(1, COVER, patient=EVA), page(2, patient=spaced)])
    assert found.patient == EVA


def test_a_birth_date_misread_on_the_sheet_makes_no_stranger_of_a_namesake_with_its_number():
    printed = PatientRef(name="Eva Lind", mrn="04482913", dob=date(1960, 11, 1))
    page_says = PatientRef(name="Eva Linn", mrn="04482913", dob=date(1960, 11, 17))
    _, found = assemble([sheet(1, COVER, patient=printed), page(2, patient=page_says)])
    assert MISFILE_BEHIND not in found.warnings
    assert found.patient == page_says and found.encounter is None
