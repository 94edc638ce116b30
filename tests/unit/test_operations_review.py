"""A coder's work on charts in a real store: decided once, kept for good, signed by a person."""

import json
import threading
import zlib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from digitizer.chart.people import Role, User
from digitizer.chart.review import Action, ReviewState
from digitizer.errors import AccessError, UsageError
from digitizer.operations import ask, sign_off, worklist
from digitizer.operations.chart import look_at, open_chart
from digitizer.operations.decide import Conflict, Proposal, decide
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import record_of
from digitizer.operations.knowledge import open_codes
from digitizer.review.ask import OTHER, UNABLE
from digitizer.review.decide import LineState
from digitizer.review.worklist import LEASE
from digitizer.store import audit, documents
from tests import charts

NOW = 1_800_000_000.0
ANNA = User(id=1, name="anna", roles=frozenset({Role.CODER}))
BERT = User(id=2, name="bert", roles=frozenset({Role.CODER}))
TESS = User(id=3, name="tess", roles=frozenset({Role.TECHNICIAN}))
AUDITOR = User(id=4, name="olga", roles=frozenset({Role.AUDITOR}))
ADMIN = User(id=5, name="root", roles=frozenset({Role.ADMINISTRATOR}))
SAYS = charts.SAYS


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return init(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def codes(home):
    found = open_codes(home)
    yield found
    found.close()


@pytest.fixture
def house(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield house


class Desk:
    """One chart, and who works on it."""

    def __init__(self, house, codes):
        self.house, self.codes = house, codes
        self.key = charts.keep(house.store, charts.document())

    def chart(self):
        return open_chart(self.house, ANNA, self.key)

    def line(self, code):
        return next(line for line in self.chart().coding.lines if line.code.code == code)

    def do(self, action, who=ANNA, seen=None, **words):
        seen = self.chart().review.version if seen is None else seen
        proposal = Proposal(action=action, **words)
        return decide(self.house, self.codes, who, self.key, seen, proposal, now=NOW)

    def accept(self, code, **words):
        return self.do(Action.ACCEPT, target=self.line(code).id, **words)


@pytest.fixture
def desk(house, codes):
    return Desk(house, codes)


def _span(words):
    return 1, SAYS.index(words), SAYS.index(words) + len(words)


def test_accepting_rejecting_replacing_and_adding_make_the_confirmed_codes(desk):
    desk.accept("I10")
    desk.do(Action.REPLACE, target=desk.line("E11.9").id, code="E11.65")
    after = desk.do(Action.ADD, code="Z79.4", spots=[_span("diabetes")])
    assert [line.code.code for line in after.coding.confirmed] == ["I10", "E11.65", "Z79.4"]
    assert desk.line("E11.9").state is LineState.REPLACED
    added = desk.line("Z79.4")
    assert (added.evidence[0].text, added.by) == ("diabetes", "anna")
    assert added.evidence[0].boxes
    after = desk.do(Action.REJECT, target=desk.line("I10").id, reason="misread")
    assert [line.code.code for line in after.coding.confirmed] == ["E11.65", "Z79.4"]
    assert after.review.state is ReviewState.IN_REVIEW


def test_an_undo_is_a_further_decision_and_can_be_undone(desk):
    desk.accept("I10")
    desk.do(Action.UNDO, target="1")
    assert desk.line("I10").state is LineState.OPEN
    chart = desk.do(Action.UNDO, target="2")
    assert desk.line("I10").state is LineState.ACCEPTED
    assert [d.action for d in chart.coding.history] == ["accept", "undo", "undo"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"action": Action.REJECT, "target": "I10"}, "a reason is one of"),
        ({"action": Action.REJECT, "target": "I10", "reason": "other"}, "other reason"),
        ({"action": Action.REPLACE, "target": "I10", "code": "Q99.999"}, "no such code"),
        ({"action": Action.ADD, "code": "E11.65"}, "select the printed words"),
        ({"action": Action.ADD, "code": "I10", "spots": [(1, 900, 950)]}, "no words"),
        ({"action": Action.ADD, "code": "I10", "spots": [(7, 0, 5)]}, "no such page"),
        ({"action": Action.ACCEPT, "target": "J45.909"}, "withheld .negated."),
        ({"action": Action.ACCEPT, "target": "nothing"}, "no such line"),
        ({"action": Action.POA, "target": "I10", "value": "Y"}, "accept the code first"),
        ({"action": Action.UNDO, "target": "7"}, "no such decision"),
        ({"action": Action.CORRECT, "target": "dob", "value": "13.4.59"}, "YYYY-MM-DD"),
        ({"action": Action.CORRECT, "target": "owner", "value": "x"}, "correct one of"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(desk, words, why):
    by_code = {line.code.code: line.id for line in desk.chart().coding.lines}
    words = {**words, "target": by_code.get(words.get("target"), words.get("target", ""))}
    with pytest.raises(UsageError, match=why):
        desk.do(**words)
    assert desk.chart().review.version == 0


def test_the_later_of_two_people_gets_the_difference_and_nothing_is_lost(desk):
    seen = desk.chart().review.version
    desk.do(Action.ACCEPT, target=desk.line("I10").id, seen=seen)
    with pytest.raises(Conflict) as conflict:
        desk.do(Action.REJECT, BERT, seen, target=desk.line("I10").id, reason="past")
    assert [(d.actor, d.action) for d in conflict.value.since] == [("anna", "accept")]
    desk.do(Action.NOTE, BERT, conflict.value.version, text="agreed")
    assert desk.line("I10").by == "anna"


def test_of_many_at_once_each_version_is_made_once(desk):
    target, won, lost = desk.line("I10").id, [], []

    def accept():
        try:
            won.append(desk.do(Action.ACCEPT, seen=0, target=target))
        except Conflict as conflict:
            lost.append(conflict)

    threads = [threading.Thread(target=accept) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert desk.chart().review.version == 1


def test_decisions_survive_a_re_run_and_what_no_longer_matches_is_shown_and_stops_the_signature(
    desk,
):
    desk.accept("I10")
    desk.accept("E11.9")
    shifted = "Assessment:: hypertension and type 2 diabetes, denies asthma.\n"
    charts.read_anew(desk.house.store, desk.key, charts.document(shifted))
    assert {line.code.code for line in desk.chart().coding.confirmed} == {"I10", "E11.9"}
    gone = "Assessment: hypertension and typo 2 diabetes, type 2 diabetes, denies asthma.\n"
    made = charts.document(gone)
    made = replace(made, suggestions=made.suggestions[:1])
    charts.read_anew(desk.house.store, desk.key, made)
    assert desk.line("E11.9").state is LineState.ORPHANED
    assert [line.code.code for line in desk.chart().coding.confirmed] == ["I10"]
    with pytest.raises(UsageError, match=r"E11\.9 was decided"):
        sign_off.sign_off(desk.house, ANNA, desk.key, 2)
    desk.do(Action.UNDO, target="2")
    sign_off.sign_off(desk.house, ANNA, desk.key, 3)


def test_an_accepted_code_that_is_now_read_as_denied_is_not_carried_along(desk):
    desk.accept("I10")
    shifted = "Assessment:: hypertension and type 2 diabetes, denies asthma.\n"
    denied = charts.suggestion("hypertension", "I10", content=shifted, withheld="negated")
    made = replace(charts.document(shifted), suggestions=(denied,))
    charts.read_anew(desk.house.store, desk.key, made)
    assert desk.chart().coding.confirmed == ()


def test_a_document_that_a_re_run_no_longer_has_stays_on_the_list_with_its_decisions(desk):
    desk.accept("I10")
    with desk.house.store.begin() as tx:
        file_id = documents.get(tx, desk.key).file_id
        documents.replace_all(tx, file_id, "a" * 64, [])
    (entry,) = worklist.worklist(desk.house, ANNA, now=NOW, everyone=True)
    assert (entry.document, entry.orphaned) == (desk.key, True)


def test_a_signature_freezes_a_version_and_only_a_coder_gives_it(desk):
    desk.accept("I10")
    for who in (TESS, AUDITOR, ADMIN):
        with pytest.raises(AccessError):
            sign_off.sign_off(desk.house, who, desk.key, 1)
    with pytest.raises(Conflict):
        sign_off.sign_off(desk.house, ANNA, desk.key, 0)
    first = sign_off.sign_off(desk.house, ANNA, desk.key, 1)
    with pytest.raises(UsageError, match="reopen"):
        desk.accept("E11.9")
    assert sign_off.release(desk.house, ANNA, desk.key).number == 1
    sign_off.reopen(desk.house, BERT, desk.key, "a code was missed")
    desk.accept("E11.9")
    second = sign_off.sign_off(desk.house, ANNA, desk.key, 2)
    assert (first.number, second.number) == (1, 2)
    kept = json.loads(sign_off.signed(desk.house, ANNA, desk.key, 1))
    assert [code["code"] for code in kept["codes"]] == ["I10"]
    assert kept["patient"]["mrn"] == "4711"
    with desk.house.store.read() as tx:
        said = [event.subject for event in audit.every(tx) if event.action == "sign off"]
    assert any(first.sha256 in subject for subject in said)


def test_what_the_edits_say_stands_on_the_chart_and_an_error_holds_up_the_signature(desk):
    desk.do(Action.ADD, code="H42", spots=[_span("diabetes")])
    chart = desk.do(Action.PRINCIPAL, target=desk.line("H42").id)
    assert "never the principal diagnosis" in chart.messages[0].text
    assert any("coded after what causes it" in message.text for message in desk.chart().messages)
    with pytest.raises(UsageError, match="never the principal diagnosis"):
        sign_off.sign_off(desk.house, ANNA, desk.key, chart.review.version)


def test_a_procedure_is_added_by_its_code(desk):
    desk.do(Action.ADD, code="0FT44ZZ", spots=[_span("diabetes")])
    assert desk.line("0FT44ZZ").code.system == "ICD-10-PCS"


def test_a_signed_version_that_was_changed_in_the_database_is_not_released(desk):
    desk.accept("I10")
    sign_off.sign_off(desk.house, ANNA, desk.key, 1)
    with desk.house.store.begin() as tx:
        content = zlib.compress(b"{}")
        tx.execute(sa.text("UPDATE versions SET content = :content"), {"content": content})
    with pytest.raises(UsageError, match="changed in the database"):
        sign_off.release(desk.house, ANNA, desk.key)


def test_a_correction_is_respected_by_chart_list_and_index_and_survives_a_re_run(desk):
    desk.do(Action.CORRECT, TESS, target="mrn", value="4712")
    desk.do(Action.CORRECT, TESS, target="doc_type", value="discharge_summary")
    wrong = [_span("hypertension")]
    desk.do(Action.CORRECT, TESS, target="text", value="hypotension", spots=wrong)
    charts.read_anew(desk.house.store, desk.key, charts.document())
    chart = desk.chart()
    assert (chart.document.patient.mrn, chart.document.doc_type) == ("4712", "discharge_summary")
    assert look_at(desk.house, ANNA, desk.key, 1).content == SAYS
    (entry,) = worklist.worklist(desk.house, ANNA, now=NOW)
    assert (entry.mrn, entry.review.state) == ("4712", ReviewState.DIGITIZED)
    with desk.house.store.read() as tx:
        record = record_of(tx, chart.file_id, 1)
    assert (record.mrn, "hypotension" in record.text) == ("4712", True)
    desk.do(Action.UNDO, BERT, target="1")
    assert desk.chart().document.patient.mrn == "4711"
    with pytest.raises(AccessError):
        desk.do(Action.CORRECT, AUDITOR, target="mrn", value="1")


def test_a_query_cites_the_chart_does_not_lead_and_holds_up_the_signature(desk):
    desk.accept("I10")
    cited = [_span("type 2 diabetes")]
    options = ["with kidney disease", "without complication"]
    refused = [
        ({"spots": []}, "cite the words"),
        ({"options": options[:1]}, "one leads"),
        ({"question": "Please confirm that it is a complication"}, "leads"),
        ({"question": "A higher DRG?"}, "money"),
        ({"template": "any"}, "template"),
    ]
    usual = {"template": "specificity", "spots": cited, "to": "Dr. Test", "options": options}
    for words, why in refused:
        with pytest.raises(UsageError, match=why):
            ask.ask(desk.house, ANNA, desk.key, **{**usual, **words})
    query = ask.ask(desk.house, ANNA, desk.key, **usual)
    assert query.options[-2:] == (OTHER, UNABLE)
    assert desk.chart().review.state is ReviewState.QUERIED
    with pytest.raises(UsageError, match="queries wait"):
        sign_off.sign_off(desk.house, ANNA, desk.key, 1)
    with pytest.raises(UsageError, match="write down"):
        ask.answer(desk.house, ANNA, query.id, OTHER)
    ask.answer(desk.house, ANNA, query.id, "without complication")
    with pytest.raises(UsageError, match="answered already"):
        ask.answer(desk.house, BERT, query.id, UNABLE)
    sign_off.sign_off(desk.house, ANNA, desk.key, 1)


def test_a_query_on_what_a_diagnosis_is_offers_its_kinds(codes):
    offered = ask.kinds(codes, "I50.9")
    assert any("Systolic" in kind for kind in offered)
    assert not any("unspecified" in kind or "Other" in kind for kind in offered)
    assert ask.kinds(codes, "N18.30") == ask.kinds(codes, "N18.3")
    assert ask.kinds(codes, "nonsense") == []


def test_two_coders_never_get_the_same_next_chart_until_the_lease_is_over(house, codes):
    keys = [charts.keep(house.store, charts.document(), digit) for digit in "abc"]
    worklist.prioritise(house, ADMIN, keys[2], 5)
    first = worklist.next_chart(house, ANNA, now=NOW)
    assert first == keys[2]
    assert worklist.next_chart(house, ANNA, now=NOW + 1) == first  # still hers
    assert worklist.next_chart(house, BERT, now=NOW + 1) == keys[0]
    assert worklist.next_chart(house, BERT, now=NOW + LEASE + 2) == keys[2]
    worklist.hold(house, ANNA, keys[1], "waits for the laboratory")
    assert keys[1] not in {e.document for e in worklist.worklist(house, ANNA, now=NOW)}
    with pytest.raises(AccessError):
        worklist.next_chart(house, TESS, now=NOW)
    with pytest.raises(UsageError, match="nobody"):
        worklist.assign(house, ADMIN, keys[1], "nobody", now=NOW)


def test_no_words_of_the_chart_are_in_the_audit_trail(desk):
    desk.do(Action.CORRECT, TESS, target="name", value="Zebulon Quux")
    desk.do(Action.NOTE, text="mentions Zebulon")
    desk.do(Action.ADD, code="Z79.4", spots=[_span("diabetes")])
    with desk.house.store.read() as tx:
        said = " ".join(event.subject for event in audit.every(tx))
    assert not any(word in said for word in ("Zebulon", "diabetes", "Ada"))
