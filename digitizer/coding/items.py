"""Items of lists of diagnoses that no finding covers: each stands for a problem by its place. Pure.

Under "Dx:" or "Impression:" every item is a diagnosis, even one whose words name no problem
elsewhere ("CAP", "sacral PU st 2").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digitizer.chart.clinical import Assertion, Entity, Label, Presence, Time
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import by_page
from digitizer.coding.passages import passages

SECTION = "diagnoses"
"""The section of such items: there an abbreviation needs no other context."""

LONGEST = 12
"""Words of an item at most; more make a sentence."""

_ITEM = re.compile(r"(?:[^;.,\n()]|(?<=\d)\.(?=\d)|\.(?=\S))+")
_JOINS = r"(?:and\s+|with\s+|&\s*)?"
_NUMBER = re.compile(rf"\s*(?:\d{{1,2}}[.)]?\s+|[-*\u2022#]\s*)?{_JOINS}")
_JOINED = re.compile(rf"\s*{_JOINS}")
_VALUE = re.compile(r"\s*[:=(]?\s*(?:\d+\.\d+|\d{2,})\s*(?:%|[a-z]+/[a-zA-Z]+)?\)?$")
"""What was measured, behind the name: "elevated PSA 6.2"."""
_UNSURE = re.compile(
    r"\?|\b(?:no|not|without|possible|probable|likely|suspect\w*|r/o|rule|vs|versus|concern\w*"
    r"|consider|if|differential|ddx|neg\w*|denie[sd]|mother|father|family|fh|plan)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:hx|h/o|history|prior|previous|s/p|status post|resolved|old)\b", re.IGNORECASE
)


def unread(document: Document, entities: Sequence[Entity]) -> Iterator[Entity]:
    """Entities for the items of diagnosis lists that none of `entities` touches."""
    problems = by_page(e for e in entities if e.label is Label.PROBLEM)
    for page in document.pages:
        taken = [e.span for e in problems.get(page.number, ())]
        for span in _items(page):
            if not any(span.overlaps(other) for other in taken):
                yield _entity(page, span)


def _items(page: Page) -> Iterator[TextSpan]:
    content = page.content
    for start, end in passages(content):
        for match in _ITEM.finditer(content, start, end):
            goes_on = content.endswith(",", 0, match.start())
            opening = (_JOINED if goes_on else _NUMBER).match(content, *match.span())
            first = opening.end() if opening else match.start()
            text = _VALUE.sub("", content[first : match.end()].rstrip())
            if goes_on and text[:1].isdigit():
                continue  # how much of what stands before: ", 1 ppd"
            if _names_something(text):
                yield TextSpan(first, first + len(text))


def _names_something(text: str) -> bool:
    """Whether an item is of words, few enough."""
    return len(text) > 1 and len(text.split()) <= LONGEST and any(c.isalpha() for c in text)


def _entity(page: Page, span: TextSpan) -> Entity:
    text = span.of(page.content)
    unsure, past = _UNSURE.search(text), _PAST.search(text)
    presence = Presence.POSSIBLE if unsure else Presence.AFFIRMED
    time = Time.HISTORICAL if past else Time.CURRENT
    return Entity(
        label=Label.PROBLEM,
        page=page.number,
        span=span,
        text=text,
        assertion=Assertion(presence=presence, time=time),
        section=SECTION,
        source="list of diagnoses",
    )
