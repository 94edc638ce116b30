"""Findings and codes made anew: decisions stay where their words still stand, and nowhere else."""

from concurrent.futures import Future
from dataclasses import replace
from types import SimpleNamespace

import pytest

from digitizer.chart.clinical import Entity, Label
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.people import Role, User
from digitizer.chart.review import Action
from digitizer.chart.search import SearchRequest
from digitizer.chart.text import TextSpan
from digitizer.errors import OutdatedError, TransientError, UsageError
from digitizer.operations import paper, sign_off, worklist
from digitizer.operations.anew import understand_anew
from digitizer.operations.chart import look, look_at, wording_of
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.find import find
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import feed
from digitizer.review.decide import LineState
from digitizer.store import anew, documents, reviews
from digitizer.testing.memory_search import MemorySearch
from tests import charts

ANNA = User(id=1, name="anna", roles=frozenset({Role.CODER}))
TESS = User(id=2, name="tess", roles=frozenset({Role.TECHNICIAN}))
SAYS = "Assessment: has hypertension and gaut, type 2 diabetes.\n"
CODES = {"hypertension": "I10", "gout": "M10.9", "type 2 diabetes": "E11.9"}


def _analysed(document):
    """What an analysis finds: the words of CODES, denied behind "no"."""
    found, entities = [], []
    for page in document.pages:
        for words, code in CODES.items():
            at = page.content.find(words)
            if at < 0:
                continue
            denied = "negated" if page.content[:at].endswith("no ") else ""
            made = charts.suggestion(words, code, content=page.content, withheld=denied)
            evidence = replace(made.evidence[0], page=page.number)
            found.append(replace(made, evidence=(evidence,)))
            span = TextSpan(at, at + len(words))
            entities.append(Entity(label=Label.PROBLEM, page=page.number, span=span, text=words))
    return replace(document, entities=tuple(entities), suggestions=tuple(found), phi=())


class Crew:
    """An analysis in this process; `fails` is raised instead of an answer."""

    fails: Exception | None = None
    given: object = None  # the document that was read again
    meanwhile = staticmethod(lambda: None)

    @property
    def analysis(self):
        return SimpleNamespace(submit=self._submit, result=lambda future: future.result())

    def _submit(self, _function, _pipeline, document):
        done, self.given = Future(), document
        self.meanwhile()
        done.set_exception(self.fails) if self.fails else done.set_result(_analysed(document))
        return done


class Desk:
    def __init__(self, house):
        self.house, self.crew, self.index = house, Crew(), MemorySearch()
        read = replace(charts.document(), pages=(charts.page(SAYS),))
        self.key = charts.keep(house.store, _analysed(read))

    def do(self, action, who=ANNA, key=None, **words):
        key = key or self.key
        seen = look(self.house, who, key).review.version
        proposal = Proposal(action=action, **words)
        return decide(self.house, _NO_CODES, who, key, seen, proposal, now=0.0)

    def accept(self, code):
        return self.do(Action.ACCEPT, target=self.line(code).id)

    def reword(self, words, text):
        at = SAYS.index(words)
        spots = [(1, at, at + len(words))]
        return self.do(Action.CORRECT, TESS, target="text", value=text, spots=spots)

    def line(self, code):
        return next(x for x in look(self.house, ANNA, self.key).coding.lines if x.code.code == code)

    def again(self):
        return understand_anew(self.house, self.crew)

    def states(self):
        return {
            line.code.code: line.state for line in look(self.house, ANNA, self.key).coding.lines
        }

    def sign(self):
        seen = look(self.house, ANNA, self.key).review.version
        return sign_off.sign_off(self.house, ANNA, self.key, seen)


_NO_CODES = SimpleNamespace(code=lambda code: None)


@pytest.fixture
def desk(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield Desk(house)


def test_a_corrected_word_gives_the_code_that_it_means_on_its_own_ink(desk):
    desk.accept("I10")
    assert "M10.9" not in desk.states()
    desk.reword("gaut", "gout")
    assert desk.again()
    assert desk.states() == {
        "I10": LineState.ACCEPTED,
        "E11.9": LineState.OPEN,
        "M10.9": LineState.OPEN,
    }
    (evidence,) = desk.line("M10.9").evidence
    assert (evidence.text, evidence.span.of(SAYS)) == ("gout", "gaut")
    page = look_at(desk.house, ANNA, desk.key, 1)
    assert evidence.boxes == page.text.boxes_of(evidence.span)
    assert "gout" in wording_of(desk.house, ANNA, desk.key, page).content
    assert page.content == SAYS
    desk.accept("M10.9")
    chart = look(desk.house, ANNA, desk.key)
    assert not [m for m in chart.messages if "read otherwise" in m.text]
    assert not desk.again()


@pytest.mark.parametrize(
    ("field", "value", "read_as"),
    [
        ("doc_type", "operative_note", lambda d: d.doc_type),
        ("encounter_date", "2021-03-04", lambda d: str(d.encounter_date)),
        ("name", "Ida Example", lambda d: d.patient.name),
    ],
)
def test_what_codes_and_hidden_words_rest_on_is_corrected_and_they_are_made_anew(
    desk, field, value, read_as
):
    corrected = desk.do(Action.CORRECT, TESS, target=field, value=value)
    with pytest.raises(UsageError, match="anew"):
        desk.sign()
    assert desk.again()
    assert read_as(desk.crew.given) == value
    assert not desk.again()
    desk.do(Action.UNDO, TESS, target=str(corrected.coding.history[-1].version))
    assert desk.again()
    assert read_as(desk.crew.given) != value


def test_a_corrected_sex_leaves_the_codes_as_they_are(desk):
    desk.do(Action.CORRECT, TESS, target="sex", value="F")
    assert not desk.again()


def test_the_corrected_word_is_found_and_marked_on_its_ink(desk):
    desk.reword("gaut", "gout")
    desk.again()
    feed(desk.house, desk.index)
    for query in ("gout", "problem:gout"):
        (hit,) = find(desk.house, desk.index, SearchRequest(query=query)).hits
        assert "gout" in hit.snippet
    page = charts.page(SAYS)
    at = SAYS.index("gaut")
    assert hit.boxes == page.text.boxes_of(TextSpan(at, at + 4))


def test_a_decision_whose_words_are_gone_is_shown_and_stops_the_signature(desk):
    desk.accept("I10")
    desk.accept("E11.9")
    desk.reword("hypertension", "hypotension")
    desk.again()
    assert desk.states()["I10"] is LineState.ORPHANED
    assert desk.states()["E11.9"] is LineState.ACCEPTED
    with pytest.raises(UsageError, match="I10 was decided"):
        desk.sign()


def test_an_acceptance_does_not_stand_once_its_very_words_are_denied(desk):
    desk.accept("I10")
    desk.reword("has", "no")
    desk.again()
    lines = look(desk.house, ANNA, desk.key).coding.lines
    states = {line.state for line in lines if line.code.code == "I10"}
    assert states == {LineState.ORPHANED, LineState.WITHHELD}
    assert look(desk.house, ANNA, desk.key).coding.confirmed == ()


def test_a_chart_is_not_signed_before_nor_unseen_after(desk):
    seen = desk.accept("I10").review.version
    desk.reword("gaut", "gout")
    with pytest.raises(UsageError, match="made anew"):
        desk.sign()
    seen = look(desk.house, ANNA, desk.key).review.version
    desk.again()
    with pytest.raises(OutdatedError):
        sign_off.sign_off(desk.house, ANNA, desk.key, seen)
    desk.sign()


def test_undoing_a_correction_undoes_what_was_made_of_it(desk):
    before = look(desk.house, ANNA, desk.key)
    version = desk.reword("gaut", "gout").review.version
    desk.again()
    desk.do(Action.UNDO, TESS, target=str(version))
    desk.again()
    after = look(desk.house, ANNA, desk.key)
    assert after.coding.lines == before.coding.lines
    assert after.document.entities == before.document.entities


def test_nothing_changed_leaves_no_trace_on_the_chart(desk):
    version = desk.reword("Assessment", "Assesment").review.version
    desk.again()
    assert look(desk.house, ANNA, desk.key).review.version == version


def test_what_was_asked_for_again_meanwhile_is_made_again(desk):
    desk.reword("gaut", "gouty")
    desk.crew.meanwhile = lambda: (
        setattr(desk.crew, "meanwhile", lambda: None),
        desk.reword("gaut", "gout"),
    )
    assert desk.again()
    assert "M10.9" not in desk.states()
    assert desk.again()
    assert "M10.9" in desk.states()


def test_a_failing_analysis_is_tried_a_few_times_and_at_the_next_start(desk):
    desk.reword("gaut", "gout")
    desk.crew.fails = TransientError("killed")
    for _ in range(anew.MOST_TRIES):
        with pytest.raises(TransientError):
            desk.again()
    assert not desk.again()
    with pytest.raises(UsageError, match="made anew"):
        desk.accept("I10")
        desk.sign()
    desk.crew.fails = None
    with desk.house.store.begin() as tx:
        anew.recover(tx)
    assert desk.again()
    assert "M10.9" in desk.states()


def test_words_corrected_together_are_not_torn_apart(desk):
    desk.reword("type 2 diabetes", "type 1 diabetes")
    with pytest.raises(UsageError, match="together with others"):
        desk.reword("2", "3")
    desk.reword("gaut, type 2 diabetes", "gout")
    desk.again()
    assert "M10.9" in desk.states()


def test_pages_that_people_parted_and_joined_are_understood_anew_and_a_re_run_keeps_it(tmp_path):
    leaves = (charts.page("no "), charts.page("hypertension\n", 2), charts.page("gaut\n", 3))
    with open_house(init(tmp_path / "home")) as house:
        read = _analysed(replace(charts.document(), pages=leaves))
        key = charts.keep(house.store, read)
        spots = [(3, 0, 4)]
        fix = Proposal(action=Action.CORRECT, target="text", value="gout", spots=spots)
        decide(house, None, TESS, key, 0, fix, now=0.0)
        while understand_anew(house, Crew()):
            pass
        step = PaperStep(act=PaperAct.SPLIT, pages=(3,))
        paper.take_step(house, TESS, 1, 0, step)
        other = f"{key[:-2]}-3"
        with pytest.raises(UsageError, match="made anew"):
            sign_off.sign_off(house, ANNA, other, look(house, ANNA, other).review.version)
        while understand_anew(house, Crew()):
            pass
        assert [s.code.code for s in look(house, ANNA, other).document.suggestions] == ["M10.9"]
        with house.store.begin() as tx:
            paper.keep(tx, 1, "a" * 64, [read])
        while understand_anew(house, Crew()):
            pass
        assert [s.code.code for s in look(house, ANNA, other).document.suggestions] == ["M10.9"]
        paper.take_step(house, TESS, 1, 1, PaperStep(act=PaperAct.UNDO, value="1"))
        while understand_anew(house, Crew()):
            pass
        found = {s.code.code for s in look(house, ANNA, key).document.suggestions}
        assert found == {"I10", "M10.9"}
        listed = worklist.worklist(house, ANNA, now=0.0, everyone=True)
        assert [entry.document for entry in listed] == [key]


def test_a_document_without_a_place_to_go_is_forgotten(desk):
    desk.reword("gaut", "gout")
    with desk.house.store.begin() as tx:
        documents.replace_all(tx, 1, "a" * 64, [])
    assert desk.again()
    assert not desk.again()
    with desk.house.store.read() as tx:
        assert reviews.get(tx, desk.key).version == 1
