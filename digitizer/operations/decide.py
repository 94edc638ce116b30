"""Adds one decision of a person to a chart, if nobody decided anything since they looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitizer.chart import correction
from digitizer.chart.coding import ICD10CM, Code, CodeKnowledge, Evidence
from digitizer.chart.correction import Wording, grounds, wording
from digitizer.chart.people import Permission, User
from digitizer.chart.review import DECIDABLE, Action, Decision, ReviewEvent, ReviewState
from digitizer.chart.text import TextSpan
from digitizer.errors import OutdatedError, UsageError
from digitizer.operations.chart import Chart, advised, chart_in, page_in
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.decide import completed, evidence_at, fault_of
from digitizer.review.worklist import LEASE
from digitizer.store import Transaction, anew, documents, reviews
from digitizer.store import audit as audit_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants to decide, as they say it; see `chart.review.Action` for what is needed.

    `spots` are (page, start, end) of words on the chart; their text and ink are looked up.
    """

    action: Action
    target: str = ""
    code: str = ""
    spots: Sequence[tuple[int, int, int]] = ()
    reason: str = ""
    value: str = ""
    text: str = ""


class Conflict(OutdatedError):
    """Somebody decided since: `since` holds what, and `version` is the one to decide on now."""

    def __init__(self, version: int, since: tuple[Decision, ...]) -> None:
        names = ", ".join(sorted({decision.actor for decision in since}))
        super().__init__(f"{names} decided on this chart meanwhile: look at what, then decide")
        self.version = version
        self.since = since


def decide(
    house: House,
    codes: CodeKnowledge,
    who: User,
    key: str,
    seen: int,
    proposal: Proposal,
    *,
    now: float,
) -> Chart:
    """The chart after the decision; `seen` is the version of the review that `who` looked at.

    Raises:
        AccessError: `who` may not.
        Conflict: the chart has decisions that `who` has not seen; nothing was done.
        UsageError: it cannot be decided so; the message says why.
    """
    with house.store.begin() as tx:
        chart = decide_in(tx, codes, who, key, seen, proposal, now=now)
    return advised(house, chart)


def decide_in(
    tx: Transaction,
    codes: CodeKnowledge,
    who: User,
    key: str,
    seen: int,
    proposal: Proposal,
    *,
    now: float,
) -> Chart:
    """The same within a transaction, so that several decisions are made or none; raises as it."""
    chart = chart_in(tx, key)
    correcting = _corrects(chart, proposal)
    require(who, Permission.CORRECT if correcting else Permission.REVIEW)
    _check_open(chart)
    _check_seen(tx, chart, seen)
    decision = _checked(chart, _decision(tx, codes, key, proposal))
    kept = reviews.decide(tx, chart.review, decision, who.name)
    if kept is None:  # another process, between our look and our write
        raise Conflict(chart.review.version, ())
    _follow(tx, chart, who, correcting=correcting, now=now)
    _touch_index(tx, chart, kept)
    if grounds(chart.coding.history) != grounds((*chart.coding.history, kept)):
        anew.ask(tx, key)
    audit_store.note(tx, actor=who.name, action="decide", subject=_said(key, kept))
    return chart_in(tx, key)


def _corrects(chart: Chart, proposal: Proposal) -> bool:
    """Whether it is about what was read: a correction, or taking one back."""
    made = {str(d.version): d.action for d in chart.coding.history}
    undone = made.get(proposal.target) if proposal.action is Action.UNDO else None
    return Action.CORRECT in (proposal.action, undone)


def spot(text: str) -> tuple[int, int]:
    """The two ends of a span that is written as START:END.

    Raises:
        UsageError: it is none.
    """
    start, colon, end = text.partition(":")
    if not (colon and start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise UsageError("write a span as START:END, in characters of the page's text")
    return int(start), int(end)


def _check_open(chart: Chart) -> None:
    if chart.review.state not in DECIDABLE:
        raise UsageError(f"the chart is {chart.review.state}: reopen it first, for a new version")


def _check_seen(tx: Transaction, chart: Chart, seen: int) -> None:
    if seen != chart.review.version:
        raise Conflict(chart.review.version, reviews.decisions(tx, chart.id, after=seen))


def _decision(tx: Transaction, codes: CodeKnowledge, key: str, proposal: Proposal) -> Decision:
    code = _known(codes, proposal.code) if proposal.code else None
    if proposal.code and code is None:
        raise UsageError("there is no such code: `digitizer codes search TERM` finds codes")
    return Decision(
        action=proposal.action,
        target=proposal.target,
        code=code,
        evidence=_evidence(tx, key, proposal),
        reason=proposal.reason,
        value=proposal.value.strip(),
        text=proposal.text,
    )


def _evidence(tx: Transaction, key: str, proposal: Proposal) -> tuple[Evidence, ...]:
    """The words that are decided on; what is corrected is named as it was read."""
    if (proposal.action, proposal.target) == (Action.CORRECT, "text"):
        return tuple(_as_read(tx, key, *spot) for spot in proposal.spots)
    return tuple(evidence_in(tx, key, *spot) for spot in proposal.spots)


def _known(codes: CodeKnowledge, code: str) -> Code | None:
    """The code of ICD-10-CM, else that of another system of which there are codes."""
    found = (codes.code(code, system) for system in dict.fromkeys((ICD10CM, *codes.systems)))
    return next((one for one in found if one is not None), None)


def evidence_in(tx: Transaction, key: str, page: int, start: int, end: int) -> Evidence:
    """The words from `start` to `end` of what was read on a page of a chart, as people corrected
    them; UsageError where none are.
    """
    found, said = _at(tx, key, page, start, end)
    return replace(found, text=said.at(found.span))


def _as_read(tx: Transaction, key: str, page: int, start: int, end: int) -> Evidence:
    found, said = _at(tx, key, page, start, end)
    if any(at.overlaps(found.span) and not _within(at, found.span) for at, _ in said.changes):
        raise UsageError(
            "these words were corrected together with others: select all of them, or undo that"
        )
    return found


def _within(inner: TextSpan, outer: TextSpan) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _at(tx: Transaction, key: str, page: int, start: int, end: int) -> tuple[Evidence, Wording]:
    if 0 <= start < end:
        read = page_in(tx, key, page)
        found = evidence_at(read, TextSpan(start, end))
        if found is not None:
            return found, wording(read.content, page, reviews.decisions(tx, key))
    raise UsageError("there are no words at that place: select printed words of this chart")


def _checked(chart: Chart, decision: Decision) -> Decision:
    if decision.action is Action.CORRECT:
        fault = correction.fault_of(decision)
    else:
        decision = completed(chart.coding, decision)
        fault = fault_of(chart.coding, decision)
    if fault:
        raise UsageError(fault)
    return decision


def _follow(tx: Transaction, chart: Chart, who: User, *, correcting: bool, now: float) -> None:
    """The first decision on codes opens the review; each keeps the chart with who works on it."""
    review = reviews.get(tx, chart.id)
    if review.state is ReviewState.DIGITIZED and not correcting:
        reviews.move(tx, review, ReviewEvent.OPENED)
    if not correcting and review.holder(now) in (None, who.name):
        until = max(review.lease_until, now + LEASE)
        reviews.settle(tx, review, assignee=who.name, lease_until=until)


def _touch_index(tx: Transaction, chart: Chart, kept: Decision) -> None:
    undone = {str(d.version): d.action for d in chart.coding.history}
    if Action.CORRECT in (kept.action, undone.get(kept.target)) or kept.action is Action.UNDO:
        documents.correct(tx, chart.id)


def _said(key: str, kept: Decision) -> str:
    """The decision for the audit trail, without words of the chart."""
    about = kept.target if kept.action is not Action.CORRECT else f"field {kept.target}"
    code = kept.code.code if kept.code else ""
    return " ".join(filter(None, (key, f"version {kept.version}", kept.action, about, code)))
