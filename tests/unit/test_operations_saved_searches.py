"""Kept searches are their owner's, and an exported list says who took it and what for."""

import csv
import io
from dataclasses import replace
from types import SimpleNamespace

import pytest

from digitizer.chart.people import Role, User
from digitizer.chart.review import Action
from digitizer.chart.search import SearchRequest
from digitizer.errors import AccessError, TransientError, UsageError
from digitizer.operations import patients, users
from digitizer.operations import saved_searches as saving
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import feed
from digitizer.operations.permit import keeper
from digitizer.store import audit
from digitizer.testing.memory_search import MemorySearch
from tests import charts

_NO_CODES = SimpleNamespace(code=lambda code: None)
HOSTILE = "=HYPERLINK(1)"


@pytest.fixture
def house(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield house


@pytest.fixture
def index(house):
    charts.keep(house.store, charts.document(), "a")
    charts.keep(house.store, charts.document(name=HOSTILE, mrn="4712"), "b")
    index = MemorySearch()
    feed(house, index)
    return index


def _person(house, name, role):
    made = users.add(house, keeper(house), name, frozenset({role}), "correct horse", now=0.0)
    return User(id=made.user.id, name=name, roles=frozenset({role}))


def test_a_search_is_kept_for_its_owner_alone_under_one_name(house):
    cora, ben = _person(house, "cora", Role.CODER), _person(house, "ben", Role.CODER)
    for query in ("gout", "asthma"):
        saving.save(house, cora, " my  list ", SearchRequest(query=query, limit=20))
    (kept,) = saving.saved(house, cora)
    assert (kept.name, kept.request.query) == ("my list", "asthma")
    assert saving.saved(house, ben) == []
    saving.forget(house, ben, kept.id)
    assert len(saving.saved(house, cora)) == 1
    saving.forget(house, cora, kept.id)
    assert saving.saved(house, cora) == []
    with pytest.raises(UsageError, match="name"):
        saving.save(house, cora, "  ", SearchRequest(query="x"))


def test_a_list_is_exported_with_a_purpose_by_who_may(house, index):
    registrar, coder = _person(house, "rita", Role.REGISTRAR), _person(house, "cora", Role.CODER)
    wanted = SearchRequest(query="hypertension", limit=1)
    with pytest.raises(AccessError):
        saving.listed_csv(house, index, coder, wanted, "a study")
    with pytest.raises(UsageError, match="what the list is for"):
        saving.listed_csv(house, index, registrar, wanted, " ")
    table = saving.listed_csv(house, index, registrar, wanted, "a study")
    assert table.splitlines()[0].startswith('"document","name","dob"')
    assert '"Ada Example"' in table
    assert f'"\'{HOSTILE}"' in table
    with house.store.read() as tx:
        (said,) = [e for e in audit.every(tx) if e.action == "export"]
    assert (said.actor, said.subject) == ("rita", "list of 2 documents for a study")


class Incomplete(MemorySearch):
    """A search that ran out of time."""

    def search(self, request):
        return replace(super().search(request), partial=True)


def test_a_list_that_would_lack_documents_is_refused(house, index, monkeypatch):
    registrar, wanted = _person(house, "rita", Role.REGISTRAR), SearchRequest(query="hypertension")
    cut_short = Incomplete()
    cut_short.update([])
    with pytest.raises(TransientError, match="lack documents"):
        saving.listed_csv(house, cut_short, registrar, wanted, "a study")
    monkeypatch.setattr(saving, "MOST_ROWS", 1)
    with pytest.raises(UsageError, match="2 documents"):
        saving.listed_csv(house, index, registrar, wanted, "a study")
    with house.store.read() as tx:
        assert not [event for event in audit.every(tx) if event.action == "export"]


def test_others_write_while_a_list_is_drawn_up(house, index, monkeypatch):
    registrar, wanted = _person(house, "rita", Role.REGISTRAR), SearchRequest(query="hypertension")
    real = saving.documents.some_listed

    def slowly(tx, keys):
        house.note("look", "written meanwhile")
        return real(tx, keys)

    monkeypatch.setattr(saving.documents, "some_listed", slowly)
    assert "Ada" in saving.listed_csv(house, index, registrar, wanted, "a study")


def test_a_list_says_what_people_corrected_and_which_records_they_merged(house, index):
    rita = _person(house, "rita", Role.REGISTRAR)
    key = charts.keep(house.store, charts.document(mrn="99-100"), "c")
    correction = Proposal(action=Action.CORRECT, target="dob", value="1961-02-03")
    tess = _person(house, "tess", Role.TECHNICIAN)
    decide(house, _NO_CODES, tess, key, 0, correction, now=0.0)

    def listed():
        feed(house, index)
        table = saving.listed_csv(house, index, rita, SearchRequest(query="hypertension"), "a test")
        rows = csv.DictReader(io.StringIO(table))
        return next((r["mrn"], r["also"], r["dob"]) for r in rows if r["document"] == key)

    assert listed() == ("99-100", "", "1961-02-03")
    made = patients.merge(house, rita, "99-100", "4711", "seen in person")
    assert listed() == ("4711", "99-100", "1961-02-03")
    patients.unmerge(house, rita, made.id, "two people after all")
    assert listed() == ("99-100", "", "1961-02-03")
