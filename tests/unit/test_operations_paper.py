"""What people do with the pages of a scan: nothing is overwritten, and all of it can be undone."""

from dataclasses import replace

import pytest

from digitizer.chart.page import Header
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Role, User
from digitizer.chart.review import Action, Level, ReviewState
from digitizer.errors import AccessError, OutdatedError, UsageError
from digitizer.operations import ask, paper, sign_off, worklist
from digitizer.operations.chart import look, look_at
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import record_of
from digitizer.review.decide import LineState
from digitizer.review.validate import validate
from digitizer.store import documents, files, outbox
from tests import charts

ANNA = User(id=1, name="anna", roles=frozenset({Role.CODER}))
TESS = User(id=2, name="tess", roles=frozenset({Role.TECHNICIAN}))
AUDITOR = User(id=3, name="olga", roles=frozenset({Role.AUDITOR}))
ADA, BOB = PatientRef(name="Ada Example", mrn="4711"), PatientRef(name="Bob Other", mrn="99")


def _page(number, patient):
    return replace(charts.page(number=number), header=Header(patient=patient))


def _suggestion(number):
    return charts.suggestion("hypertension", "I10", number=number)


def _document():
    """Three pages taken for Ada's, of which the last names Bob; one suggestion a page."""
    leaves = (_page(1, ADA), _page(2, ADA), _page(3, BOB))
    found = tuple(_suggestion(number) for number in (1, 2, 3))
    return replace(charts.document(), pages=leaves, suggestions=found)


class Scan:
    """One scan, and what is done with it."""

    def __init__(self, house):
        self.house = house
        self.key = charts.keep(house.store, _document())

    def do(self, act, *pages, value="", who=TESS, seen=None):
        seen = self.sheaf().paper.version if seen is None else seen
        step = PaperStep(act=act, pages=pages, value=str(value))
        return paper.take_step(self.house, who, 1, seen, step)

    def sheaf(self):
        return paper.open_sheaf(self.house, TESS, 1)

    def accept(self, number, key=None):
        key = key or self.key
        seen = look(self.house, ANNA, key).review.version
        proposal = Proposal(action=Action.ACCEPT, target=_suggestion(number).id)
        return decide(self.house, None, ANNA, key, seen, proposal, now=0.0)

    def pages(self):
        with self.house.store.read() as tx:
            return {
                key: [leaf.number for leaf in documents.bare(tx, key).leaves]
                for key in documents.of_file(tx, 1)
            }

    def states(self, key):
        lines = look(self.house, ANNA, key).coding.lines
        return {line.evidence[0].page: line.state for line in lines}


@pytest.fixture
def scan(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield Scan(house)


def _end(key, page):
    return f"{key.rpartition('-')[0]}-{page}"


def test_a_split_makes_a_document_of_its_own_whose_patient_is_read_anew(scan):
    scan.do(PaperAct.SPLIT, 3)
    other = _end(scan.key, 3)
    assert scan.pages() == {scan.key: [1, 2], other: [3]}
    assert look(scan.house, ANNA, other).document.patient == BOB
    assert look(scan.house, ANNA, scan.key).document.patient == ADA
    assert list(scan.states(other)) == [3]
    with scan.house.store.read() as tx:
        assert record_of(tx, 1, 3).mrn == "99"
        assert {change.number for change in outbox.waiting(tx, 99)} == {1, 2, 3}


def test_decisions_go_with_the_pages_they_are_about_and_come_back(scan):
    scan.accept(1)
    scan.accept(3)
    scan.do(PaperAct.SPLIT, 3)
    other = _end(scan.key, 3)
    assert scan.states(scan.key) == {1: LineState.ACCEPTED, 2: LineState.OPEN}
    assert scan.states(other) == {3: LineState.ACCEPTED}
    (line,) = look(scan.house, ANNA, other).coding.confirmed
    assert line.by == "anna"
    scan.do(PaperAct.UNDO, value=1)
    assert scan.pages() == {scan.key: [1, 2, 3]}
    accepted = {1: LineState.ACCEPTED, 2: LineState.OPEN, 3: LineState.ACCEPTED}
    assert scan.states(scan.key) == accepted
    listed = worklist.worklist(scan.house, ANNA, now=0.0, everyone=True)
    assert [entry.document for entry in listed] == [scan.key]


def test_pages_are_joined_ordered_and_turned(scan):
    scan.do(PaperAct.SPLIT, 2)
    scan.do(PaperAct.SPLIT, 3)
    scan.do(PaperAct.JOIN, 3, 1)
    scan.do(PaperAct.ORDER, 3, 1)
    scan.do(PaperAct.TURN, 3, value=90)
    scan.do(PaperAct.TURN, 3, value=180)
    assert scan.pages() == {scan.key: [3, 1], _end(scan.key, 2): [2]}
    assert look_at(scan.house, ANNA, scan.key, 3).rotation == 90
    scan.do(PaperAct.UNDO, value=6)
    assert look_at(scan.house, ANNA, scan.key, 3).rotation == 270


def test_a_re_run_keeps_what_people_arranged(scan):
    scan.do(PaperAct.SPLIT, 3)
    scan.do(PaperAct.ORDER, 2, 1)
    with scan.house.store.begin() as tx:
        paper.keep(tx, 1, files.get(tx, 1).sha256, [_document()])
    assert scan.pages() == {scan.key: [2, 1], _end(scan.key, 3): [3]}
    scan.do(PaperAct.UNDO, value=1)  # the order names pages that are no document now: moot
    assert scan.pages() == {scan.key: [1, 2, 3]}


@pytest.mark.parametrize(
    ("act", "pages", "value", "why"),
    [
        (PaperAct.SPLIT, (1,), "", "begins its document already"),
        (PaperAct.SPLIT, (9,), "", "no such page"),
        (PaperAct.JOIN, (1, 2), "", "each of two documents"),
        (PaperAct.ORDER, (1, 2), "", "every page of one document"),
        (PaperAct.TURN, (1,), "45", "turned by"),
        (PaperAct.AGAIN, (1,), "ugly", "is one of"),
        (PaperAct.UNDO, (), "7", "no such step"),
        (PaperAct.STOW, (), "x" * 99, "at most"),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_its_reason(scan, act, pages, value, why):
    with pytest.raises(UsageError, match=why):
        scan.do(act, *pages, value=value)
    assert scan.sheaf().paper.version == 0


def test_a_signed_chart_and_a_later_version_are_left_alone(scan):
    with pytest.raises(AccessError):
        scan.do(PaperAct.SPLIT, 3, who=AUDITOR)
    scan.accept(1)
    sign_off.sign_off(scan.house, ANNA, scan.key, 1)
    with pytest.raises(UsageError, match="reopen it first"):
        scan.do(PaperAct.SPLIT, 3)
    assert scan.pages() == {scan.key: [1, 2, 3]}
    sign_off.reopen(scan.house, ANNA, scan.key, "a stranger's page")
    scan.do(PaperAct.SPLIT, 3)
    with pytest.raises(OutdatedError, match="meanwhile"):
        scan.do(PaperAct.SPLIT, 2, seen=0)


def test_nobody_signs_pages_that_came_or_went_while_they_looked_on(scan):
    scan.accept(1)
    seen = look(scan.house, ANNA, scan.key).review.version
    scan.do(PaperAct.SPLIT, 3)
    with pytest.raises(OutdatedError):
        sign_off.sign_off(scan.house, ANNA, scan.key, seen)


def test_a_code_whose_words_lie_in_another_chart_is_an_error(scan):
    scan.accept(1)
    chart = look(scan.house, ANNA, scan.key)
    here, elsewhere = (validate(chart.document, chart.coding, (), pages) for pages in ({1}, {2}))
    assert not [m for m in here if "another chart" in m.text]
    (message,) = (m for m in elsewhere if "another chart" in m.text)
    assert message.level is Level.ERROR


def test_a_signed_chart_keeps_the_order_of_its_pages(scan):
    scan.accept(1)
    sign_off.sign_off(scan.house, ANNA, scan.key, 1)
    with pytest.raises(UsageError, match="reopen it first"):
        scan.do(PaperAct.ORDER, 2, 1, 3)


def test_a_join_lays_nobodys_correction_over_another_chart(scan):
    scan.do(PaperAct.SPLIT, 3)
    seen = look(scan.house, ANNA, scan.key).review.version
    wrong = Proposal(action=Action.CORRECT, target="mrn", value="4712")
    decide(scan.house, None, TESS, scan.key, seen, wrong, now=0.0)
    with pytest.raises(UsageError, match="undo that first"):
        scan.do(PaperAct.JOIN, 1, 3)
    assert scan.pages() == {scan.key: [1, 2], _end(scan.key, 3): [3]}


def test_a_page_put_in_another_place_stays_a_possible_misfile(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        flagged = replace(_document(), warnings=("possible misfile: page 3 names another patient",))
        key = charts.keep(house.store, flagged)
        step = PaperStep(act=PaperAct.ORDER, pages=(1, 3, 2))
        paper.take_step(house, TESS, 1, 0, step)
        assert look(house, ANNA, key).document.possible_misfile


def test_the_list_of_paper_says_what_is_to_be_checked_and_what_may_go(scan):
    charts.keep(scan.house.store, charts.document(), "b")
    assert paper.next_to_check(scan.house, TESS, after=1) == 2
    scan.do(PaperAct.GOOD, 1, 2)
    scan.do(PaperAct.AGAIN, 3, value="folded")
    first, second = paper.stacks(scan.house, TESS)
    assert (first.good, first.again, first.unchecked, first.may_go) == (2, 1, 0, False)
    assert (second.unchecked, second.may_go) == (1, False)
    assert paper.next_to_check(scan.house, TESS, after=2) == 2
    scan.do(PaperAct.GOOD, 3)
    assert paper.stacks(scan.house, TESS)[0].may_go


def test_the_paper_may_go_once_every_page_was_found_good(scan):
    scan.do(PaperAct.GOOD, 1, 2)
    assert not scan.sheaf().may_go
    scan.do(PaperAct.AGAIN, 3, value="cut_off")
    assert (list(scan.sheaf().unchecked), list(scan.sheaf().again)) == ([], [3])
    scan.do(PaperAct.GOOD, 3)
    assert scan.sheaf().may_go
    scan.do(PaperAct.STOW, value="box 12, shelf B")
    assert scan.sheaf().paper.place == "box 12, shelf B"
    with scan.house.store.read() as tx:
        assert record_of(tx, 1, 2).paper == "box 12, shelf B"
        assert {change.number for change in outbox.waiting(tx, 99)} == {1, 2, 3}


def _ask(scan, *numbers, key=None):
    spots = [(number, 0, 10) for number in numbers]
    return ask.ask(scan.house, ANNA, key or scan.key, "status", spots, "Dr. Test")


def _state(scan, key):
    return look(scan.house, ANNA, key).review.state


def test_a_query_goes_with_the_pages_that_it_cites_and_comes_back(scan):
    query = _ask(scan, 3)
    scan.do(PaperAct.SPLIT, 3)
    other = _end(scan.key, 3)
    assert [q.id for q in look(scan.house, ANNA, other).queries] == [query.id]
    assert look(scan.house, ANNA, scan.key).queries == ()
    states = (_state(scan, other), _state(scan, scan.key))
    assert states == (ReviewState.QUERIED, ReviewState.IN_REVIEW)
    scan.do(PaperAct.UNDO, value=1)
    assert [q.id for q in look(scan.house, ANNA, scan.key).queries] == [query.id]
    assert _state(scan, scan.key) is ReviewState.QUERIED
    scan.do(PaperAct.SPLIT, 3)
    ask.answer(scan.house, ANNA, query.id, "present")
    assert _state(scan, other) is ReviewState.IN_REVIEW
    scan.do(PaperAct.JOIN, 3, 1)
    (kept,) = look(scan.house, ANNA, scan.key).queries
    assert (kept.answer, kept.document) == ("present", scan.key)


def test_pages_that_an_open_query_cites_together_are_not_torn_apart(scan):
    query = _ask(scan, 1, 3)
    with pytest.raises(UsageError, match="withdraw it first"):
        scan.do(PaperAct.SPLIT, 3)
    ask.answer(scan.house, ANNA, query.id, "withdrawn")
    scan.do(PaperAct.SPLIT, 3)
    assert len(look(scan.house, ANNA, scan.key).queries) == 1


def test_a_carried_principal_diagnosis_takes_no_standing_ones_place(scan):
    scan.do(PaperAct.SPLIT, 3)
    other = _end(scan.key, 3)
    for number, key in ((1, scan.key), (3, other)):
        scan.accept(number, key)
        seen = look(scan.house, ANNA, key).review.version
        first = Proposal(action=Action.PRINCIPAL, target=_suggestion(number).id)
        decide(scan.house, None, ANNA, key, seen, first, now=0.0)
    scan.do(PaperAct.JOIN, 3, 1)
    confirmed = look(scan.house, ANNA, scan.key).coding.confirmed
    assert [(line.evidence[0].page, line.principal) for line in confirmed] == [
        (1, True),
        (3, False),
    ]
    assert "principal" in confirmed[1].notes[0]


def test_a_carried_principal_diagnosis_stays_it_where_none_stands(scan):
    scan.accept(3)
    first = Proposal(action=Action.PRINCIPAL, target=_suggestion(3).id)
    decide(scan.house, None, ANNA, scan.key, 1, first, now=0.0)
    scan.do(PaperAct.SPLIT, 3)
    (line,) = look(scan.house, ANNA, _end(scan.key, 3)).coding.confirmed
    assert line.principal
