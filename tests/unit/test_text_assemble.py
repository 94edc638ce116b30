"""What users rely on: pages are grouped as they belong, and none is filed under another patient."""

from pathlib import Path

import pytest

from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.text.assemble import assemble
from digitizer.text.misfile import ALONE, AMONG
from digitizer.text.structure import Structure

MODELS = Path(__file__).parents[2] / "models"
EVA = "Patient Name: Lind, Eva MRN: 4471020\nDOB: 01/02/1950 Sex: F\n"
JON = "Patient Name: Marsh, Jon MRN: 8800231\nDOB: 03/04/1960 Sex: M\n"
NOTE, LAB = "PROGRESS NOTE\n", "LABORATORY REPORT\n"
DAY = "Date of Service: 05/06/2019\n"


@pytest.fixture(scope="module")
def read():
    return Structure().open(Resources(models=MODELS))


@pytest.fixture
def documents(read):
    def of(*texts):
        pages = [Page(number=n, text=Text(content=text)) for n, text in enumerate(texts, start=1)]
        return assemble([read(page) for page in pages])

    return of


def numbers(documents):
    return [[page.number for page in document.pages] for document in documents]


def test_titles_with_headers_and_other_days_begin_documents(documents):
    found = documents(
        NOTE + EVA + DAY, LAB + EVA + DAY, LAB + EVA + "Date of Service: 05/07/2019\n"
    )
    assert numbers(found) == [[1], [2], [3]]
    assert [d.doc_type for d in found] == ["progress_note", "lab_report", "lab_report"]


def test_a_continuation_page_joins_and_its_reason_is_kept(documents):
    (found,) = documents(
        NOTE + EVA + DAY + "PLAN\nMore", "Lind, Eva MRN 4471020 Page 2\nrest of the plan"
    )
    assert dict(found.reasons)["page 2"] == "its printed page number follows"
    assert found.pages[1].sections[-1].kind == "plan"


def test_repeated_headers_with_page_numbers_are_one_document(documents):
    found = documents(*(NOTE + EVA + DAY + f"Page {n} of 2\ntext" for n in (1, 2, 1)))
    assert numbers(found) == [[1, 2], [3]]


def test_a_page_of_another_patient_never_joins(documents):
    found = documents(NOTE + EVA + DAY, "Marsh, Jon MRN 8800231 Page 2\ntext", NOTE + EVA + DAY)
    assert [d.patient.mrn for d in found] == ["4471020", "8800231", "4471020"]
    assert found[1].warnings == (AMONG,)
    assert "8800231" not in str((found[1].warnings, found[1].reasons))


def test_a_misread_name_with_the_same_number_still_joins(documents):
    found = documents(NOTE + EVA + DAY, "Ljnnb, Eva MRN 4471020 Page 2\ntext")
    assert numbers(found) == [[1, 2]]
    assert found[0].patient.name == "Eva Lind"


def test_father_and_son_are_two(documents):
    found = documents(
        NOTE + "Patient Name: Ash Jr., Tom\nDOB: 01/02/1980\n",
        "Patient Name: Ash III, Tom\nDOB: 01/02/1980\ntext",
    )
    assert len(found) == 2


def test_a_page_without_identity_between_two_patients_gets_none(documents):
    found = documents(NOTE + EVA + DAY, "Loose text about someone.", NOTE + JON + DAY)
    assert numbers(found) == [[1], [2], [3]]
    assert not found[1].patient.known
    assert found[1].warnings


def test_a_page_without_identity_joins_where_no_other_patient_follows(documents):
    assert numbers(documents(NOTE + EVA + DAY, "Loose text.", LAB + EVA + DAY)) == [[1, 2], [3]]


def test_nothing_crosses_a_sheet(documents):
    found = documents(NOTE + EVA + DAY, "DOCUMENT SEPARATOR\n", "Loose text about someone.")
    assert [d.doc_type for d in found] == ["progress_note", "separator", "other"]
    assert not found[2].patient.known


def test_one_misread_character_gives_way_to_the_other_documents(documents):
    misread = EVA.replace("4471020", "4471026")
    found = documents(NOTE + EVA + DAY, LAB + misread + DAY, "PROBLEM LIST\n" + EVA + DAY)
    assert {d.patient.mrn for d in found} == {"4471020"}
    assert "misread" in dict(found[1].reasons)["mrn"]


def test_a_far_number_is_neither_trusted_nor_replaced(documents):
    other = EVA.replace("4471020", "9912345")
    found = documents(NOTE + EVA + DAY, LAB + other + DAY, "PROBLEM LIST\n" + EVA + DAY)
    assert found[1].patient.mrn is None


def test_a_missing_number_is_filled_in_with_its_reason(documents):
    found = documents(NOTE + EVA + DAY, LAB + "Patient Name: Lind, Eva\nDOB: 01/02/1950\n" + DAY)
    assert found[1].patient.mrn == "4471020"
    assert "other documents" in dict(found[1].reasons)["mrn"]


def test_a_name_alone_fills_nothing_in(documents):
    found = documents(NOTE + EVA + DAY, LAB + "Patient Name: Lind, Eva\n" + DAY)
    assert found[1].patient.mrn is None


def test_blank_pages_belong_to_no_document(read):
    pages = [
        read(Page(number=1, text=Text(content=NOTE + EVA + DAY))),
        Page(number=2, kind=PageKind.BLANK),
        read(Page(number=3, text=Text(content="Lind, Eva MRN 4471020 Page 2\ntext"))),
    ]
    assert numbers(assemble(pages)) == [[1, 3]]


def test_no_pages_no_documents():
    assert assemble([]) == ()


def test_a_record_number_that_contradicts_its_namesakes_is_withheld(documents):
    other = EVA.replace("4471020", "4486020")
    found = documents(
        NOTE + EVA + DAY, LAB + EVA + DAY, NOTE + other + "Date of Service: 05/07/2019"
    )
    assert [d.patient.mrn for d in found] == ["4471020", "4471020", None]
    assert "print another number" in dict(found[2].reasons)["mrn"]


def test_of_two_numbers_one_digit_apart_none_is_trusted_where_the_name_is_misread(documents):
    misread = EVA.replace("4471020", "4477020").replace("Lind, Eva", "Lind, Fvu")
    found = documents(NOTE + EVA + DAY, LAB + misread + DAY)
    assert [d.patient.mrn for d in found] == [None, None]


def test_strangers_with_near_numbers_keep_them(documents):
    other = EVA.replace("4471020", "4477020").replace("Lind, Eva", "Okafor, Tom")
    found = documents(NOTE + EVA + DAY, LAB + other + DAY)
    assert [d.patient.mrn for d in found] == ["4471020", "4477020"]


def test_namesakes_of_other_birth_dates_keep_their_numbers(documents):
    younger = EVA.replace("4471020", "9962310").replace("01/02/1950", "11/12/1987")
    found = documents(NOTE + EVA + DAY, NOTE + younger + DAY)
    assert [d.patient.mrn for d in found] == ["4471020", "9962310"]


LIST = "PROBLEM LIST\n"


def flags(documents):
    return [document.possible_misfile for document in documents]


def test_a_strangers_document_between_two_of_one_patient_is_a_possible_misfile(documents):
    found = documents(NOTE + EVA + DAY, LAB + JON + DAY, LIST + EVA + DAY)
    assert flags(found) == [False, True, False]
    assert found[1].warnings == (AMONG,)


def test_a_strangers_document_at_the_end_of_a_patients_file_is_a_possible_misfile(documents):
    found = documents(NOTE + EVA + DAY, LAB + EVA + DAY, LIST + EVA + DAY, LAB + JON + DAY)
    assert flags(found) == [False, False, False, True]
    assert found[3].warnings == (ALONE,)


def test_patients_one_after_another_are_no_strangers(documents):
    ida = "Patient Name: Stone, Ida MRN: 6623815\nDOB: 07/08/1971 Sex: F\n"
    pages = [title + who + DAY for who in (EVA, JON, ida) for title in (NOTE, LAB)]
    assert not any(flags(documents(*pages)))


def test_a_badly_read_page_is_no_stranger(documents):
    misread = "Patient Name: Lindqm Eva\nDOB: 01/02/1950 Sex: F\n"
    assert not any(flags(documents(NOTE + EVA + DAY, LAB + misread + DAY, LIST + EVA + DAY)))


def test_a_page_without_header_is_never_named_by_a_stranger_beside_it(documents):
    loose = "Loose text about someone.\n"
    before = documents(NOTE + EVA + DAY, LAB + EVA + DAY, loose, JON + "Page 2 of 2\ntext")
    behind = documents(NOTE + EVA + DAY, LAB + EVA + DAY, LIST + JON + DAY, loose)
    for found, number in ((before, 3), (behind, 4)):
        (holder,) = [d for d in found if number in {p.number for p in d.pages}]
        assert holder.patient.mrn != "8800231"


def test_a_page_that_contradicts_what_its_patients_other_pages_say_does_not_join(documents):
    found = documents(
        NOTE + EVA + DAY,
        LAB + "DOB: 01/02/1950\n" + "Date of Service: 05/07/2019\n",
        "Marsh, Jon MRN 8800231 Page 2\ntext",
        LIST + EVA + DAY,
    )
    assert [d.patient.mrn for d in found][2] == "8800231"
    assert flags(found) == [False, False, True, False]


def test_a_family_name_is_spelled_as_the_patients_pages_print_it_most_often(documents):
    cut = (NOTE + EVA + DAY).replace("Lind, Eva MRN", "Eva LindstrMRN")
    notes = [cut.replace("05/06", day) + "Ms. Lindstroem feels well." for day in ("05/07", "05/08")]
    found = documents(*notes, LAB + EVA.replace("Lind", "Lindstroem") + DAY)
    assert [d.patient.name for d in found] == ["Eva Lindstroem"] * 3
    assert "most often" in found[0].reasons[-1][1]


@pytest.mark.parametrize("order", [1, -1])
def test_of_spellings_as_often_printed_the_one_that_ends_as_names_do_holds(documents, order):
    names = ["Lindezyk", "Lindczyk"][::order]
    found = documents(*((NOTE + EVA + DAY).replace("Lind,", f"{name},") for name in names))
    assert {d.patient.name for d in found} == {"Eva Lindczyk"}


def test_a_spelling_as_often_printed_as_another_stays(documents):
    found = documents(NOTE + EVA.replace("Lind", "Lindgren") + "Ms. Lindgrem feels well.")
    assert found[0].patient.name == "Eva Lindgren"


def test_a_providers_like_name_is_not_the_patients(documents):
    text = NOTE + EVA.replace("Lind", "Stubb") + "Karen Stubbs, PA\nKaren Stubbs, PA\nK. Stubbs, PA"
    assert documents(text)[0].patient.name == "Eva Stubb"


GLUED = "PROBLEM LIST\nPatient Name: Eva LinMRMps4471020\nDOB: 01/02/1950 Sex: F\n"


def test_a_number_within_another_word_is_read_where_the_batch_prints_it(documents):
    found = documents(NOTE + EVA + DAY, GLUED + DAY)
    assert [(d.patient.mrn, d.patient.name) for d in found] == [("4471020", "Eva Lind")] * 2
    assert "printed within another word" in dict(found[1].reasons)["mrn"] + str(found[1].reasons)


def test_a_number_within_another_word_is_not_read_under_another_birth_date(documents):
    found = documents(NOTE + EVA + DAY, GLUED.replace("1950", "1951") + DAY)
    assert found[1].patient.mrn is None


def test_a_named_page_does_not_follow_pages_that_print_a_birth_date_alone(documents):
    glued = GLUED + DAY
    found = documents(NOTE + EVA + DAY, glued, "Marsh, Jon MRN 8800231 Page 2\ntext")
    assert numbers(found) == [[1], [2], [3]]
    assert found[2].patient.name == "Jon Marsh"
    found = documents(NOTE + EVA + DAY, glued, "Lind, Eva MRN 4471020 Page 2\ntext")
    assert numbers(found) == [[1], [2, 3]]
