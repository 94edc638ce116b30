"""Coders teach by signing: what they signed is learned, and nothing that they did not sign."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from digitizer.chart.page import Header
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Role, User
from digitizer.chart.review import Action
from digitizer.coding.experience import Experience
from digitizer.errors import UsageError
from digitizer.operations import learn, paper, sign_off
from digitizer.operations.chart import look
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.store import anew
from tests import charts

ANNA = User(id=1, name="anna", roles=frozenset({Role.CODER}))
TESS = User(id=2, name="tess", roles=frozenset({Role.TECHNICIAN}))
HEADER = Header(patient=PatientRef(name="Ada Example", mrn="4711"))


def _suggestion(number):
    return charts.suggestion("hypertension", "I10", number=number)


class Scan:
    """A scan of two pages, each with a suggestion, split into two charts and signed."""

    def __init__(self, home, house):
        self.home, self.house = home, house
        pages = tuple(replace(charts.page(number=n), header=HEADER) for n in (1, 2))
        made = replace(charts.document(), pages=pages, suggestions=tuple(map(_suggestion, (1, 2))))
        self.first = charts.keep(house.store, made)
        self.second = self.first.rpartition("-")[0] + "-2"
        self.do(PaperAct.SPLIT, 2)
        self.decide(self.first, Action.ACCEPT, target=_suggestion(1).id)
        self.decide(self.second, Action.REJECT, target=_suggestion(2).id, reason="past")
        self.sign(self.first)
        self.sign(self.second)

    def do(self, act, *pages):
        seen = paper.open_sheaf(self.house, TESS, 1).paper.version
        paper.take_step(self.house, TESS, 1, seen, PaperStep(act=act, pages=pages))
        with self.house.store.begin() as tx:  # the analysis found the same again
            while asked := anew.first(tx):
                anew.settled(tx, asked)

    def decide(self, key, action, **words):
        seen = look(self.house, ANNA, key).review.version
        proposal = Proposal(action=action, **words)
        decide(self.house, None, ANNA, key, seen, proposal, now=0.0)

    def sign(self, key):
        sign_off.sign_off(self.house, ANNA, key, look(self.house, ANNA, key).review.version)

    def reopen(self, *keys):
        for key in keys:
            sign_off.reopen(self.house, ANNA, key, "the pages belong together")

    def learn(self):
        return learn.learn_from_reviews(self.home, self.house)

    def codes(self):
        return [sorted(e.codes) for e in Experience(self.home.learned).examples()]


@pytest.fixture
def scan(tmp_path):
    home = init(tmp_path / "home")
    with open_house(home) as house:
        yield Scan(home, house)


def test_signed_charts_teach_the_codes_that_were_signed(scan):
    lesson = scan.learn()
    assert (lesson.charts, lesson.left_out, lesson.ranker) == (2, 0, None)
    assert scan.codes() == [["I10"], []]


def test_a_chart_that_was_signed_and_joined_away_is_left_out(scan):
    scan.reopen(scan.first, scan.second)
    scan.do(PaperAct.JOIN, 1, 2)
    with pytest.raises(UsageError, match="no coded chart"):
        scan.learn()  # nobody has signed the pages as they lie now
    scan.sign(scan.first)
    lesson = scan.learn()
    assert (lesson.charts, lesson.left_out) == (1, 1)
    assert scan.codes() == [["I10"]]


def test_what_is_decided_after_signing_is_not_learned_before_it_is_signed(scan):
    scan.reopen(scan.first)
    scan.decide(scan.first, Action.REJECT, target=_suggestion(1).id, reason="past")
    scan.learn()
    assert scan.codes() == [["I10"], []]
    scan.sign(scan.first)
    scan.learn()
    assert scan.codes() == [[], []]


def test_a_signed_version_that_was_changed_in_the_database_is_refused(scan):
    with scan.house.store.begin() as tx:
        tx.execute(sa.text("UPDATE versions SET sha256 = 'other'"))
    with pytest.raises(UsageError, match="restore it"):
        scan.learn()
    assert not Experience(scan.home.learned).exists()
