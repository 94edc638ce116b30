"""What stands between a chart and its sign-off: errors stop it, warnings want a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from digitizer.chart.correction import wording
from digitizer.chart.document import Document
from digitizer.chart.review import Action, Decision, Level, Message, Query
from digitizer.review.decide import CodeLine, Coding, LineState

UNSURE = 0.47
"""Calibrated confidence of the least certain word below which evidence may be misread."""


def validate(
    document: Document,
    coding: Coding,
    queries: Sequence[Query],
    pages: Collection[int],
    *,
    outdated: bool = False,
) -> tuple[Message, ...]:
    """All messages, errors first; `pages` are the numbers of all pages of the chart, and `outdated`
    says that its findings are of pages or words that people changed since.
    """
    found = [
        *_of_chart(document, queries),
        *([_OUTDATED] if outdated else ()),
        *_of_strays(coding, pages),
        *_of_lines(document, coding),
        *_of_the_whole(document, coding),
    ]
    return tuple(sorted(found, key=lambda m: list(Level).index(m.level)))


_OUTDATED = Message(
    level=Level.ERROR,
    text="findings and codes are being made anew from the corrected pages: `digitizer run` does it",
)


def _of_chart(document: Document, queries: Sequence[Query]) -> Iterator[Message]:
    if not document.patient.known:
        yield Message(level=Level.ERROR, text="nobody knows whose chart this is: correct it first")
    elif document.patient.mrn is None:
        yield Message(level=Level.WARNING, text="the chart has no medical-record number")
    if document.encounter_date is None:
        yield Message(level=Level.WARNING, text="the date of the encounter is not known")
    waiting = sum(query.open for query in queries)
    if waiting:
        yield Message(level=Level.ERROR, text=f"{waiting} queries wait for their answer")


def _of_lines(document: Document, coding: Coding) -> Iterator[Message]:
    for line in coding.lines:
        if line.state is LineState.ORPHANED:
            text = "decided on words that a later reading lacks: undo it, or add the code anew"
            level = Level.INFORMATION if line.reason == Action.REJECT else Level.ERROR
            yield Message(level=level, text=f"{line.code.code} was {text}", line=line.id)
        if line.confirmed:
            yield from _of_code(document, line, coding.history)


def _of_strays(coding: Coding, pages: Collection[int]) -> Iterator[Message]:
    for line in coding.confirmed:
        if any(evidence.page not in pages for evidence in line.evidence):
            text = f"words that prove {line.code.code} lie in another chart now: undo it"
            yield Message(level=Level.ERROR, text=text, line=line.id)


def _of_code(document: Document, line: CodeLine, history: Sequence[Decision]) -> Iterator[Message]:
    code = line.code
    if not code.billable:
        text = f"{code.code} has more specific codes below it: replace it by one of them"
        yield Message(level=Level.ERROR, text=text, line=line.id)
    if line.principal and code.code[:1] in "VWXY":  # ICD-10-CM guideline I.C.20.a.6
        text = f"{code.code} is an external cause, which is never the principal diagnosis"
        yield Message(level=Level.ERROR, text=text, line=line.id)
    if line.suggestion and not line.suggestion.suggested:
        text = f"{code.code} was accepted though it was withheld ({line.suggestion.withheld})"
        yield Message(level=Level.WARNING, text=text, line=line.id)
    if _read_otherwise(document, line, history):
        text = f"the words that prove {code.code} were read otherwise since: look at the page"
        yield Message(level=Level.WARNING, text=text, line=line.id)
    if _unsure(document, line):
        text = f"the words that prove {code.code} were hard to read: look at the page"
        yield Message(level=Level.WARNING, text=text, line=line.id)
    if "unspecified" in code.title.lower():
        text = f"{code.code} is unspecified: does the chart say more?"
        yield Message(level=Level.INFORMATION, text=text, line=line.id)


def _of_the_whole(document: Document, coding: Coding) -> Iterator[Message]:
    confirmed = coding.confirmed
    for code, number in Counter(line.code.code for line in confirmed).items():
        if number > 1:
            yield Message(level=Level.ERROR, text=f"{code} is on the chart {number} times")
    if confirmed and document.inpatient and not any(line.principal for line in confirmed):
        yield Message(level=Level.ERROR, text="name the principal diagnosis of the stay")
    undecided = sum(line.state is LineState.OPEN for line in coding.lines)
    if undecided:
        yield Message(level=Level.WARNING, text=f"{undecided} suggestions are undecided")
    if not confirmed:
        yield Message(level=Level.INFORMATION, text="no code is confirmed")


def _unsure(document: Document, line: CodeLine) -> bool:
    pages = {page.number: page for page in document.pages}
    texts = [(pages[e.page].text, e.span) for e in line.evidence if e.page in pages]
    return any(text.confidence_of(span) < UNSURE for text, span in texts if text is not None)


def _read_otherwise(document: Document, line: CodeLine, history: Sequence[Decision]) -> bool:
    """Whether other words stand now where those stood that prove a code."""
    pages = {page.number: page.content for page in document.pages}
    for evidence in line.evidence:
        said = wording(pages.get(evidence.page, ""), evidence.page, history)
        now = said.at(evidence.span)
        alike = evidence.text in now if said.touches(evidence.span) else evidence.text == now
        if not alike:
            return True
    return False
