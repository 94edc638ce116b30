"""The dashboard counts what was done, what waits, and what became of suggestions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from digitizer.chart.people import Role, User
from digitizer.chart.review import Action
from digitizer.errors import AccessError
from digitizer.operations import sign_off
from digitizer.operations.chart import look
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.statistics import statistics
from tests import charts

ANNA = User(id=1, name="anna", roles=frozenset({Role.CODER}))
TESS = User(id=2, name="tess", roles=frozenset({Role.TECHNICIAN}))
OLGA = User(id=3, name="olga", roles=frozenset({Role.AUDITOR}))
_NO_CODES = SimpleNamespace(code=lambda code: None)


class Desk:
    """One chart with a sure suggestion and an unsure one, and one that nobody has touched."""

    def __init__(self, house):
        self.house = house
        sure, unsure, denied = charts.suggestions()
        made = replace(charts.document(), suggestions=(sure, replace(unsure, score=0.6), denied))
        self.sure, self.unsure = sure.id, made.suggestions[1].id
        self.key = charts.keep(house.store, made, "a")
        charts.keep(house.store, charts.document(name="Bo Example", mrn="31"), "b")

    def do(self, action, who=ANNA, **words):
        seen = look(self.house, who, self.key).review.version
        proposal = Proposal(action=action, **words)
        return decide(self.house, _NO_CODES, who, self.key, seen, proposal, now=0.0)

    def seen(self, later=timedelta()):
        return statistics(self.house, OLGA, now=datetime.now(UTC) + later)


@pytest.fixture
def desk(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield Desk(house)


def _signed(desk):
    desk.do(Action.CORRECT, TESS, target="sex", value="F")
    desk.do(Action.ACCEPT, target=desk.sure)
    desk.do(Action.REJECT, target=desk.unsure, reason="not_supported")
    seen = look(desk.house, ANNA, desk.key).review.version
    sign_off.sign_off(desk.house, ANNA, desk.key, seen)


def test_suggestions_are_told_apart_by_how_sure_the_engine_was_and_by_code(desk):
    _signed(desk)
    found = desk.seen()
    assert [(f.name, f.accepted, f.rejected, f.share) for f in found.bands] == [
        ("high", 1, 0, 1.0),
        ("medium", 0, 1, 0.0),
    ]
    assert [(f.name, f.judged) for f in found.codes] == [("E11.9", 1)]


def test_signed_charts_are_counted_by_day_with_the_time_from_the_coders_first_decision(desk):
    assert desk.seen().minutes is None
    _signed(desk)
    found = desk.seen()
    assert found.signed[-1] == (datetime.now(UTC).date().isoformat(), 1)
    assert sum(number for _, number in found.signed) == 1
    assert dict(found.times)["under 1 minute"] == found.charts == 1


def test_waiting_charts_are_counted_by_their_age(desk):
    assert dict(desk.seen().ages)["under an hour"] == 2
    assert dict(desk.seen(timedelta(hours=2)).ages)["1 to 8 hours"] == 2
    _signed(desk)
    assert dict(desk.seen(timedelta(days=30)).ages)["over a week"] == 1


def test_how_others_work_is_shown_to_who_may_read_the_trail_alone(desk):
    with pytest.raises(AccessError):
        statistics(desk.house, ANNA, now=datetime.now(UTC))
