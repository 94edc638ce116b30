"""What users rely on: a page's header says whose it is, of when and what, or is silent in doubt."""

import re
from datetime import date
from pathlib import Path

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text, Word
from digitizer.text.headers import TWO_PATIENTS
from digitizer.text.structure import PageStructure, Structure

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def read() -> PageStructure:
    return Structure().open(Resources(models=MODELS))


def page_of(read, text, number=1):
    return read(Page(number=number, text=Text(content=text)))


STONE = ("Paul Stone", date(1950, 2, 3))


def identity(page):
    patient = page.header.patient
    return patient.name, patient.dob, patient.mrn, patient.sex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Patient Name: Okafor, Ngozi R. MRN: MR-120-44-91\nDOB: 04/13/1959 (62 y) Sex: Female",
            ("Ngozi R. Okafor", date(1959, 4, 13), "MR-120-44-91", "F"),
        ),
        (
            "NAME              UNIT NO.      DOB         SEX\n"
            "O'HARA, LIAM      40-12-15      12/15/47    M\nADM 11/06/03",
            ("Liam O'Hara", date(1947, 12, 15), "40-12-15", "M"),
        ),
        (
            "Patient Name:\nMRN:\nDOB:\nMary Ann Novak\n44120987\n02/02/1962",
            ("Mary Ann Novak", date(1962, 2, 2), "44120987", None),
        ),
        (
            "Larkin, Joan   F   12/08/36   MR 455626   CASE S05-2210\nCOLLECTED 06/14/05",
            ("Joan Larkin", date(1936, 12, 8), "455626", "F"),
        ),
        (
            "Last Name: Stone  First Name: Paul\nChart Number: 20394",
            ("Paul Stone", None, "20394", None),
        ),
        (
            "Van der Meer Jr., Piet R. MRN 0033812 Page 2",
            ("Piet R. Van der Meer Jr.", None, "0033812", None),
        ),
        (
            "Patient Name: Paul StonemRN: 20394\nDOB: 16-Nov: 1956 Date of Service: 5 May 2021",
            ("Paul Stone", date(1956, 11, 16), "20394", None),
        ),
        (
            "Patient Name: Paul Stone MRN: 441 - -20-77\nDOB: 02/03/1950",
            (*STONE, "441-20-77", None),
        ),
        (
            "Patient Name: Paul Stone MRN: 44120 -- 45 y/o\nDOB: 02/03/1950",
            (*STONE, "44120", None),
        ),
        (
            "Patient Name: Paul Stone MRN: MR - 203 -94 - 16\nDOB: 02/03/1950",
            (*STONE, "MR-203-94-16", None),
        ),
        (
            "RE: Paul Stone DOR: June 07, 1943 MRN: 20394\nDear Colleague:",
            ("Paul Stone", date(1943, 6, 7), "20394", None),
        ),
        (
            "St. Brendan Regio\nPatient Name: Paul Stone MRN: 20394",
            ("Paul Stone", None, "20394", None),
        ),
        (
            "Patient Name: Paul StoneMRN: 20394\nDOB: 02/03/1950Sex: Male",
            (*STONE, "20394", "M"),
        ),
        (
            "MRN 20394   STONE, PAUL   DOB 02/03/1950   M\nFALLS VIEW HOSPITAL   ADMIT 5/6/2001",
            (*STONE, "20394", "M"),
        ),
        (
            "PT: STONE, PAUL #52-89-93 2/3/50 M\nDOS 2/23/98",
            (*STONE, "52-89-93", "M"),
        ),
        (
            "ADMISSION RECORD\nLAST NAME     FIRST NAME     MRN\nSTONE     PAUL     203944",
            ("Paul Stone", None, "203944", None),
        ),
        (
            "Date of birth (mm/dd/yyyy): 02/03/1950\nName: Stone, Paul",
            (*STONE, None, None),
        ),
        (
            "STONE, PAUL 53755771 2/3/1950 Male\nAdmission date: 04/25/2000",
            (*STONE, "53755771", "M"),
        ),
        (
            "STONE, PAUL   042605\nDOB 02/03/1950   M",  # a day, perhaps
            (*STONE, None, "M"),
        ),
        (
            "STONE, PAUL   7755771   M   02/03/1950\nMRN: 20394",
            (*STONE, "20394", "M"),
        ),
        (
            "Stone, Paul\n00870870   M   02/03/1950",
            (*STONE, "00870870", "M"),
        ),
        (
            "Paul Stone, 23-year-old Male\nHospital number 93268329   Date of birth 02/03/1950",
            (*STONE, "93268329", "M"),
        ),
        (
            "Medical Record No: LFP 20-55713\nPatient: Stone, Paul\nDOB: 02/03/1950",
            (*STONE, "LFP 20-55713", None),
        ),
        (
            "Dear Dr. Ash,\nI saw your patient, Mr. Paul Stone (DOB 2/3/1950, MRN 20394), today.",
            (*STONE, "20394", None),
        ),
        (
            "Stone, Paul\n73 yo M   DOB 02/03/1950\nMRN 20394",
            (*STONE, "20394", "M"),
        ),
        (
            "Patient: Stone, Paul\nDOB: 02/03/1950\nHPI: A 73-year-old pleasant man with gout.",
            (*STONE, None, "M"),
        ),
        (
            "| Patient | Stone, Paul | DOB | 02/03/1950 | MRN | 20394 |",
            (*STONE, "20394", None),
        ),
        (
            "Paul Stone\nDOB: 02/03/1950\nMRN: 20394",
            (*STONE, "20394", None),
        ),
        (
            "Emergency Contact: Rosa Lind (wife)\nPatient: Paul Stone\nDOB: 02/03/1950",
            (*STONE, None, None),
        ),
        (
            "Last: STONE  First: PAUL\nBirth Dt: 02/03/1950  Health Record Number: 20394",
            (*STONE, "20394", None),
        ),
        (
            "Patient: Stone, Paul   DOB: 02/03/1950\nClient: Falls View Hospital",
            (*STONE, None, None),
        ),
        ("Patient: Le, Verena   MRN 203944", ("Verena Le", None, "203944", None)),
        (
            "Patient Name: Paul StMRMpsMR-336-27-19 DOB: 02/03/1950",
            (None, date(1950, 2, 3), None, None),
        ),
        (
            "RE: Kofi Mensah III DOB: 10-Jun-1968\nDear Colleague:",
            ("Kofi Mensah III", date(1968, 6, 10), None, None),
        ),
    ],
)
def test_identity_is_read_from_labels_tables_and_strips(read, text, expected):
    assert identity(page_of(read, text)) == expected


def test_a_number_ends_before_what_else_stands_behind_a_dash(read):
    page = page_of(read, "Patient Name: Paul Stone MRN: 437296 - 45 y/o\nMRN: 437296 - 3/4/19")
    assert page.header.patient.mrn == "437296"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("06/17/2021Provider: Ann Moss, MD", date(2021, 6, 17)),
        ("27-Sep-201.9 Provider: Ann Moss, MD", date(2019, 9, 27)),
        ("Depember 23. 2021 Provider: Ann Moss, MD", date(2021, 12, 23)),
        ("March 28, Prvider: Ann Moss", date(2017, 3, 28)),
        ("Marc 2017 Provider: Ann Moss", date(2017, 3, 28)),
        ("March 29, Prvider: Ann Moss", None),
        ("March Provider: Ann Moss", None),
    ],
)
def test_a_damaged_date_of_service_is_read_as_far_as_the_page_bears_it_out(read, printed, expected):
    text = f"PROGRESS NOTE\nPatient Name: Paul Stone MRN: 20394\nDate of Service: {printed}"
    page = page_of(read, text + "\nPLAN\nRest.\nAnn Moss, MD Date: March 28, 2017")
    assert page.header.encounter_date == expected


def test_a_small_l_among_capitals_is_a_capital_i(read):
    assert page_of(read, "PATlENT: GREER, SlLAS\nMRN: 20394").header.patient.name == "Silas Greer"


def test_misread_labels_and_digits_are_understood_and_said(read):
    page = page_of(read, "Pafient Narne: Greer, Silas\nHosp N0. l9-32-Ol   D0B: O1/09/1932")
    assert identity(page)[:3] == ("Silas Greer", date(1932, 1, 9), "19-32-01")
    assert "letters in it were read as digits" in dict(page.header.reasons)["mrn"]


@pytest.mark.parametrize(
    "text",
    [
        "Name ____________   DOB ________   MRN ________\nForm 22-B rev 03/2004",
        "EMERGENCY CONTACT\nName: Rosa Lind Relation: Sister",
        "Account #: 157591103 SSN: 900-55-1357\nAccession No.: S19-03568",
        "FAX   To: Dr. Neil Porter   503-555-0111\nDate: 05/05/2014   Pages 3",
        "RE: Knee Pain\nDear Dr. Moss:",
        "Patient Education\nPatient is a 65-year-old man",
    ],
)
def test_what_is_no_patient_is_not_taken_for_one(read, text):
    assert not page_of(read, text).header.patient.known
    assert page_of(read, text).header.encounter_date is None


def test_the_heads_of_a_table_of_results_name_nobody(read):
    page = page_of(
        read,
        "Abernathy, Miguel E. MRN 494915 Page 2\nCBC\n"
        "Test   Result   Flag   Units   Reference Range\nWBC   9.2 |   K/uL   4.0 - 11.0",
    )
    assert identity(page) == ("Miguel Abernathy", None, "494915", None)


def test_another_persons_number_is_not_the_patients(read):
    text = "NGUYEN, BABY BOY   MRN 880145   M\nMother: Nguyen, Hanh   MRN 771020\nBorn 05/18/2020"
    assert identity(page_of(read, text)) == ("Baby Boy Nguyen", date(2020, 5, 18), "880145", "M")


@pytest.mark.parametrize("gap", ["   ", " "])
def test_a_provider_is_not_the_patient(read, gap):
    text = f"Name: Moss,{gap}Ada,{gap}MD DOB: 01/02/1950\nAda Moss,{gap}MD{gap}MRN: 4471020"
    assert page_of(read, text).header.patient.name is None


def typewritten(text):
    """Words in boxes of a typewriter: every letter and every blank is one unit wide."""
    words, starts = [], []
    for row, line in enumerate(text.split("\n")):
        offset = text.index(line)
        for match in re.finditer(r"\S+", line):
            box = Box(match.start() * 10, row * 20, match.end() * 10, row * 20 + 9)
            words.append(Word(text=match.group(), box=box, confidence=0.9))
            starts.append(offset + match.start())
    return Text(content=text, words=tuple(words), starts=tuple(starts))


def test_wide_blanks_of_a_typewriter_part_no_columns(read):
    text = "PROBLEM LIST\nPatient Name: Lind, Eva MRN: 4471020\nDate of Service: October 16, 2021"
    page = read(Page(number=1, text=typewritten(text)))
    assert identity(page) == ("Eva Lind", None, "4471020", None)
    assert page.header.encounter_date == date(2021, 10, 16)


def test_two_patients_on_a_page_are_neither(read):
    page = page_of(read, "LUND, OSCAR  M  10/31/49  OL-31\nLUND, VERA  F  03/19/51  VL-19")
    assert not page.header.patient.known
    assert ("patient", TWO_PATIENTS) in page.header.reasons
    assert page.warnings


def test_a_number_torn_apart_is_left_out_rather_than_cut(read):
    assert page_of(read, "Name: Lind, Eva\nMRN: 097347 71").header.patient.mrn is None


def test_two_digit_years_lie_before_the_encounter(read):
    page = page_of(read, "Name: Lind, Eva\nDOB: 12/1/24\nAdmitted: 02/27/99")
    assert (page.header.patient.dob, page.header.encounter_date) == (
        date(1924, 12, 1),
        date(1999, 2, 27),
    )


def test_a_birth_date_against_the_printed_age_is_left_out(read):
    page = page_of(read, "Name: Lind, Eva DOB: 02/27/1964 (65 y)\nDate of Service: 07/02/2019")
    assert page.header.patient.dob is None
    assert "left out" in dict(page.header.reasons)["dob"]


def test_a_fax_stamp_gives_neither_date_nor_page(read):
    stamp = "05/17/2018 14:33 FROM: SOME HOSPITAL FAX (555) 012-9080 P.003/007\n"
    page = page_of(read, stamp + "Lind, Eva MRN 771020 Page 2\nSigned by A. Moss, MD on 05/20/2018")
    assert (page.header.encounter_date, page.header.page_number) == (None, 2)


@pytest.mark.parametrize(
    ("title", "doc_type"),
    [
        ("ADMISSION HISTORY & PHYSICAL EXAMINATION", "history_and_physical"),
        ("Office Visit - Progress Note", "progress_note"),
        ("D1SCHARGE SUMMARV", "discharge_summary"),
        ("ELM HOSPITAL SURGICAL PATHOLOGY REPORT", "pathology_report"),
        ("CT ABDOMEN AND PELVIS WITH CONTRAST", "radiology_report"),
        ("CONSULTATION REPORT - CARDIOLOGY", "consultation"),
        ("DOCUMENT SEPARATOR", "separator"),
        ("CHART COVER SHEET", "cover"),
        ("Notes on cooking", None),
    ],
)
def test_the_title_says_what_a_page_is(read, title, doc_type):
    page = page_of(read, f"{title}\nPatient Name: Lind, Eva MRN: 771020\nDOB: 01/02/1950")
    assert page.header.doc_type == doc_type


def test_without_a_title_a_letter_is_known_by_its_words(read):
    asks = "Dear Colleague:\nThank you for seeing Ms. Lind, who has gout.\n"
    thanks = "Dear Dr. Moss:\nThank you for referring Ms. Lind, who has gout.\n"
    assert page_of(read, asks).header.doc_type == "referral_letter"
    assert page_of(read, thanks).header.doc_type == "consultation"
    assert page_of(read, asks + thanks).header.doc_type is None


NOTE = """PROGRESS NOTE
Patient Name: Lind, Eva MRN: 771020
PMH: TIA 2011, hip fx 2016
Allergies: Codeine
PLAN
Continue lisinopril.
Confusion
Electronically signed by A. Moss, MD
"""


def test_sections_cover_the_page_and_headings_may_stand_inline(read):
    page = page_of(read, NOTE)
    kinds = [section.kind for section in page.sections]
    assert kinds == ["header", "past_medical_history", "allergies", "plan", "signature"]
    assert "".join(section.span.of(NOTE) for section in page.sections) == NOTE
    assert page.sections[1].heading.of(NOTE) == "PMH:"


def test_a_list_under_its_title_is_a_section_without_a_heading(read):
    page = page_of(
        read, "MEDICATION LIST\nName: Lind, Eva MRN: 771020\nasthma 2 puffs\nDISCONTINUED\nX"
    )
    assert [s.kind for s in page.sections] == ["header", "medications", "discontinued_medications"]


def test_pages_without_text_pass_unchanged(read):
    blank = Page(number=1, kind=PageKind.BLANK)
    assert read(blank) is blank


def test_a_birth_date_without_its_year_is_none(read):
    page = page_of(read, "PROGRESS NOTE\nPatient Name: Lind, Eva\nDOB: September 03, 196. Sex: F\n")
    assert page.header.patient.dob is None


def test_a_lost_comma_behind_a_generation_does_not_turn_the_name_round(read):
    page = page_of(read, "PROGRESS NOTE\nPatient Name: Ash Jr. Thomas S. MRN: 771020\n")
    assert page.header.patient.name == "Thomas S. Ash Jr."


def test_a_place_cut_short_is_no_patient(read):
    page = page_of(read, "RESTON HOSPITA  MRN 771020\nPROGRESS NOTE\n")
    assert page.header.patient.name is None


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Chart No. QK7 31 46", "QK7 31 46"),
        ("MRN   LM 27-31", "LM 27-31"),
        ("Hosp. No: BD/310/77", "BD/310/77"),
        ("Pt #: 71833", "71833"),
        ("MRN: IB4471", "IB4471"),
        ("MRN: CR 9031 4   Date of Visit: 02/29/2024", "CR 9031 4"),
        ("MRN: 34 0811 R", "34 0811 R"),
        ("MRN: 34 0811 R of two", None),
        ("MRN: TO9804", "TO9804"),
        ("MRN: 901", "901"),
        ("MRN: 901 - 44 - 20", None),
        ("MRN: 901  4 4", None),
        ("MRN: 4471 B", "4471 B"),
        ("MRN: *44120*", "44120"),
        ("Chart No. [A-12]", "A-12"),
        ("MRN: BO98O4", "BO9804"),
        ("MRN: O198O4", "019804"),
    ],
)
def test_record_numbers_with_letters_set_apart_are_whole(read, printed, number):
    page = page_of(read, f"Patient: Lind, Eva\nDOB: 02/04/1961   {printed}\n")
    assert page.header.patient.mrn == number


@pytest.mark.parametrize("printed", ["MRN: F/44", "MRN:   F 12 1950", "Chart No. B204 62 F"])
def test_a_sex_or_age_is_no_part_of_a_record_number(read, printed):
    page = page_of(read, f"Patient: Lind, Eva   DOB: 02/04/1961\n{printed}\n")
    assert page.header.patient.mrn is None


@pytest.mark.parametrize(
    "header",
    [
        "+-------------+\n| LIND, EVA R        |\n| MRN QK-771  DOB 02/04/1961 |\n",
        "LIND, EVA R                    Page 2\nMRN: QK-771\n",
        "EVA R LIND\nDOB 02/04/1961\nMRN QK-771\n",
        "Lind, Eva R | 63 y.o. female | DOB: 02/04/1961 | MRN: QK-771\n",
    ],
)
def test_a_name_is_found_in_a_frame_above_the_labels_and_before_an_age(read, header):
    patient = page_of(read, header).header.patient
    assert (patient.name, patient.mrn) == ("Eva R Lind".title(), "QK-771")


def test_a_sex_glued_to_the_age_is_read_and_a_nought_is_no_age(read):
    aged = page_of(read, "Eva Lind, 65F, MRN 771020, DOB 01/01/1953\n")
    assert aged.header.patient.sex == "F"
    misread = page_of(read, "Name: Lind, Eva\nMRN: 771020\nDATE 0F BlRTH: 02/04/1961\n")
    assert misread.header.patient.sex is None


@pytest.mark.parametrize(
    "header",
    [
        "LIND, EVA (F)\nDOB: 02/04/1961\nMRN: QK-771\n",
        "Lind, Eva\n(Female, 62 years, 02/04/1961)\nMRN QK-771\n",
        "Lind, Eva   Female   62 year old   2/4/1961\nMRN: QK-771\n",
        "LIND, EVA\nF  62  02/04/1961\nMR# QK-771\n",
        "Lind, Eva / F / 62 / DOB 02/04/1961 / MRN QK-771\n",
        "Lind, Eva, 62 Y, F, DOB: 02/04/1961\nMRN: QK-771\n",
        "Eva Lind\nAge: 62  Sex: F  DOB: 02/04/1961\nMRN: QK-771\n",
        "LIND, EVA       ORDERING PHYSICIAN\nDOB: 02/04/1961    MOSS, ADA\nSEX: F\nMRN: QK-771",
        "FLOW SHEET          | EVA LIND\nFoot: left          | MRN QK-771\n| DOB 02/04/1961  F\n",
        "Lind, Eva   Rm 210   Chart No QK-771   B/D 02/04/61   Sex: F\n",
    ],
)
def test_sex_age_and_birth_date_without_labels_tell_of_the_name_before_them(read, header):
    assert identity(page_of(read, header)) == ("Eva Lind", date(1961, 2, 4), "QK-771", "F")


@pytest.mark.parametrize(
    "header",
    [
        "Eva Lind          2/4/1961          QK-771\n______          _______          ______\n"
        "Patient name (print)          Birth date          Med. Rec. No.\n",
        "Eva Lind\n(Patient's name)\n2/4/1961\n(Date of birth)\nQK-771\n(Chart number)\n",
        "Lind    Eva          2/4/1961\nLast name          First name          DOB\nMRN: QK-771",
        "| Patient | MRN | DOB |\n| Lind, Eva | QK-771 | 2/4/1961 |\n",
    ],
)
def test_captions_name_the_values_above_them(read, header):
    assert identity(page_of(read, header))[:3] == ("Eva Lind", date(1961, 2, 4), "QK-771")


def test_a_label_above_its_value_is_no_caption(read):
    page = page_of(read, "Ada Moss\nPatient Name\nEva Lind\nDOB\n02/04/1961\n")
    assert identity(page)[:2] == ("Eva Lind", date(1961, 2, 4))
    assert page_of(read, "Ada Moss\nPatient:\nDOB: 02/04/1961\n").header.patient.name is None


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Patient Name: de los Santos,\nMaria Ines\nMRN: 771020\n", "Maria Ines de los Santos"),
        ("Patient Name: Eva\nLind\nMRN: 771020\n", "Eva Lind"),
        ("PATIENT: STONE-\nLIND, EVA\nMRN: 771020\n", "Eva Stone-Lind"),
        ("Patient: Lind\nAda Moss, MD\nMRN: 771020\n", None),
        ("patient name: eva lind\nmrn: 771020\n", "Eva Lind"),
        ("Apellido: Lind   Nombre: Eva   MRN: 771020\n", "Eva Lind"),
        ("Patient: 771020 - LIND, EVA   DOB 02/04/1961\n", "Eva Lind"),
        ("Name/MRN: Lind, Eva / 771020\nDOB: 02/04/1961\n", "Eva Lind"),
        ("Ms. Eva Lind was seen on May 3, 2015.\nMRN: 771020\n", "Eva Lind"),
        ("Your patient Eva Lind, DOB 02/04/1961, MRN 771020, was seen.\n", "Eva Lind"),
        ("DISCHARGE INSTRUCTIONS FOR: Eva Lind\nMRN: 771020\n", "Eva Lind"),
        ("Lind, Eva P\nAcct # 99200114   MR # 771020\n", "Eva P Lind"),
        ("LIND, EVA\n771020\nDOB: 02/04/1961  F\n", "Eva Lind"),
    ],
)
def test_a_name_is_read_where_lines_wrap_and_sentences_tell_it(read, header, name):
    patient = page_of(read, header).header.patient
    assert (patient.name, patient.mrn) == (name, "771020")


@pytest.mark.parametrize(
    "header",
    [
        "Vital Signs\nDOB: 02/04/1961\nMRN: 771020\n",
        "ST. LUKE\nMRN: 771020\n",
        "Attending Physician\nMoss, Ada\nMRN: 771020\nDOB: 02/04/1961\n",
        "Insured's name\nMoss, Ada\nDOB: 02/04/1961\n",
        "PCP Moss, Ada\nMRN 771020  DOB 02/04/1961\n",
        "Dr. Ada Moss\nDOB 02/04/1961  MRN 771020\n",
        "12 Elm Street\nAshby, GA 30110\nDOB: 02/04/1961\n",
        "Name of insured: Moss, Ada   DOB: 02/04/1961\n",
    ],
)
def test_titles_places_and_other_people_are_not_the_patient(read, header):
    assert page_of(read, header).header.patient.name is None


@pytest.mark.parametrize(
    "printed",
    ["Visit #: 5501299", "000-12-3456", "555-012-3456", "Booking # 5501299", "Form # 5501299"],
)
def test_other_numbers_are_no_record_number(read, printed):
    page = page_of(read, f"LIND, EVA   {printed}   DOB: 02/04/1961   F\n")
    assert (page.header.patient.name, page.header.patient.mrn) == ("Eva Lind", None)


def test_one_line_of_a_guarantor_does_not_end_the_header(read):
    text = "Lind, Eva DOB: 02/04/1961\nGuarantor: Lind, Ole DOB: 1/2/1950\nMRN: 771020  Sex: F\n"
    assert identity(page_of(read, text)) == ("Eva Lind", date(1961, 2, 4), "771020", "F")


def test_a_visit_behind_somebody_elses_name_is_the_patients(read):
    page = page_of(read, "Name: Lind, Eva\nGuardian: Ole Lind   Date of exam: 5/3/2015\n")
    assert page.header.encounter_date == date(2015, 5, 3)


@pytest.mark.parametrize("given", ["Tom", "Gaby", "Grace", "Pat"])
def test_a_given_name_is_no_part_of_the_label_behind_it(read, given):
    page = page_of(read, f"Patient Name: Lind, {given} MRN: 771020 Sex: F\n")
    assert identity(page) == (f"{given} Lind", None, "771020", "F")


def test_an_age_in_years_months_and_days_is_not_cut(read):
    page = page_of(read, "Name: Lind, Eva\nDOB: 02/04/1961\nAge(y/m/d): 061/03/02\n")
    assert page.header.patient.dob == date(1961, 2, 4)


@pytest.mark.parametrize(
    "header",
    [
        "Name / DOB / MRN: Stone, Paul / 02/03/1950 / 20394",
        "Name/DOB: Paul Stone, 02/03/1950\nMRN: 20394",
        "Patient Name, DOB, MRN\nStone, Paul   02/03/1950   20394",
        "Patient: Paul Stone\nDOB/Age/Sex: 02/03/1950 / 70 / F   MRN/Acct: 20394 / 998877",
        "Last Name, First Name: Stone, Paul\nMRN & DOB: 20394   02/03/1950",
    ],
)
def test_one_label_may_stand_for_several_values(read, header):
    assert identity(page_of(read, header))[:3] == (*STONE, "20394")


@pytest.mark.parametrize(
    "header",
    [
        "ELM CLINIC\nPAUL STONE\n41 Kiln Lane\nElm Falls, OH 44001\n555-019-4431\nDOB: 02/03/1950",
        "STONE, PAUL\nPatient Details     Specimen Details\nDOB: 02/03/1950     Site: left arm",
        "Stone, Paul (71M)   3 West\nAllergies: none\nDOB: 02/03/1950",
    ],
)
def test_the_only_name_beside_signs_of_a_patient_is_the_patients(read, header):
    assert identity(page_of(read, header))[:2] == STONE


@pytest.mark.parametrize(
    "header",
    [
        "Stone, Paul\nLind, Eva\nRoom 4\nBed 2\nDOB: 02/03/1950",  # which of the two?
        "Elm Falls, OH\nRoom 4\nDOB: 02/03/1950",
        "Moss, Ada, MD\nRoom 4\nDOB: 02/03/1950",
        "Copy to:\nStone, Paul\nRoom 4\nDOB: 02/03/1950",
        "Stone, Paul\nRoom 4\nSeen 02/03/1950",  # nothing tells of a patient
        "Kiln Lane\nRoom 4\nBed 2\nDOB: 02/03/1950",
        "Henry Ford\n2799 W Grand Blvd\nDOB: 02/03/1950",  # a letterhead
    ],
)
def test_a_name_that_may_be_somebody_elses_is_not_taken(read, header):
    assert identity(page_of(read, header))[0] is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "NEWBORN RECORD\nInfant: Stone, Baby Boy   MRN: 20394   Born: 02/03/2020\n"
            "Mother: Stone, Eva   DOB: 04/05/1990   MRN: 77120",
            ("Baby Boy Stone", date(2020, 2, 3), "20394"),
        ),
        (
            "LIVING DONOR EVALUATION\nDonor: Stone, Paul   MRN 20394   DOB 02/03/1950\n"
            "Recipient: Lind, Eva   MRN 77120   DOB 04/05/1960",
            (*STONE, "20394"),
        ),
        (
            "EVALUATION\nDonor: Stone, Paul   MRN 20394   DOB 02/03/1950\n"
            "Recipient: Lind, Eva   MRN 77120   DOB 04/05/1960",
            (None, None, None),
        ),
        (
            "STONE,PAUL     MED REC # 20394   M   02/03/50\nATTENDING: CHOI,E    RESIDENT: RESTO,A",
            (*STONE, "20394"),
        ),
        ("Resident: Stone, Paul\nDOB: 02/03/1950   MRN: 20394", (*STONE, "20394")),
    ],
)
def test_a_child_donor_or_resident_is_the_patient_where_nobody_else_is(read, header, expected):
    assert identity(page_of(read, header))[:3] == expected


@pytest.mark.parametrize(
    "header",
    [
        "Patient      Svc  Zone  MR No    Birthdate\nStone, Paul  GMS  4     20394    02/03/1950",
        "NAME         Dale of Birtb  Chart N0.\nStone, Paul  02/03/1950     20394",
        "PATIENT INFORMATION      ORDERING PHYSICIAN\nSTONE, PAUL              MOSS, ADA\n"
        "DOB: 02/03/1950\nMR No: 20394",
    ],
)
def test_values_stand_under_their_columns_though_others_have_unknown_heads(read, header):
    assert identity(page_of(read, header))[:3] == (*STONE, "20394")


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("ID: STO-0412", "STO-0412"),
        ("Record: PS20394   Room 4", "PS20394"),
        ("Case #  STO-12", "STO-12"),
        ("Our # 20394", "20394"),
        ("Case # S05-2210", None),
        ("Procedure No: CL15-2281", None),
        ("E.R. No. 98-03-0771", None),
        ("ID: 20394\nNo. 77120", None),  # which of the two?
    ],
)
def test_a_number_with_a_doubtful_label_counts_where_the_page_bears_it_out(read, printed, number):
    page = page_of(read, f"Patient: Stone, Paul\nDOB: 02/03/1950\nRoom 4, bed 2\n{printed}")
    assert page.header.patient.mrn == number


@pytest.mark.parametrize(
    ("printed", "sex"),
    [
        ("[ ] Male  [X] Female", "F"),
        ("Sex: ☒ M ☐ F", "M"),
        ("Gender: [ ] Male [ ] Female", None),
        ("ID: 1039-R. Sex: F. Tech: LM.", "F"),
        ("; female", "F"),
        ("Sexo: Femenino", "F"),
    ],
)
def test_a_sex_is_read_from_boxes_sentences_and_small_letters(read, printed, sex):
    page = page_of(read, f"Patient: Stone, Lou\nMRN: 20394   DOB: 02/03/1950   {printed}")
    assert page.header.patient.sex == sex


@pytest.mark.parametrize(
    "header",
    [
        "STONE,PAUL   585-00-1934   FEB 3,1950\nLOCAL TITLE: PRIMARY CARE NOTE",
        "lD: 0993-30    STONE, PAUL    09-NOV-2000 07:14:22\n03-FEB-1950 (50 yr)  Male   CCU4",
        "Paul Stone    Boy    5 yrs    02/03/1950\nChart 20394",
        "I, Paul Stone, hereby authorize Dr. Moss\nMedical Record # 20394   DOB 2/3/1950",
        "Identifying data: Paul Stone is a 36-year-old man.\nClient no. 20394.  Born 2/3/1950.",
    ],
)
def test_an_age_or_social_security_number_tells_of_a_birth_date(read, header):
    assert identity(page_of(read, header))[:2] == STONE


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Provider: Ada Moss, MD   Date: 03/04/2020", date(2020, 3, 4)),
        ("DATE 3/4/20   MVA date 2/1/20", date(2020, 3, 4)),
        ("Date Submitted: 03/04/2020", date(2020, 3, 4)),
        ("DATE RECEIVED 3-4-20   DATE REPORTED 3-6-20", date(2020, 3, 4)),
        ("SOC Date: 02/01/2020\nVisit Date: 03/04/2020", date(2020, 3, 4)),
        ("Chart: 07-11-83   Visit dote  03/04/2020", date(2020, 3, 4)),
    ],
)
def test_the_day_is_told_from_other_dates(read, printed, expected):
    page = page_of(read, f"PROGRESS NOTE\nPatient: Stone, Paul   DOB: 02/03/1950\n{printed}")
    assert page.header.encounter_date == expected


@pytest.mark.parametrize(
    "header",
    [
        "20394 - STONE, PAUL - 02/03/1950 - M",
        "CHART COPY   Stone, Paul   1950-02-03   20394   M",
        "Stone, Paul\n20394 / M / 02/03/1950",
        "Paul Stone \u2022 Feb-03-1950 \u2022 M \u2022 20394 \u2022 Seen 03/04/2019",
    ],
)
def test_a_strip_is_told_by_the_shapes_of_its_parts(read, header):
    assert identity(page_of(read, header)) == (*STONE, "20394", "M")


@pytest.mark.parametrize(
    "header",
    [
        "STONE, PAUL / 20394 / 03/04/2020",  # a visit, perhaps
        "STONE, PAUL   F   S00-1184   room 4",
        "Ada Moss, MD   F   02/03/1950",
        "STONE, PAUL   M   555-010-4410",
    ],
)
def test_shapes_that_may_be_something_else_tell_nothing(read, header):
    page = page_of(read, header).header
    assert page.patient.dob is None or page.patient.name is None
    assert page.patient.mrn is None


@pytest.mark.parametrize(
    "header",
    [
        "Stone, Paul\nOur chart\n2019\nDOB 02/03/1950",
        "RE: Paul Stone (02/03/1950)\nOur file: 20394",
        "Ref: Paul Stone  2/3/50  (MR 20394)",
        "This certifies that Paul Stone (DOB 02/03/1950, MRN 20394) was seen on 03/04/2019.",
        "UROLOGY     STONE, PAUL     H-11-3051     02/03/1950\nSeen: 10/05/2011\nMale, 61 years",
    ],
)
def test_a_birth_date_is_told_by_what_stands_around_it(read, header):
    assert identity(page_of(read, header))[:2] == STONE


@pytest.mark.parametrize(
    "header",
    [
        "Name: Paul Stone_________ DOB: 02/03/1950______ MRN: 20394______",
        "Name of Patient  Date of Birth  Chart No.\n_Paul Stone___   _02/03/1950__  _20394_",
        "STONE, PAUL\nDOB: 02/03/1950\nMRN/CSN: 20394/99001",
        "FIRST NAME: PAUL MIDDLE: A LAST NAME: STONE SUFFIX:\nDOB: 02/03/1950 MRN: 20394",
        "Med Rec # 20394 Pt Stone,Paul Dob 02/03/1950",
        "Stone, Paul                  Acct: 99001\n12 Elm St                    DOB: 02/03/1950\n"
        "Salem, NH 03079              Chart: 20394",
    ],
)
def test_forms_filled_in_and_labels_run_together_are_read(read, header):
    name, born, number, _ = identity(page_of(read, header))
    assert name in (None, "Paul Stone", "Paul A Stone")
    assert (born, number) == (date(1950, 2, 3), "20394")


@pytest.mark.parametrize(
    ("header", "born"),
    [
        ("Stone, Paul   02/03/1950   MRN 20394\nSeen 03/04/2019", date(1950, 2, 3)),
        ("Stone, Paul   03/01/2019   MRN 20394\nSeen 03/04/2019", None),  # another visit
        ("Stone, Paul   03/04/2019\nMRN 20394", None),
    ],
)
def test_a_date_behind_the_name_is_a_birth_where_others_are_years_later(read, header, born):
    assert identity(page_of(read, header))[:3] == ("Paul Stone", born, "20394")


@pytest.mark.parametrize(
    "header",
    [
        "Prescription\nPaul Stone     DOB 02-03-50\n12 Elm St      Chart# 20394",
        "PATIENT NO. 20394  STONE, PAUL  BORN 02/03/1950",
        "Patient: Paul Stone   Spouse: Eva Stone   MRN: 20394\nDOB: 02/03/1950",
    ],
)
def test_a_title_or_relative_does_not_hide_the_patient(read, header):
    assert identity(page_of(read, header))[:3] == (*STONE, "20394")


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("STONE, PAUL  M  3/4/2020  MRN 443322\nPROGRESS NOTE\nDate of service: 3/4/2020", None),
        ("STONE, PAUL  M  3/4/2020 10:32\nPROGRESS NOTE", None),
        ("STONE, PAUL  M  3/9/2020  MRN 443322\nDate of service: 3/4/2020", None),
        ("STONE, PAUL  M  3/4/1962  MRN 443322\nDate of service: 3/4/2020", date(1962, 3, 4)),
    ],
)
def test_the_day_of_a_visit_is_no_birth_date(read, text, born):
    assert page_of(read, text).header.patient.dob == born


def test_a_letterhead_is_not_the_patient_whose_name_cannot_be_read(read):
    text = (
        "PROGRESS NOTE\nCedar Hollow Mes Hollow Phys, Ashts, G4\n"
        "Patient Name: conatd astellanos MRN: 868317 DOB: April 25, 1958\nSex: Male"
    )
    patient = page_of(read, text).header.patient
    assert (patient.name, patient.mrn, patient.dob) == (None, "868317", date(1958, 4, 25))
