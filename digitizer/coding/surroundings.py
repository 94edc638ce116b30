"""What the text says beside a finding: what touches it, its sentence, what is denied. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from digitizer.chart.clinical import Entity, Experiencer, Presence
from digitizer.chart.text import TextSpan
from digitizer.coding.refine import Said
from digitizer.coding.shorthand import implied
from digitizer.coding.words import stems

_END = re.compile(
    r"(?:(?<=[a-z0-9)\"%])|(?<=[A-Z0-9][A-Z]))[.!?](?=\s+[A-Z(\"]|\s*$)|[;](?=\s)|\n\s*\n|\n(?=\s*(?:[-*\u2022]|\d+[.)]|[A-Z]))"
)
"""Ends of sentences, and line ends before a bullet, a number or a capital: a new item."""

_DENIED = re.compile(
    r"\b(?:without|w/o|no|not|nor|denies|neither)\s+"
    r"((?:[\w' -]{1,30}, ){1,4}(?:[\w'-]+ ){0,3}(?:or|nor) [^,;.:()]{1,30}|[^,;.:()]{1,60}?)"
    r"(?=[,;.:()]|\b(?:but|and|with|on|who|which|is|was|has|had|for)\b|$)",
    re.IGNORECASE,
)
"""What a plain word of denial reaches in a sentence."""

_NEXT = re.compile(r"[,;]|\b(?:from|due to|with|and|or|2/2|secondary to|in)\b", re.IGNORECASE)
"""What stands between the description of one finding and that of the next."""
_MEASURED = re.compile(
    r"\d+(?:[.,/:-]\d+)+|\d{2,}|\bobstructive (?=sleep|pulmonary|lung|airway)", re.IGNORECASE
)
"""Values, dates and years: the 2 of "4.2" is no type and no stage. Nor is an apnea a blockage."""


def sentence_of(content: str, span: TextSpan) -> TextSpan:
    """The sentence or list item around `span`."""
    for start, end in _sentences(content):
        if start <= span.start < end:
            return TextSpan(start, max(end, span.end))
    return span


@lru_cache(maxsize=4)
def _sentences(content: str) -> tuple[tuple[int, int], ...]:
    ends = [match.end() for match in _END.finditer(content)]
    starts = [0, *ends]
    return tuple(zip(starts, [*ends, len(content)], strict=True))


def said_of(content: str, entity: Entity, entities: Sequence[Entity]) -> Said:
    """The words beside the finding; `entities` are the problems of the page, in order."""
    around = sentence_of(content, entity.span)
    others = [e for e in entities if around.overlaps(e.span) and not _joined(content, e, entity)]
    denied = [e for e in others if _not_so(e)]
    text = content[around.start : around.end]
    whole, absent = _told(_without(content, around, denied))
    absent = (absent | set(_stems(" . ".join(e.text for e in denied)))) - whole
    before = max(
        (e.span.end for e in others if e.span.end <= entity.span.start), default=around.start
    )
    after = min(
        (e.span.start for e in others if e.span.start >= entity.span.end), default=around.end
    )
    if before > around.start:  # what describes the finding before is its own
        joints = _NEXT.finditer(content, before, entity.span.start)
        before = max((joint.end() for joint in joints), default=before)
    near = content[max(before, around.start) : min(after, around.end)] or text
    return Said(
        near=frozenset(_told(_no_line(near))[0]),
        sentence=frozenset(whole),
        denied=frozenset(absent),
    )


def _told(text: str) -> tuple[set[str], set[str]]:
    """The stems of what a stretch of text says, and of what it says is not so."""
    text = _MEASURED.sub(" ", text)
    denied = " . ".join(match[1] for match in _DENIED.finditer(text))
    told = set(_stems(_DENIED.sub(" ", text)))
    return told, set(_stems(denied)) - told


def _joined(content: str, one: Entity, other: Entity) -> bool:
    """Whether two findings overlap or stand side by side: parts of one name."""
    first, second = sorted((one.span, other.span))
    return first.overlaps(second) or not content[first.end : second.start].strip()


def _not_so(entity: Entity) -> bool:
    said = entity.assertion
    return said.presence is Presence.NEGATED or said.experiencer is Experiencer.FAMILY


def _without(content: str, around: TextSpan, left_out: Sequence[Entity]) -> str:
    at, parts = around.start, []
    for entity in left_out:
        parts.append(content[at : max(at, entity.span.start)])
        at = max(at, entity.span.end)
    return _no_line("".join((*parts, content[at : around.end])))


def _no_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=2_000)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stems(implied(text)))
