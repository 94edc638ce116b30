"""What a note tells of long ago, of whose chart it is, and of what belongs together."""

import pytest

from digitizer.coding.combine import combinations, integral_to
from digitizer.coding.measures import burnt_code
from digitizer.coding.obstetrics import stage
from tests.unit.test_coding_suggest import codes, suggested

NOW = "\nSeen March 3, 2025.\n"


@pytest.mark.parametrize(
    ("text", "term", "code"),
    [
        ("In 2009 he had a hemicolectomy. This was for adenocarcinoma of the colon.",
         "adenocarcinoma of the colon", "Z85.038"),
        ("Breast cancer was treated with lumpectomy and radiation in 2011.", "Breast cancer",
         "Z85.3"),
        ("Renal cell carcinoma was resected in 2012, no evidence of recurrence.",
         "Renal cell carcinoma", "Z85.528"),
    ],
)  # fmt: skip
def test_a_cancer_that_was_treated_years_ago_is_a_history(text, term, code):
    found = codes(suggested(text + NOW, term))
    assert code in found
    assert not any(one.startswith("C") for one in found)


@pytest.mark.parametrize(
    ("text", "term", "code"),
    [
        ("Breast cancer was treated with lumpectomy in 2011 and she is now on letrozole.",
         "Breast cancer", "C50.919"),
        ("Prostate cancer was treated in 2024 with radiation.", "Prostate cancer", "C61"),
        ("Prostate cancer diagnosed in 2012, active surveillance.", "Prostate cancer", "C61"),
        ("In 2012 he had a hernia repair. He has prostate cancer.", "prostate cancer", "C61"),
    ],
)  # fmt: skip
def test_a_cancer_that_may_be_there_still_is_a_current_one(text, term, code):
    assert code in codes(suggested(text + NOW, term))


@pytest.mark.parametrize(
    "text",
    ["Concussion in high school.", "Concussion was treated in 2008.", "Concussion in childhood."],
)
def test_what_happened_long_ago_is_not_coded_as_new(text):
    assert not any(code.startswith("S06") for code in codes(suggested(text + NOW, "Concussion")))


def test_what_is_favored_is_not_certain_outside_a_stay():
    text = "Left adrenal nodule, adenoma favored.\n"
    assert codes(suggested(text, "adenoma")) == set()
    assert codes(suggested(text, "adenoma", setting="inpatient")) != set()


def test_a_symptom_and_a_part_are_told_apart():
    assert integral_to("R05.9", {"J18.9"}) == "symptom of J18.9"
    assert integral_to("E61.1", {"D50.9"}) == "part of D50.9"
    assert integral_to("S99.911A", {"S93.401A"}) == "part of S93.401A"
    assert integral_to("E61.1", {"D64.9", "E61.1"}) == ""


def test_an_infection_of_the_airways_is_coded_with_an_exacerbation_of_copd():
    (both,) = combinations({"J44.1", "J13"})
    assert (both.code, both.replaced) == ("J44.0", ())
    (alone,) = combinations({"J44.9", "J18.9"})
    assert (alone.code, alone.replaced) == ("J44.0", ("J44.9",))
    assert combinations({"J44.0", "J18.9"}) == combinations({"J44.9"}) == ()


def test_weeks_that_are_told_outweigh_a_puerperium_of_before():
    assert stage("G3P2002 at 30w4d. Prior postpartum depression.") == "3"
    assert stage("Postpartum day 9, G1P1.") == "after"


def test_burns_are_coded_with_the_share_of_the_body():
    text = "Second degree burn of the right forearm, approx 3% TBSA.\n"
    assert "T31.0" in codes(suggested(text, "Second degree burn of the right forearm"))
    assert burnt_code(24) == "T31.20"


def test_broken_ribs_are_multiple_fractures():
    text = "Assessment: fractures of left ribs 5 through 8.\n"
    assert codes(suggested(text, "fractures of left ribs")) == {"S22.42XA"}


def test_on_a_newborns_chart_nothing_is_the_mothers():
    text = "Term male, born by vaginal delivery, DOL 2. Cephalohematoma.\n"
    found = codes(suggested(text, "vaginal delivery", "Cephalohematoma"))
    assert found == {"P12.0", "Z38.00"}


def test_what_is_denied_in_a_list_adds_nothing_to_a_code():
    text = (
        "Seropositive rheumatoid arthritis of multiple sites, without lung, heart or skin signs.\n"
    )
    assert codes(suggested(text, "Seropositive rheumatoid arthritis")) == {"M05.79"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Opioid-induced constipation.", "T40.2X5A"),
        ("Steroid induced hyperglycemia.", "T38.0X5A"),
        ("Tdap today.", "Z23"),
    ],
)
def test_turns_of_phrase_give_their_code(text, code):
    assert code in codes(suggested(text + "\n"))


def test_a_rash_of_an_allergy_is_no_diagnosis_though_diagnoses_stand_above():
    text = "Postop Dx: hernia.\nHx: penicillin allergy (rash).\n"
    assert "R21" not in codes(suggested(text, "rash"))
