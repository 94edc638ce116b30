"""What the sentence around a finding says of it: intent, episode, site of nodes; what it lacks."""

import pytest

from digitizer.coding.asked import missing
from tests.codes import knowledge
from tests.unit.test_coding_suggest import codes, suggested


@pytest.mark.parametrize(
    ("text", "term", "code"),
    [
        ("Intentional acetaminophen overdose tonight.", "acetaminophen overdose", "T39.1X2A"),
        ("Unintentional acetaminophen overdose.", "acetaminophen overdose", "T39.1X1A"),
        ("Acetaminophen overdose, suicide attempt.", "Acetaminophen overdose", "T39.1X2A"),
        ("Healing fracture of right distal radius, cast removed.",
         "fracture of right distal radius", "S52.501D"),
        ("Fracture of right distal radius today.", "Fracture of right distal radius", "S52.501A"),
        ("Nonunion of fracture of right distal radius.", "fracture of right distal radius",
         "S52.501K"),
        ("Open fracture of right distal radius.", "fracture of right distal radius", "S52.501B"),
        ("Open reduction of fracture of right distal radius.", "fracture of right distal radius",
         "S52.501A"),
        ("Diffuse large B-cell lymphoma of cervical nodes.", "Diffuse large B-cell lymphoma",
         "C83.31"),
        ("Diffuse large B-cell lymphoma of cervical and inguinal nodes.",
         "Diffuse large B-cell lymphoma", "C83.38"),
        ("Diabetes mellitus with peripheral neuropathy.",
         "Diabetes mellitus with peripheral neuropathy", "E11."),
    ],
)  # fmt: skip
def test_the_last_characters_follow_the_sentence(text, term, code):
    found = codes(suggested(f"Assessment: {text}\n", term))
    assert any(one.startswith(code) for one in found), found
    assert len([one for one in found if one[:3] == code[:3]]) == 1


def test_the_reason_says_as_what_it_was_told():
    (one,) = suggested("Intentional acetaminophen overdose.\n", "acetaminophen overdose")
    assert "as told: Poisoning by 4-Aminophenol derivatives, intentional" in one.why


@pytest.mark.parametrize(
    ("code", "lacks"),
    [
        ("M17.9", {"side"}),
        ("N18.9", {"stage"}),
        ("L89.159", {"stage"}),
        ("I50.9", {"acuity", "systolic or diastolic"}),
        ("J45.909", {"severity"}),
        ("C50.919", {"side", "site"}),
        ("I48.91", {"type"}),
        ("S72.009A", {"side"}),
        ("I10", set()),
        ("J18.9", set()),
        ("M17.11", set()),
    ],
)
def test_a_code_that_leaves_something_open_says_what(code, lacks):
    found = set(missing(knowledge().code(code), knowledge()))
    assert found >= lacks
    assert bool(found) == bool(lacks)


def test_a_suggestion_asks_for_what_the_chart_does_not_say():
    (one,) = suggested("Assessment: CKD.\n", "CKD")
    assert one.code.code == "N18.9"
    assert one.why.endswith("not said: stage")


def test_a_part_of_a_description_is_no_disease():
    found = codes(suggested("Assessment: foot ulcer, fat layer exposed.\n", "fat layer exposed"))
    assert not any(code.startswith(("L98", "L97.1")) for code in found)


def test_a_finding_is_no_history_of_it():
    found = codes(
        suggested("Final diagnosis: hyperplastic polyp of colon.\n", "hyperplastic polyp")
    )
    assert not any(code.startswith("Z86") for code in found)
