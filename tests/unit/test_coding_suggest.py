import pickle

import pytest

from digitizer.chart.clinical import (
    Assertion,
    Entity,
    Experiencer,
    Label,
    Presence,
    Time,
)
from digitizer.chart.document import Document
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text, TextSpan, Word
from digitizer.coding.named import ONLY_NAMED
from digitizer.coding.suggest import SuggestCodes
from digitizer.errors import ConfigError
from tests.codes import MODELS, knowledge, suggester

DENIED = Assertion(presence=Presence.NEGATED)
POSSIBLE = Assertion(presence=Presence.POSSIBLE)
PAST = Assertion(time=Time.HISTORICAL)
MOTHER = Assertion(experiencer=Experiencer.FAMILY)


def printed(content):
    """Text whose words are printed one beside the other, ten pixels a letter, a line each 20."""
    words, starts, at = [], [], 0
    for row, line in enumerate(content.split("\n")):
        offset = 0
        for word in line.split():
            offset = line.index(word, offset)
            box = Box(10 * offset, 20 * row, 10 * (offset + len(word)), 20 * row + 15)
            words.append(Word(text=word, box=box, confidence=1.0))
            starts.append(at + offset)
            offset += len(word)
        at += len(line) + 1
    return Text(content=content, words=tuple(words), starts=tuple(starts))


def suggested(content, *found, label=Label.PROBLEM, **fields):
    """What is suggested for a page: `found` are terms, or (term, assertion) pairs."""
    entities = []
    for one in found:
        term, assertion = one if isinstance(one, tuple) else (one, Assertion())
        start = content.index(term)
        span = TextSpan(start, start + len(term))
        entities.append(Entity(label=label, page=1, span=span, text=term, assertion=assertion))
    page = Page(number=1, text=printed(content))
    document = Document(pages=(page,), entities=tuple(entities), **fields)
    return suggester()(document).suggestions


def codes(suggestions, *, withheld=False):
    return {s.code.code for s in suggestions if s.suggested is not withheld}


def test_an_affirmed_problem_is_suggested_with_its_ink():
    (one,) = suggested("Assessment: CHF, stable.\n", "CHF")
    assert one.code.code == "I50.9"
    assert one.suggested
    assert one.evidence[0].text == "CHF"
    assert one.evidence[0].boxes == (Box(120, 0, 160, 15),)
    assert "CHF" in one.why
    assert "Heart failure" in one.why


@pytest.mark.parametrize(
    ("assertion", "word"),
    [(DENIED, "negated"), (POSSIBLE, "possible"), (PAST, "historical"), (MOTHER, "family")],
)
def test_what_the_patient_has_not_now_is_withheld_with_the_reason(assertion, word):
    shown = suggested("pneumonia is mentioned\n", ("pneumonia", assertion))
    assert codes(shown) == set()
    assert {s.withheld for s in shown} == {word}


def test_possible_counts_for_inpatients_only():
    said = ("pneumonia", POSSIBLE)
    text = "Probable pneumonia\n"
    assert codes(suggested(text, said, doc_type="discharge_summary")) == {"J18.9"}
    assert codes(suggested(text, said, doc_type="progress_note")) == set()
    assert codes(suggested(text, said, doc_type="discharge_summary", setting="ed")) == set()


def test_a_code_affirmed_elsewhere_rests_on_that_place_alone():
    text = "Denies gout.\nToday: acute gout of the toe.\n"
    (one,) = suggested(text, ("gout", DENIED), "acute gout")
    assert one.suggested
    assert [e.text for e in one.evidence] == ["acute gout"]


def test_a_past_cancer_is_coded_as_history_and_a_past_infection_only_offered():
    cancer = suggested("breast cancer\n", ("breast cancer", PAST))
    assert codes(cancer) == {"Z85.3"}
    assert codes(cancer, withheld=True) == {"C50.919"}
    pneumonia = suggested("pneumonia\n", ("pneumonia", PAST))
    assert codes(pneumonia) == set()
    assert "Z87.01" in codes(pneumonia, withheld=True)


def test_a_relatives_disease_shows_its_history_code_as_an_option():
    shown = suggested("breast cancer\n", ("breast cancer", MOTHER))
    assert codes(shown) == set()
    assert "Z80.3" in codes(shown, withheld=True)


@pytest.mark.parametrize(
    ("content", "term", "code"),
    [
        ("Right knee pain for weeks", "knee pain", "M25.561"),
        ("Knee pain, left", "Knee pain", "M25.562"),
        ("type 1 diabetes since childhood", "diabetes", "E10.9"),
        ("CKD stage 4", "CKD", "N18.4"),
        ("chronic kidney disease, stage IIIb", "chronic kidney disease", "N18.32"),
        ("acute on chronic systolic heart failure", "systolic heart failure", "I50.23"),
        ("primary osteoarthritis, right knee", "primary osteoarthritis, right knee", "M17.11"),
        ("closed fracture of the left ankle", "closed fracture of the left ankle", "S82.892A"),
    ],
)
def test_words_beside_the_finding_make_its_code_more_specific(content, term, code):
    assert codes(suggested(content + "\n", term)) == {code}


def test_the_side_of_another_finding_is_not_borrowed():
    text = "Left hip fracture repaired. Now knee pain. Right hand dominant.\n"
    assert codes(suggested(text, "knee pain")) == {"M25.569"}


def test_an_ambiguous_short_name_needs_its_context():
    assert codes(suggested("MS: alert and oriented\n", "MS")) == set()
    assert codes(suggested("MS without lesions\n", "MS without lesions")) == set()
    assert codes(suggested("MS, relapsing, on interferon\n", "MS")) == {"G35.D"}


def test_hypertension_is_combined_with_heart_failure_and_kidney_disease():
    text = "hypertension\nheart failure\nCKD stage 3\n"
    heart = suggested(text, "hypertension", "heart failure")
    kidney = suggested(text, "hypertension", "CKD stage 3")
    both = suggested(text, "hypertension", "heart failure", "CKD stage 3")
    assert codes(heart) == {"I11.0", "I50.9"}
    assert codes(kidney) == {"I12.9", "N18.30"}
    assert codes(both) == {"I13.0", "I50.9", "N18.30"}
    assert codes(both, withheld=True) == {"I10"}
    combined = next(s for s in both if s.code.code == "I13.0")
    assert [e.text for e in combined.evidence] == ["hypertension", "heart failure", "CKD stage 3"]


def test_diabetes_is_combined_with_kidney_disease():
    shown = suggested("type 2 diabetes and CKD stage 2\n", "type 2 diabetes", "CKD stage 2")
    assert codes(shown) == {"E11.22", "N18.2"}


def test_nothing_is_combined_with_what_is_denied():
    shown = suggested("hypertension, no heart failure\n", "hypertension", ("heart failure", DENIED))
    assert codes(shown) == {"I10"}


def test_a_symptom_of_a_suggested_disease_is_withheld():
    shown = suggested("shortness of breath from pneumonia\n", "shortness of breath", "pneumonia")
    assert codes(shown) == {"J18.9"}
    assert next(s for s in shown if not s.suggested).withheld == "symptom of J18.9"
    alone = suggested(
        "shortness of breath, no pneumonia\n", "shortness of breath", ("pneumonia", DENIED)
    )
    assert codes(alone) == {"R06.02"}


def test_laboratory_values_and_medicines_alone_suggest_nothing():
    for label in Label:
        if label is not Label.PROBLEM:
            assert not codes(suggested("Potassium 2.9 hypokalemia\n", "hypokalemia", label=label))


def test_what_is_said_to_be_absent_inside_a_term_is_not_coded():
    shown = suggested("iron deficiency without anemia\n", "iron deficiency without anemia")
    assert not any(code.startswith("D5") for code in codes(shown))


def test_an_unlisted_word_that_only_looks_like_a_title_suggests_nothing():
    assert codes(suggested("polyp of spleen\n", "polyp of spleen")) == set()
    assert codes(suggested("a cyst\n", "cyst")) == set()


def test_what_is_only_named_is_shown_and_not_suggested():
    found = suggested("hypertension and renal failure, acute, and pain\n")
    assert not codes(found)
    why = {s.code.code: (s.withheld, s.evidence[0].text) for s in found}
    assert why["I10"] == (ONLY_NAMED, "hypertension")
    assert why["N17.9"] == (ONLY_NAMED, "renal failure, acute")


def test_words_of_a_problem_that_was_read_are_not_named_again():
    found = suggested("Assessment: acute appendicitis.\n", "acute appendicitis")
    assert [s.code.code for s in found] == ["K35.80"]


def test_words_that_were_read_badly_lower_the_score():
    page = Page(number=1, text=printed("gout"))
    doubtful = Word(text="gout", box=Box(0, 0, 40, 15), confidence=0.2)
    blurred = Page(number=1, text=Text(content="gout", words=(doubtful,), starts=(0,)))
    entity = Entity(label=Label.PROBLEM, page=1, span=TextSpan(0, 4), text="gout")
    clear, dim = (
        suggester()(Document(pages=(p,), entities=(entity,))).suggestions for p in (page, blurred)
    )
    assert dim[0].score < clear[0].score


def test_the_stage_is_picklable_and_refuses_to_start_without_what_it_needs():
    assert pickle.loads(pickle.dumps(SuggestCodes())) == SuggestCodes()
    with pytest.raises(ConfigError, match="codes build"):
        SuggestCodes().open(Resources(models=MODELS))
    with pytest.raises(ConfigError, match="icd10cm"):
        SuggestCodes(systems=("icd9",)).open(Resources(models=MODELS, knowledge=knowledge()))
