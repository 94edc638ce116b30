from hypothesis import given, settings
from hypothesis import strategies as st

from digitizer.chart.clinical import Assertion, Entity, Experiencer, Label, Presence, Time
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import Text, TextSpan
from digitizer.coding.affirm import TOLD
from tests.codes import suggester

TERMS = (
    "hypertension", "CHF", "ckd stage 3", "type 2 diabetes", "pneumonia", "cough", "breast cancer",
    "left hip fracture", "old mi", "afib", "chest pain", "gastric outlet thing", "uti", "dysuria",
)  # fmt: skip

assertions = st.builds(
    Assertion,
    presence=st.sampled_from(Presence),
    experiencer=st.sampled_from(Experiencer),
    time=st.sampled_from(Time),
)
said = st.lists(
    st.tuples(st.sampled_from(TERMS) | st.text(max_size=12), st.just(Assertion()) | assertions),
    max_size=8,
)


def document(findings, setting):
    """A page with one finding a line."""
    content, entities = "", []
    for term, assertion in findings:
        start = len(content)
        content += term + "\n"
        span = TextSpan(start, start + len(term))
        entities.append(
            Entity(label=Label.PROBLEM, page=1, span=span, text=term, assertion=assertion)
        )
    page = Page(number=1, text=Text(content=content))
    return Document(pages=(page,), entities=tuple(entities), setting=setting)


@settings(deadline=None, max_examples=150)
@given(said, st.sampled_from(["inpatient", "outpatient", None]))
def test_only_what_the_patient_has_now_is_ever_suggested(findings, setting):
    read = document(findings, setting)
    shown = suggester()(read).suggestions
    allowed = {
        e.span
        for e in read.entities
        if e.assertion.current
        or (read.inpatient and e.assertion == Assertion(presence=Presence.POSSIBLE))
    }
    assert len({s.code.code for s in shown}) == len(shown)
    for s in shown:
        assert s.code.billable
        assert 0 <= s.score <= 1
        for evidence in s.evidence:
            assert evidence.text == evidence.span.of(read.pages[0].content)
            assert evidence.span in allowed or not s.suggested or s.code.code.startswith(TOLD)
    assert list(shown) == sorted(shown, key=lambda s: (not s.suggested, -s.score, s.code.code))
