"""Two records of one patient: merged by a person, seen everywhere, parted again without a trace."""

from dataclasses import replace
from datetime import date

import pytest

from digitizer.chart.patient import Merge, Merged, PatientRef
from digitizer.chart.people import Role, User
from digitizer.chart.review import Action
from digitizer.chart.search import SearchRequest
from digitizer.errors import AccessError, OutdatedError, UsageError
from digitizer.operations import patients, sign_off, worklist
from digitizer.operations.chart import look
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.find import find
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import feed
from digitizer.store import audit
from digitizer.testing.memory_search import MemorySearch
from digitizer.text.registry import Doubt
from tests import charts

RITA = User(id=1, name="rita", roles=frozenset({Role.REGISTRAR}))
ANNA = User(id=2, name="anna", roles=frozenset({Role.CODER}))
ADMIN = User(id=3, name="root", roles=frozenset({Role.ADMINISTRATOR}))
KNOWN = "the same birth certificate"


class Desk:
    """Ada under 4711 and under 99-100, and Bob."""

    def __init__(self, house):
        self.house, self.index = house, MemorySearch()
        self.first = charts.keep(house.store, charts.document(), "a")
        self.second = charts.keep(house.store, charts.document(mrn="99-100"), "b")
        self.bob = charts.keep(house.store, charts.document(name="Bob Other", mrn="31"), "c")

    def merge(self, gone="99100", stays="4711", who=RITA, because=KNOWN):
        return patients.merge(self.house, who, gone, stays, because)

    def found(self, **request):
        feed(self.house, self.index)
        hits = find(self.house, self.index, SearchRequest(**request)).hits
        return {hit.document for hit in hits}

    def number(self, key):
        patient = look(self.house, RITA, key).document.patient
        return patient.mrn, patient.also

    def listed(self):
        entries = worklist.worklist(self.house, ANNA, now=0.0)
        return {entry.document: (entry.mrn, entry.also) for entry in entries}

    def accept(self):
        seen = look(self.house, ANNA, self.second).review.version
        target = charts.suggestions()[0].id
        proposal = Proposal(action=Action.ACCEPT, target=target)
        return decide(self.house, None, ANNA, self.second, seen, proposal, now=0.0)


@pytest.fixture
def desk(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield Desk(house)


def test_a_merged_record_is_one_in_chart_worklist_and_search_and_parts_again(desk):
    both = {desk.first, desk.second}
    assert desk.found(mrn="4711") == {desk.first}
    made = desk.merge()
    for key in both:
        assert desk.number(key) == ("4711", ("99-100",))
        assert desk.listed()[key] == ("4711", ("99-100",))
    for number in ("4711", "99-100"):
        assert desk.found(mrn=number) == desk.found(query=f"mrn:{number}") == both
    assert [chart.id for chart in patients.record(desk.house, RITA, "99-100").charts] == [
        desk.second,
        desk.first,
    ]
    patients.unmerge(desk.house, RITA, made.id, "two sisters")
    assert desk.number(desk.second) == ("99-100", ())
    assert desk.listed()[desk.first] == ("4711", ())
    assert desk.found(mrn="4711") == {desk.first}
    assert desk.found(mrn="99-100") == {desk.second}
    (kept,) = patients.every_merge(desk.house, RITA)
    assert (kept.because, kept.undone_because, kept.stands) == (KNOWN, "two sisters", False)


def test_a_chart_that_comes_later_under_the_old_number_is_shown_under_the_new_one(desk):
    desk.merge()
    late = charts.keep(desk.house.store, charts.document(mrn="99 100"), "d")
    assert desk.number(late)[0] == "4711"
    assert late in desk.found(mrn="4711")


def test_only_a_registrar_merges_with_a_reason_what_is_not_one_yet(desk):
    refused = [
        ({"who": ANNA}, "may not merge"),
        ({"who": ADMIN}, "may not merge"),
        ({"because": " "}, "how you know"),
        ({"gone": "4711"}, "one record already"),
        ({"gone": "555"}, "no chart has that"),
        ({"stays": "555"}, "no chart has that"),
        ({"stays": "--"}, "two record numbers"),
    ]
    for words, why in refused:
        with pytest.raises(UsageError, match=why):
            desk.merge(**words)
    assert desk.number(desk.second) == ("99-100", ())
    made = desk.merge()
    with pytest.raises(UsageError, match="one record already"):
        desk.merge("4711", "99-100")
    with pytest.raises(UsageError, match="merged already"):
        desk.merge("99-100", "31")
    with pytest.raises(AccessError):
        patients.unmerge(desk.house, ANNA, made.id, "no")
    patients.unmerge(desk.house, RITA, made.id, "two sisters")
    with pytest.raises(UsageError, match="undone already"):
        patients.unmerge(desk.house, RITA, made.id, "again")


def test_three_records_are_one_and_part_one_by_one(desk):
    first = desk.merge()
    desk.merge("4711", "31")
    assert desk.number(desk.second) == ("31", ("99-100", "4711"))
    patients.unmerge(desk.house, RITA, first.id, "two sisters")
    assert desk.number(desk.second) == ("99-100", ())
    assert desk.number(desk.first) == ("31", ("4711",))


def test_nobody_signs_a_chart_whose_record_was_merged_while_they_looked_on(desk):
    seen = desk.accept().review.version
    desk.merge()
    with pytest.raises(OutdatedError):
        sign_off.sign_off(desk.house, ANNA, desk.second, seen)
    after = look(desk.house, ANNA, desk.second)
    assert "merged" in after.coding.notes[0]
    sign_off.sign_off(desk.house, ANNA, desk.second, after.review.version)
    assert look(desk.house, ANNA, desk.first).review.version == 0


def test_what_a_person_said_of_a_number_is_kept_when_records_are_merged(desk):
    wrong = Proposal(action=Action.CORRECT, target="mrn", value="99-100")
    decide(desk.house, None, ANNA, desk.bob, 0, wrong, now=0.0)
    made = desk.merge()
    assert desk.number(desk.bob)[0] == "4711"
    patients.unmerge(desk.house, RITA, made.id, "two sisters")
    assert desk.number(desk.bob)[0] == "99-100"


def test_records_that_may_be_one_patients_are_proposed_and_never_merged(desk):
    (other,) = patients.alike(desk.house, RITA, "4711")
    assert other.number == "99-100"
    assert patients.every_merge(desk.house, RITA) == []


def test_the_audit_trail_says_who_merged_and_names_nobody(desk):
    made = desk.merge()
    patients.unmerge(desk.house, RITA, made.id, "two sisters")
    with desk.house.store.read() as tx:
        said = [(e.actor, e.action, e.subject) for e in audit.every(tx)]
    merged = [each for each in said if "merge" in each[1]]
    assert merged == [
        ("rita", "merge", "merge 1 of 2 charts"),
        ("rita", "unmerge", "merge 1 of 2 charts"),
    ]


def test_numbers_that_were_written_otherwise_are_the_same_and_a_ring_ends():
    merged = Merged([Merge(gone="A-1", stays="B-2", because="x")])
    ada = PatientRef(name="Ada", mrn="a 1", dob=date(1950, 1, 2))
    assert merged.over(ada) == PatientRef(name="Ada", mrn="B-2", dob=ada.dob, also=("A-1",))
    assert merged.over(PatientRef(mrn="C")) == PatientRef(mrn="C")
    assert merged.over(PatientRef()) == PatientRef()
    ring = Merged([Merge(gone="A", stays="B", because=""), Merge(gone="B", stays="A", because="")])
    assert ring.stays("A") == "A"


def born(desk, mrn, name="Eva Roos"):
    """A chart of somebody born on a day that all of them share."""
    document = charts.document(name=name, mrn=mrn)
    patient = replace(document.patient, dob=date(1950, 1, 2))
    return charts.keep(desk.house.store, replace(document, patient=patient), f"{mrn}{name}")


def test_alike_records_are_asked_about_until_a_person_has_said_what_they_are(desk):
    assert patients.questions(desk.house, ANNA) == []  # one name alone is no reason to ask
    pair = {born(desk, "71-33"), born(desk, "88-100")}
    (asked,) = patients.questions(desk.house, ANNA)
    assert set(asked.charts) == pair
    with pytest.raises(AccessError):
        patients.keep_apart(desk.house, ANNA, "71-33", "88-100", "twins")
    with pytest.raises(UsageError, match="how you know"):
        patients.keep_apart(desk.house, RITA, "71-33", "88-100", " ")
    patients.keep_apart(desk.house, RITA, "71-33", "88100", "twins")
    assert patients.questions(desk.house, ANNA) == []
    assert len(patients.record(desk.house, RITA, "71-33").charts) == 1
    (kept,) = patients.every_merge(desk.house, RITA)
    assert (kept.stands, kept.because, kept.undone_by) == (False, "twins", "rita")


def test_a_merged_record_is_asked_about_no_more_whatever_names_it_has(desk):
    born(desk, "71-33")
    born(desk, "88-100", name="Bo Strand")
    born(desk, "88-100")
    doubts = {asked.doubt for asked in patients.questions(desk.house, ANNA)}
    assert doubts == {Doubt.TWO_PEOPLE, Doubt.ONE_PATIENT}
    desk.merge("88-100", "71-33")
    assert patients.questions(desk.house, ANNA) == []
