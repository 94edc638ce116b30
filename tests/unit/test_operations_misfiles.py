"""Possible misfiles: found in a list, beside the right charts, settled so that it can be undone."""

from dataclasses import replace
from datetime import date

import pytest

from digitizer.chart.document import MISFILE
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Role, User
from digitizer.chart.review import Action, Decision
from digitizer.errors import AccessError, OutdatedError, UsageError
from digitizer.operations.chart import look
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.misfiles import Seen, Verdict, misfile, misfiles, settle
from digitizer.operations.paper import take_step
from digitizer.store import documents, files, pages, reviews
from tests import charts

SAID = f"{MISFILE}: the page names another patient"
TESS = User(id=2, name="tess", roles=frozenset({Role.TECHNICIAN}))
AUDITOR = User(id=3, name="olga", roles=frozenset({Role.AUDITOR}))
ADA = PatientRef(name="Ada Example", mrn="4711", dob=date(1950, 1, 2), sex="F")
BOB = PatientRef(name="Bob Other", mrn="99-100-7")


def _document(number, patient, *warnings):
    page = charts.page(number=number)
    bare = replace(charts.document(), suggestions=(), warnings=warnings)
    return replace(bare, pages=(page,), patient=patient)


@pytest.fixture
def house(tmp_path):
    """Ada's chart; a stack of Bob's page, then one that names Ada with a slip."""
    strange = PatientRef(name="Ada Exampel", mrn="4711")
    with open_house(init(tmp_path / "home")) as house:
        charts.keep(house.store, _document(1, ADA), "a")
        with house.store.begin() as tx:
            row = files.arrived(tx, claim="b", name=b"stack.pdf", sha256="b" * 64, size=1)
            made = [_document(1, BOB), _document(2, strange, SAID)]
            for each in made:
                pages.save(tx, row.id, each.pages[0], "test")
            documents.replace_all(tx, row.id, "b" * 64, made)
        yield house


STRANGE, BOBS, ADAS = "bbbbbbbbbbbb-2", "bbbbbbbbbbbb-1", "aaaaaaaaaaaa-1"


def _seen(house, other=""):
    """What somebody looks at now."""
    return Seen(
        review=look(house, TESS, STRANGE).review.version,
        other=look(house, TESS, other).review.version if other else 0,
        paper=misfile(house, TESS, STRANGE).paper,
    )


def _settle(house, verdict, other="", who=TESS, seen=None):
    seen = seen or _seen(house, other)
    settle(house, None, who, STRANGE, verdict, other, seen=seen, now=0.0)


def _correct(house, key, field, value):
    seen = look(house, TESS, key).review.version
    proposal = Proposal(action=Action.CORRECT, target=field, value=value)
    decide(house, None, TESS, key, seen, proposal, now=0.0)


def test_a_misfile_stands_beside_what_is_around_it_and_the_chart_it_names(house):
    (found,) = misfiles(house, TESS)
    assert (found.document.id, found.around.id) == (STRANGE, BOBS)
    assert [candidate.id for candidate in found.candidates] == [ADAS]
    assert misfile(house, TESS, BOBS).around.id == STRANGE


def test_a_document_of_its_own_leaves_the_list_until_that_is_undone(house):
    _settle(house, Verdict.SORTED)
    assert misfiles(house, TESS) == []
    assert look(house, TESS, STRANGE).document.patient.name == "Ada Exampel"
    undo = Proposal(action=Action.UNDO, target="1")
    decide(house, None, TESS, STRANGE, 1, undo, now=0.0)
    assert [found.document.id for found in misfiles(house, TESS)] == [STRANGE]


def test_the_other_chart_gives_its_patient(house):
    _settle(house, Verdict.THEIRS, ADAS)
    assert look(house, TESS, STRANGE).document.patient == ADA
    assert misfiles(house, TESS) == []


def test_its_pages_are_joined_to_a_document_of_the_same_scan_only(house):
    with pytest.raises(UsageError, match="one scan"):
        _settle(house, Verdict.JOIN, ADAS)
    with pytest.raises(AccessError):
        _settle(house, Verdict.JOIN, BOBS, who=AUDITOR)
    _settle(house, Verdict.JOIN, BOBS)
    assert misfiles(house, TESS) == []
    assert [leaf.number for leaf in look(house, TESS, BOBS).leaves] == [1, 2]
    with pytest.raises(UsageError, match="joined"):
        misfile(house, TESS, STRANGE)


@pytest.mark.parametrize("corrected", [STRANGE, ADAS])
def test_a_verdict_overwrites_no_correction_that_came_since_the_look(house, corrected):
    seen = _seen(house, ADAS)
    _correct(house, corrected, "mrn", "4712")
    before = [look(house, TESS, key).document.patient for key in (STRANGE, ADAS)]
    with pytest.raises(OutdatedError):
        _settle(house, Verdict.THEIRS, ADAS, seen=seen)
    assert [look(house, TESS, key).document.patient for key in (STRANGE, ADAS)] == before


def test_pages_are_not_joined_to_what_was_corrected_or_arranged_since_the_look(house):
    seen = _seen(house, BOBS)
    _correct(house, BOBS, "name", "Rob Other")
    with pytest.raises(OutdatedError):
        _settle(house, Verdict.JOIN, BOBS, seen=seen)
    seen = replace(_seen(house, BOBS), paper=0)
    take_step(house, TESS, 2, 0, PaperStep(act=PaperAct.TURN, pages=(1,), value="90"))
    with pytest.raises(OutdatedError):
        _settle(house, Verdict.JOIN, BOBS, seen=seen)
    assert len(misfiles(house, TESS)) == 1


def test_a_verdict_that_fails_half_way_changes_nothing(house):
    with house.store.begin() as tx:
        review = reviews.get(tx, STRANGE)
        reviews.decide(tx, review, Decision(action=Action.NOTE, text="seen"), "anna")
    before = look(house, TESS, STRANGE)
    broken = replace(look(house, TESS, ADAS).document.patient, sex="unknown")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "digitizer.operations.misfiles._differing",
            lambda *_: [("name", broken.name), ("sex", broken.sex)],
        )
        with pytest.raises(UsageError, match="sex"):
            _settle(house, Verdict.THEIRS, ADAS)
    after = look(house, TESS, STRANGE)
    assert (after.document.patient, after.review) == (before.document.patient, before.review)
