"""What the decisions of people make of the suggestions of the engine: a pure fold, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from digitizer.chart.clinical import stable_id
from digitizer.chart.coding import Code, CodeSuggestion, Evidence
from digitizer.chart.page import Page
from digitizer.chart.review import POA_VALUES, REJECT_REASONS, Action, Decision, effective
from digitizer.chart.text import TextSpan
from digitizer.review.carry import carried


class LineState(StrEnum):
    """What became of a line. Only ACCEPTED and ADDED are a person's word for the code."""

    OPEN = "open"  # suggested, undecided
    WITHHELD = "withheld"  # found but not suggested: denied, of a relative, past …
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPLACED = "replaced"
    ADDED = "added"
    ORPHANED = "orphaned"  # decided, but a later reading no longer has what was decided on


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """One code on a chart. `by`, `at` and `version` are of the decision that made its state.

    `replaces` is the id of the line that this one was put in place of; `reason` says why it was
    rejected, and of an orphan what was decided. `place` is the place in the
    sequence, from 1, of one that is confirmed.
    """

    id: str
    code: Code
    state: LineState
    evidence: tuple[Evidence, ...] = ()
    suggestion: CodeSuggestion | None = None
    replaces: str = ""
    reason: str = ""
    text: str = ""
    principal: bool = False
    place: int | None = None
    poa: str = ""
    notes: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    version: int = 0

    @property
    def confirmed(self) -> bool:
        """Whether a person stands for it."""
        return self.state in (LineState.ACCEPTED, LineState.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """All lines of a chart: confirmed ones first in their sequence, then as suggested.

    `notes` are on the whole chart; `history` holds every decision, undone ones too.
    """

    lines: tuple[CodeLine, ...]
    notes: tuple[str, ...] = ()
    history: tuple[Decision, ...] = ()

    @property
    def confirmed(self) -> tuple[CodeLine, ...]:
        """The codes that a person stands for, in their sequence."""
        return tuple(line for line in self.lines if line.confirmed)

    def line(self, key: str) -> CodeLine | None:
        """The line of this id; `None` where there is none."""
        return next((line for line in self.lines if line.id == key), None)


def fold(suggestions: Sequence[CodeSuggestion], decisions: Iterable[Decision]) -> Coding:
    """The chart as it stands after these decisions."""
    history = tuple(sorted(decisions, key=lambda d: d.version))
    held = carried(effective(history), suggestions)
    lines, order = {s.id: _offered(s) for s in suggestions}, list[str]()
    for decision in held:
        _apply(lines, decision)
        _arrange(order, lines, decision)
    notes = tuple(d.text for d in held if d.action is Action.NOTE and not d.target)
    return Coding(lines=_in_sequence(lines, order), notes=notes, history=history)


def fault_of(coding: Coding, decision: Decision) -> str:
    """Why the decision cannot be made now, in words for who makes it; "" where it can."""
    action, line = decision.action, coding.line(decision.target)
    if action is Action.UNDO:
        undoable = {str(d.version) for d in coding.history}
        return "" if decision.target in undoable else "there is no such decision to undo"
    if action is Action.ADD:
        return _fault_of_adding(coding, decision)
    if action is Action.NOTE:
        return "" if decision.text.strip() else "the note is empty"
    if line is None:
        return "the chart has no such line: look at it again"
    if action in (Action.ACCEPT, Action.REJECT, Action.REPLACE):
        return _fault_of_judging(line, decision)
    if not line.confirmed:
        return "accept the code first"
    if action is Action.POA and decision.value not in POA_VALUES:
        return f"present on admission is one of {', '.join(POA_VALUES)}"
    if action is Action.SEQUENCE and not (decision.value.isdigit() and int(decision.value) > 0):
        return "a place in the sequence is a number from 1"
    return ""


def completed(coding: Coding, decision: Decision) -> Decision:
    """The decision with the code and the evidence of the line it is about written into it."""
    line = coding.line(decision.target)
    if line is None:
        return decision
    return replace(
        decision, code=decision.code or line.code, evidence=decision.evidence or line.evidence
    )


def evidence_at(page: Page, span: TextSpan) -> Evidence | None:
    """The printed words of a page at `span`; `None` where there are none."""
    if page.text is None or not span.of(page.content).strip():
        return None
    boxes = page.text.boxes_of(span)
    return Evidence(page=page.number, span=span, text=span.of(page.content), boxes=boxes)


def added_id(decision: Decision) -> str:
    """The id of the line that an addition or replacement makes: the same over every re-run."""
    code = decision.code
    spots = [(e.page, e.span.start, e.span.end) for e in decision.evidence]
    named = (code.system, code.code) if code else ()
    return stable_id("by a person", decision.target, *named, spots)


def _offered(suggestion: CodeSuggestion) -> CodeLine:
    return CodeLine(
        id=suggestion.id,
        code=suggestion.code,
        state=LineState.OPEN if suggestion.suggested else LineState.WITHHELD,
        evidence=suggestion.evidence,
        suggestion=suggestion,
    )


def _apply(lines: dict[str, CodeLine], decision: Decision) -> None:
    match decision.action:
        case Action.ADD:
            _put(lines, decision, LineState.ADDED)
        case Action.REPLACE:
            _replace(lines, decision)
        case Action.ACCEPT:
            _judge(lines, decision, LineState.ACCEPTED)
        case Action.REJECT:
            _judge(lines, decision, LineState.REJECTED)
        case Action.PRINCIPAL | Action.SEQUENCE | Action.POA | Action.NOTE:
            _describe(lines, decision)
        case _:
            pass


def _judge(lines: dict[str, CodeLine], decision: Decision, state: LineState) -> None:
    """Give the target its state; a target that is gone becomes an orphan, shown until undone."""
    line = lines.get(decision.target)
    if line is not None and line.state is not LineState.ORPHANED:
        lines[line.id] = _signed(replace(line, state=state, reason=decision.reason), decision)
    elif decision.code is not None:
        orphan = CodeLine(
            id=decision.target,
            code=decision.code,
            state=LineState.ORPHANED,
            evidence=decision.evidence,
            reason=decision.action.value,
        )
        lines[orphan.id] = _signed(orphan, decision)


def _replace(lines: dict[str, CodeLine], decision: Decision) -> None:
    """Put another code in place of the target; without a target it is an orphan."""
    line = lines.get(decision.target)
    if line is None or line.state is LineState.ORPHANED:
        _put(lines, decision, LineState.ORPHANED)
    else:
        lines[line.id] = _signed(replace(line, state=LineState.REPLACED), decision)
        _put(lines, decision, LineState.ADDED)


def _put(lines: dict[str, CodeLine], decision: Decision, state: LineState) -> None:
    if decision.code is None:
        return
    made = CodeLine(
        id=added_id(decision),
        code=decision.code,
        state=state,
        evidence=decision.evidence,
        replaces=decision.target,
        reason=decision.action.value if state is LineState.ORPHANED else "",
    )
    lines[made.id] = _signed(made, decision)


def _describe(lines: dict[str, CodeLine], decision: Decision) -> None:
    line = lines.get(decision.target)
    if line is None:
        return
    match decision.action:
        case Action.PRINCIPAL:
            for key, other in lines.items():
                lines[key] = replace(other, principal=key == line.id)
        case Action.POA:
            lines[line.id] = replace(line, poa=decision.value)
        case Action.NOTE:
            lines[line.id] = replace(line, notes=(*line.notes, decision.text))


def _arrange(order: list[str], lines: dict[str, CodeLine], decision: Decision) -> None:
    """Bring `order`, of the lines that people stood for, in step with a decision.

    A line follows those before it, one in place of another follows that one, and the principal one
    is the first. What is rejected keeps its place, for an acceptance.
    """
    target, made = decision.target, added_id(decision)
    for key in (target, made):
        if key not in order and key in lines and lines[key].confirmed:
            there = key == made and target in order
            order.insert(order.index(target) + 1 if there else len(order), key)
    if decision.action is Action.SEQUENCE and target in order:
        order.remove(target)
        behind = [key for key in order if lines[key].confirmed][int(decision.value) - 1 :]
        order.insert(order.index(behind[0]) if behind else len(order), target)
    order.sort(key=lambda key: not lines[key].principal)


def _in_sequence(lines: dict[str, CodeLine], order: Sequence[str]) -> tuple[CodeLine, ...]:
    """Confirmed lines, then the others, the best score first."""
    held = [lines[key] for key in order if lines[key].confirmed]
    others = [line for line in lines.values() if not line.confirmed]
    others.sort(key=lambda line: -(line.suggestion.score if line.suggestion else 0.0))
    return (*(replace(line, place=n) for n, line in enumerate(held, 1)), *others)


def _signed(line: CodeLine, decision: Decision) -> CodeLine:
    return replace(
        line, text=decision.text, by=decision.actor, at=decision.at, version=decision.version
    )


def _fault_of_adding(coding: Coding, decision: Decision) -> str:
    if decision.code is None:
        return "there is no such code: look it up first"
    if not decision.evidence:
        return "select the printed words that prove the code"
    if any(line.code.code == decision.code.code for line in coding.confirmed):
        return f"{decision.code.code} is on the chart already"
    return ""


def _fault_of_judging(line: CodeLine, decision: Decision) -> str:
    withheld = line.suggestion.withheld if line.suggestion else ""
    if decision.action is Action.ACCEPT and withheld and not decision.text.strip():
        return f"it was withheld ({withheld}): say in a text why it holds"
    if decision.action is Action.REJECT:
        return _fault_of_reason(decision)
    if decision.action is Action.REPLACE and decision.code is None:
        return "there is no such code: look it up first"
    return ""


def _fault_of_reason(decision: Decision) -> str:
    if decision.reason not in REJECT_REASONS:
        return f"a reason is one of {', '.join(REJECT_REASONS)}"
    if decision.reason == "other" and not decision.text.strip():
        return "say the other reason in a text"
    return ""
