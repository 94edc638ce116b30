"""What finders yield, and which of overlapping finds stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitizer.chart.clinical import Label
from digitizer.chart.text import TextSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A find: characters `start..end` of the page, with what was read beside it.

    `name` is where the name of a measurement is printed: it is taken, but no entity of its own.
    `core` is the part that must stay where the find has to give way to another.
    """

    label: Label
    span: TextSpan
    source: str
    attributes: tuple[tuple[str, str], ...] = ()
    name: TextSpan | None = None
    core: TextSpan | None = None


# Where finds of the same length overlap, the first of these stays.
_ORDER = (
    Label.LAB,
    Label.VITAL,
    Label.ALLERGY,
    Label.DATE,
    Label.MEDICATION,
    Label.PROBLEM,
    Label.PROCEDURE,
    Label.ANATOMY,
)
_FIRM = frozenset({Label.LAB, Label.VITAL, Label.ALLERGY, Label.DATE})


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions in print order, none overlapping another: values first, then the longest.

    A find whose end is taken shrinks to its core where that is free ("type 2 COPD" beside
    "diabetes type 2" leaves "COPD").
    """
    taken = _Taken()
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_precedence):
        free = _free_part(mention, taken)
        if free is None:
            continue
        taken.add(free)
        if mention.name:
            taken.add(mention.name)
        kept.append(_cut(mention, free))
    return sorted(kept, key=lambda m: m.span)


def _precedence(mention: Mention) -> tuple[bool, int, int, int]:
    label = mention.label
    return label not in _FIRM, -len(mention.span), _ORDER.index(label), mention.span.start


def _free_part(mention: Mention, taken: _Taken) -> TextSpan | None:
    for span in (mention.span, mention.core):
        if span and not taken.overlaps(span):
            return span
    return None


def _cut(mention: Mention, span: TextSpan) -> Mention:
    if span == mention.span:
        return mention
    return Mention(
        label=mention.label, span=span, source=mention.source, attributes=mention.attributes
    )


class _Taken:
    """The characters that finds have taken."""

    def __init__(self) -> None:
        self._places: set[int] = set()

    def add(self, span: TextSpan) -> None:
        self._places.update(range(span.start, span.end))

    def overlaps(self, span: TextSpan) -> bool:
        return not self._places.isdisjoint(range(span.start, span.end))
