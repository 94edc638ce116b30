"""How sure a suggestion is: what stands beside its words decides, and is said."""

import pytest

from digitizer.chart.clinical import Assertion, Presence
from tests.unit.test_coding_suggest import suggested


def only(content, term, code):
    """The suggestion of this code for a term of a line."""
    return next(s for s in suggested(content + "\n", term) if s.code.code == code)


@pytest.mark.parametrize(
    ("content", "term", "code"),
    [
        ("Hypertension.", "Hypertension", "I10"),
        ("Here for gout, COPD and asthma.", "COPD", "J44.9"),
        ("COPD, no exacerbation.", "COPD", "J44.9"),
        ("72-year-old woman with hypothyroidism.", "hypothyroidism", "E03.9"),
        ("Exudative age-related macular degeneration, right eye", "macular degeneration", ""),
    ],
)
def test_a_plain_statement_is_in_the_high_band(content, term, code):
    found = only(content, term, code) if code else suggested(content + "\n", term)[0]
    assert found.band == "high"
    assert "unsure" not in found.why


@pytest.mark.parametrize(
    ("content", "term", "code", "why"),
    [
        ("Asbestosis not shown on film.", "Asbestosis", "J61", "says “not”"),
        ("Contact dermatitis healed.", "Contact dermatitis", "L25.9", "says “healed”"),
        ("Pancreatitis was considered.", "Pancreatitis", "K85.90", "says “considered”"),
        ("Dementia in husband.", "Dementia", "F03.90", "says “husband”"),
        ("Gout in 2018.", "Gout", "M10.9", "says “in 2018”"),
        ("Asthma diary.", "Asthma", "J45.909", "“diary” stands right beside"),
        ("Anemia due to chemotherapy.", "Anemia", "D64.9", "may call for a closer code"),
        ("fibrosis and cystic fibrosisX", "cystic fibrosis", "E84.9", "longer word"),
    ],
)
def test_a_doubt_is_said_and_keeps_a_code_out_of_the_high_band(content, term, code, why):
    found = [s for s in suggested(content + "\n", term) if s.code.code == code]
    assert found, [s.code.code for s in suggested(content + "\n", term)]
    assert found[0].band != "high"
    assert "; unsure: " in found[0].why
    assert why in found[0].why


def test_another_type_in_the_sentence_is_a_doubt():
    text = "Diabetic ketoacidosis in type 1 diabetes, no coma.\n"
    found = suggested(text, "Diabetic ketoacidosis")
    other = [s for s in found if s.code.code == "E11.10"]
    assert other
    assert "says “type 1”" in other[0].why


def test_a_status_is_never_in_the_high_band():
    assert only("Assessment: former smoker.", "former smoker", "Z87.891").band != "high"


def test_one_place_without_a_doubt_is_enough():
    text = "Gout was considered. Asthma. Gout.\n"
    found = suggested(text, "Gout")
    assert found[0].band != "high"
    page = "Gout.\n\nGout was considered.\n"
    assert suggested(page, "Gout")[0].band == "high"


def test_a_withheld_code_keeps_its_reason():
    denied = Assertion(presence=Presence.NEGATED)
    found = suggested("No gout.\n", ("gout", denied))[0]
    assert found.withheld == "negated"
    assert "unsure" not in found.why
