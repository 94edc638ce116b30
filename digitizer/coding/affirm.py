"""From the problems of a document to codes at places, with the reason where one does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from digitizer.chart.clinical import Entity, Experiencer, Label, Presence, Time
from digitizer.chart.coding import Code, CodeKnowledge, Evidence
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import Finding, by_page
from digitizer.coding.history import TOLD, family_history, personal_history
from digitizer.coding.holds import withheld
from digitizer.coding.items import unread
from digitizer.coding.resolve import Beside, Meanings, Resolved, resolve
from digitizer.coding.shorthand import written_out
from digitizer.coding.whole import whole_of
from digitizer.coding.words import stems

_SPREAD = re.compile(r"(.+?)\s+(?:with|and)\s+(.*(?:metasta\w+|mets))", re.IGNORECASE | re.DOTALL)

_WITH = re.compile(r"\b(?:with|w/) ?(\S.*)$", re.IGNORECASE)

OPTION = 0.7
"""Score of a history code, which says by itself that the disease is past or a relative's."""


def findings(document: Document, meanings: Meanings) -> Iterator[Finding]:
    """Every code that a problem of the document stands for, at its place."""
    found = document.entities or ()
    problems = [part for e in found if e.label is Label.PROBLEM for part in _parts(e)]
    problems.sort(key=lambda e: (e.page, e.span))
    named = by_page(problems)
    anatomy = by_page(e for e in found if e.label is Label.ANATOMY)
    whole = whole_of(document)
    for entity in (*problems, *unread(document, found)):
        beside = Beside(
            problems=named.get(entity.page, ()),
            anatomy=tuple(e.span for e in anatomy.get(entity.page, ())),
        )
        said = tuple(resolve(document, entity, beside, meanings, whole))
        for resolved in said:
            yield from _findings(document, entity, resolved, meanings.knowledge)
        for part in _unsaid(entity, said, meanings):
            for resolved in resolve(document, part, beside, meanings, whole):
                yield from _findings(document, part, resolved, meanings.knowledge)


def _parts(entity: Entity) -> tuple[Entity, ...]:
    """A cancer "with bone metastases" is two findings; all else is one."""
    match = _SPREAD.fullmatch(entity.text)
    if match is None:
        return (entity,)
    start = entity.span.start
    return tuple(
        replace(entity, text=match[n], span=TextSpan(start + match.start(n), start + match.end(n)))
        for n in (1, 2)
    )


def _unsaid(entity: Entity, said: Sequence[Resolved], meanings: Meanings) -> Iterator[Entity]:
    """What stands behind a "with", has a name of its own, and is said by none of the codes."""
    match = _WITH.search(entity.text)
    if match is None or not said or not meanings.lexicon.find(match[1]):
        return
    titles = {stem for found in said for stem in stems(found.code.title)}
    if titles.isdisjoint(stems(written_out(match[1]))):
        start = entity.span.start + match.start(1)
        yield replace(entity, text=match[1], span=TextSpan(start, start + len(match[1])))


def _findings(
    document: Document, entity: Entity, found: Resolved, knowledge: CodeKnowledge
) -> Iterator[Finding]:
    evidence = _evidence(document, entity)
    reason = withheld(entity, document, found.code)
    yield _finding(found, evidence, reason)
    option = _option(entity, reason, found.code.code, knowledge) if reason else None
    if option:
        told = "" if option.code.startswith(TOLD) else reason
        yield _finding(replace(found, code=option, score=OPTION), evidence, told)


def _option(entity: Entity, reason: str, code: str, knowledge: CodeKnowledge) -> Code | None:
    """The history code that a coder may want instead of a past disease or a relative's."""
    if entity.assertion.presence is not Presence.AFFIRMED:
        return None
    if entity.assertion.experiencer is Experiencer.FAMILY:
        option = family_history(code)
    else:
        option = personal_history(code) if reason == Time.HISTORICAL.value else ""
    known = knowledge.code(option) if option and option != code else None
    return known if known and known.billable else None


def _evidence(document: Document, entity: Entity) -> Evidence:
    text = document.page(entity.page).text
    boxes = text.boxes_of(entity.span) if text else ()
    said = entity.span.of(text.content) if text else entity.text
    return Evidence(page=entity.page, span=entity.span, text=said, boxes=boxes)


def _finding(found: Resolved, evidence: Evidence, withheld: str) -> Finding:
    said = " ".join(evidence.text.split())
    return Finding(
        code=found.code,
        score=found.score,
        evidence=evidence,
        withheld=withheld,
        why=f"“{said}” {found.how} {found.code.title}",
    )
