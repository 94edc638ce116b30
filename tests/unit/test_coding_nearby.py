"""What the words around a finding add to its code, and what a note says beside its problems."""

import pytest

from digitizer.chart.clinical import Assertion, Label, Presence
from digitizer.chart.text import TextSpan
from digitizer.coding.measures import bmi_code, nihss_code, weeks_code
from digitizer.coding.passages import passages
from digitizer.coding.shorthand import written_out
from tests.unit.test_coding_suggest import codes, printed, suggested


@pytest.mark.parametrize(
    ("content", "term", "code"),
    [
        ("narcolepsy with cataplexy", "narcolepsy", "G47.411"),
        ("Constipation, slow transit.", "Constipation", "K59.01"),
        ("Dysphagia, oropharyngeal phase, on puree", "Dysphagia", "R13.12"),
        ("complete T6 paraplegia", "paraplegia", "G82.21"),
        ("smoker (1 ppd cigarettes)", "smoker", "F17.210"),
        ("Migraine without aura, not intractable", "Migraine", "G43.009"),
        ("Diverticulosis without bleeding on colonoscopy", "Diverticulosis", "K57.30"),
        ("POAG: primary open-angle glaucoma, bilateral, moderate stage",
         "primary open-angle glaucoma, bilateral, moderate stage", "H40.1132"),
    ],
)  # fmt: skip
def test_the_sentence_of_a_finding_makes_its_code_specific(content, term, code):
    assert codes(suggested(content + "\n", term)) == {code}


def test_what_is_denied_beside_a_finding_adds_nothing():
    text = "Narcolepsy. No cataplexy.\n"
    found = suggested(text, "Narcolepsy", ("cataplexy", Assertion(presence=Presence.NEGATED)))
    assert codes(found) == {"G47.419"}


def test_both_sides_are_two_codes_where_no_code_says_both():
    assert codes(suggested("osteopenia, both hips\n", "osteopenia")) == {"M85.851", "M85.852"}
    knees = suggested("osteoarthritis of both knees, primary\n", "osteoarthritis of both knees")
    assert codes(knees) == {"M17.0"}


@pytest.mark.parametrize(
    ("content", "term", "code"),
    [
        ("squamous cell carcinoma right tonsil", "squamous cell carcinoma", "C09.9"),
        ("bone metastases", "bone metastases", "C79.51"),
        ("metastasis to right axillary lymph nodes", "metastasis", "C77.3"),
        ("tubular adenoma of the ascending colon", "tubular adenoma", "D12.2"),
        ("L forearm bx = melanoma in situ", "melanoma in situ", "D03.62"),
        ("R cheek papule, shave bx = BCC nodular", "BCC", "C44.319"),
    ],
)
def test_a_neoplasm_is_coded_by_its_kind_and_its_site(content, term, code):
    assert codes(suggested(content + "\n", term)) == {code}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("PCN allergy (hives).", "Z88.0"),
        ("He quit smoking in 2010.", "Z87.891"),
        ("Kidney transplant in 2018.", "Z94.0"),
        ("She is wheelchair bound.", "Z99.3"),
        ("Tdap given today.", "Z23"),
        ("Code status: DNR.", "Z66"),
    ],
)
def test_turns_of_phrase_say_a_status(content, code):
    assert codes(suggested(content + "\n")) == {code}


@pytest.mark.parametrize(
    "content",
    [
        "No PCN allergy.",
        "His wife quit smoking.",
        "Kidney transplant evaluation next month.",
        "She is not wheelchair bound.",
        "Tdap will be given next visit; discussed DNR.",
    ],
)
def test_a_status_that_is_denied_anothers_or_to_come_is_not_suggested(content):
    assert codes(suggested(content + "\n")) == set()


def test_a_medicine_taken_for_long_is_a_status_where_more_than_a_list_names_it():
    assert codes(suggested("on apixaban\n", "apixaban", label=Label.MEDICATION)) == {"Z79.01"}
    burst = suggested("prednisone taper for 5 days\n", "prednisone", label=Label.MEDICATION)
    assert codes(burst) == set()


def test_signs_are_shown_but_not_suggested_where_the_note_names_its_diagnoses():
    text = "Fever and cough for days.\n\nDx: influenza A\n"
    shown = suggested(text, "Fever", "cough", "influenza A")
    assert codes(shown) == {"J10.1"}
    assert {"R50.9", "R05.9"} <= codes(shown, withheld=True)


def test_every_item_under_dx_counts_even_one_that_no_rule_read():
    assert "J18.9" in codes(suggested("Seen today.\nDx: 1. CAP; 2. GAD\n"))
    assert codes(suggested("Seen today.\nDx: r/o CAP, hx of GAD\n")) == set()


def test_a_body_mass_index_is_coded_beside_a_weight_diagnosis_only():
    assert codes(suggested("Obesity, BMI 33.1\n", "Obesity")) >= {"Z68.33"}
    assert codes(suggested("Gout. BMI 33.1\n", "Gout")) == {"M10.9"}


@pytest.mark.parametrize(
    ("value", "code"), [(18.0, "Z68.1"), (24.9, "Z68.24"), (41, "Z68.41"), (71, "Z68.45")]
)
def test_a_body_mass_index_falls_into_its_band(value, code):
    assert bmi_code(value) == code


def test_scores_and_weeks_are_in_their_codes():
    assert nihss_code(7) == "R29.707"
    assert weeks_code(29) == "Z3A.29"
    assert weeks_code(6) == "Z3A.01"


def test_pregnancy_gives_the_trimester_and_the_weeks():
    text = "37 y/o G3P2 at 29w4d, pregnant. Anemia.\n"
    assert codes(suggested(text, "Anemia")) == {"O99.013", "Z3A.29"}


def test_two_codes_that_are_one_are_replaced_by_it():
    text = "Giant cell arteritis and polymyalgia rheumatica.\n"
    assert codes(suggested(text, "Giant cell arteritis", "polymyalgia rheumatica")) == {"M31.5"}


def test_dementia_in_a_disease_keeps_its_severity():
    text = "Parkinson disease. Moderate dementia.\n"
    assert codes(suggested(text, "Parkinson disease", "Moderate dementia")) == {"G20.A1", "F02.B0"}


def test_shorthand_is_written_out():
    assert written_out("R heel PU st 2") == "right heel pressure ulcer stage 2"


def test_a_list_of_diagnoses_ends_where_the_plan_begins():
    content = "Story.\nDx: gout; asthma\nPlan: rest\n"
    ((start, end),) = passages(content)
    assert content[start:end].strip() == "Dx: gout; asthma"


def test_a_question_mark_is_no_diagnosis_even_of_an_inpatient():
    shown = suggested("Hemochromatosis? HFE sent.\n", "Hemochromatosis", setting="inpatient")
    assert codes(shown) == set()


def test_evidence_is_printed_where_a_status_says():
    (one,) = suggested("on apixaban\n", "apixaban", label=Label.MEDICATION)
    assert "apixaban" in [e.text for e in one.evidence]
    assert printed("on apixaban\n").boxes_of(TextSpan(3, 11)) == one.evidence[-1].boxes
