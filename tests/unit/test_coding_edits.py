"""Edits: each says what is amiss with the codes of a chart, by what is published about them."""

from datetime import date

import pytest

from digitizer.chart.coding import ICD10CM, Code
from digitizer.chart.review import Level
from digitizer.coding.edits import Claim, Coded, check
from digitizer.coding.edits.claim import Facts, manifestation, within
from tests.codes import knowledge


def _claim(*codes, **more):
    """A claim of confirmed codes; "?" before one: undecided, "*": principal, ":Y" behind: POA."""
    made = []
    for given in codes:
        name, _, poa = given.strip("?*").partition(":")
        code = knowledge().code(name)
        made.append(
            Coded(
                line=f"line {name}",
                code=code,
                confirmed=not given.startswith("?"),
                principal=given.startswith("*"),
                poa=poa,
                sentence=more.get("sentence", ""),
                diagnosed=more.get("diagnosed", {}).get(name),
            )
        )
    about = {k: v for k, v in more.items() if k not in ("sentence", "diagnosed")}
    return Claim(codes=tuple(made), **about)


def _said(*codes, **more):
    return [(m.level, m.text) for m in check(_claim(*codes, **more), knowledge())]


def _levels(said, words):
    return [level for level, text in said if words in text]


@pytest.mark.parametrize(
    ("one", "other", "kept_apart"),
    [
        ("E11.9", "E10.9", True),
        ("J44.1", "J44.0", False),
        ("I10", "E11.9", False),
        ("J18.9", "J84.9", True),
        ("R05.9", "J41.0", True),
        ("I50.23", "I11.0", False),
    ],
)
def test_codes_that_exclude_each_other_are_named_once(one, other, kept_apart):
    for pair in ((one, other), (other, one)):
        assert _levels(_said(*pair), "exclude each other") == [Level.WARNING] * kept_apart


def test_an_undecided_code_excludes_nothing():
    assert not _levels(_said("E11.9", "?E10.9"), "exclude each other")


def test_a_manifestation_wants_its_cause_and_is_never_principal():
    said = _said("*H42", inpatient=True)
    assert _levels(said, "never the principal") == [Level.ERROR]
    assert _levels(said, "coded after what causes it") == [Level.WARNING]
    assert not _levels(_said("*E85.4", "H42"), "H42 is coded after")
    waiting = _said("H42", "?E85.4")
    assert _levels(waiting, "E85.4 is undecided, and goes before H42") == [Level.WARNING]


def test_a_combination_code_without_its_stage_is_incomplete():
    assert _levels(_said("E11.22"), "E11.22 is incomplete") == [Level.WARNING]
    assert not _levels(_said("E11.22", "N18.31"), "incomplete")
    assert _levels(_said("I11.0"), "I11.0 is incomplete") == [Level.WARNING]
    assert _levels(_said("E11.621"), "E11.621 is incomplete") == [Level.WARNING]
    undecided = _said("E11.22", "?N18.31")
    assert _levels(undecided, "N18.31 is undecided, and E11.22 asks") == [Level.WARNING]


@pytest.mark.parametrize(
    ("code", "patient", "wrong"),
    [
        ("N40.1", {"sex": "F", "age": 70}, "male patients"),
        ("N40.1", {"sex": "M", "age": 70}, ""),
        ("O24.419", {"sex": "M", "age": 30}, "female patients"),
        ("O24.419", {"sex": "F", "age": 80}, "pregnancy"),
        ("O24.419", {"sex": "F", "age": 30}, ""),
        ("N40.1", {"sex": "X", "age": 70}, ""),
        ("N40.1", {}, ""),
        ("Z38.00", {"sex": "F", "age": 3}, "newborns"),
        ("Z68.41", {"age": 12}, "adults"),
        ("C50.911", {"sex": "M", "age": 60}, ""),
    ],
)
def test_codes_that_do_not_fit_the_patient_ask_whose_page_it_is(code, patient, wrong):
    said = _said(code, **patient)
    found = _levels(said, "whose page this is")
    assert found == [Level.WARNING] * bool(wrong)
    assert not wrong or _levels(said, wrong)


def test_a_vague_code_beside_a_closer_one_is_named():
    assert _levels(_said("E11.9", "E11.22", "N18.31"), "E11.22 says more than E11.9")
    said = _said("M17.9", "?M17.11")
    assert _levels(said, "M17.11 is undecided and says more than M17.9") == [Level.WARNING]
    assert not _levels(_said("M17.11", "M17.12"), "says more")


def test_words_beside_the_evidence_that_call_for_more_are_named():
    said = _said("I50.9", sentence="Acute on chronic systolic congestive heart failure")
    assert _levels(said, "may call for I50.2") == [Level.WARNING]
    assert not _levels(_said("I50.9", sentence="Heart failure, NOS"), "may call for")


def test_a_stay_without_a_principal_diagnosis_gets_a_candidate_from_its_final_diagnoses():
    places = {"A41.9": (2, 40), "Z79.4": (2, 10), "J18.9": (2, 80)}
    said = _said("J18.9", "Z79.4", "A41.9", diagnosed=places, inpatient=True)
    assert _levels(said, "A41.9 may be the principal") == [Level.INFORMATION]
    assert not _levels(_said("A41.9", diagnosed=places), "may be the principal")


def test_a_status_or_a_symptom_as_principal_diagnosis_is_questioned():
    assert _levels(_said("*Z79.4", inpatient=True), "a state or a history") == [Level.WARNING]
    said = _said("*R07.9", "I21.4", inpatient=True)
    assert _levels(said, "I21.4 is a diagnosis") == [Level.WARNING]
    assert not _levels(_said("*R07.9", inpatient=True), "is a symptom")


def test_present_on_admission_is_asked_of_stays_and_of_what_is_not_exempt():
    missing = "does not say whether it was present"
    assert _levels(_said("I10", "Z79.4", "S52.501D", inpatient=True), missing) == [Level.WARNING]
    assert not _levels(_said("I10:Y", inpatient=True), missing)
    assert not _levels(_said("I10"), missing)
    assert _levels(_said("Z79.4:Y", inpatient=True), "is exempt") == [Level.INFORMATION]


def test_payment_is_shown_for_what_a_person_stands_for_and_no_one_else():
    said = _said("*I50.23", "N17.9", "?E11.22", inpatient=True)
    assert _levels(said, "N17.9: CC") == [Level.INFORMATION]
    assert not _levels(said, "I50.23: MCC")  # the principal diagnosis is none
    assert _levels(said, "I50.23: payment category HCC") == [Level.INFORMATION]
    assert not _levels(said, "E11.22")
    assert not _levels(_said("N17.9"), "CC")


def test_a_complication_that_does_not_count_beside_the_principal_says_so():
    assert knowledge().counts_beside("N17.9", "I50.23")
    assert not knowledge().counts_beside("I50.22", "I50.23")
    said = _said("*I50.23", "I50.22", inpatient=True)
    assert _levels(said, "does not count beside I50.23")


def test_a_service_of_years_without_a_list_says_whose_codes_are_used():
    said = _said("I10", "E11.9", service=date(2019, 5, 1))
    assert _levels(said, "no list of codes of 2019-05-01") == [Level.INFORMATION]
    assert not _levels(_said("I10", service=date(2026, 5, 1)), "no list")


def test_ranges_hold_all_that_is_below_their_ends():
    assert within("P74.21", [("P70", "P74")])
    assert within("E08.9", [("E08", "E08")])
    assert not within("P75", [("P70", "P74")])
    assert not within("E0", [("E08", "E08")])


def test_what_is_published_is_shown_with_the_code():
    about = knowledge().describe("E11.22")
    assert about.payment[0][0] == "37"
    assert knowledge().describe("J96.01").severity == "MCC"
    assert knowledge().facts("I10") == Facts(notes=knowledge().notes("I10"))


def test_a_code_of_another_system_is_left_alone():
    other = Coded(line="x", code=Code(system="CPT", code="99213", title="Unspecified visit"))
    assert check(Claim(codes=(other,), inpatient=True), knowledge()) == ()
    assert not manifestation(other, Facts())
    assert knowledge().code("I10").system == ICD10CM
