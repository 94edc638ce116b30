"""Finds words within one chart, as they stand there now: on every page, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from digitizer.chart.correction import wording
from digitizer.chart.page import Page
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Decision
from digitizer.chart.text import TextSpan
from digitizer.errors import UsageError
from digitizer.operations.house import House, through
from digitizer.operations.permit import require
from digitizer.search.highlight import Snippet, snippet
from digitizer.store import audit as audit_store
from digitizer.store import documents, reviews
from digitizer.store import pages as page_store

MOST = 100
_AROUND = 70
"""Characters that are shown of each place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand: `span` is one of the page's text as it was read."""

    page: int
    span: TextSpan
    snippet: Snippet


def find_in_chart(house: House, who: User, key: str, words: str) -> Sequence[Place]:
    """The first MOST places where `words` stand one after the other, in whatever case.

    What was looked for is noted in the audit trail, as every search is.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such document, or nothing is looked for.
    """
    require(who, Permission.VIEW)
    if not words.split():
        raise UsageError("type the words to look for")
    with house.store.begin() as tx:
        stored = documents.bare(tx, key)
        if stored is None:
            raise UsageError("there is no document of that id: `digitizer worklist` names charts")
        read = page_store.some(tx, stored.file_id, stored.numbers)
        made = reviews.decisions(tx, key)
        said = through(f"in {key}: {' '.join(words.split())}", glass=who.glass)
        audit_store.note(tx, actor=who.name, action="search", subject=said)
    pages = (read[number] for number in stored.numbers if number in read)
    found = (place for page in pages for place in _places(page, made, words))
    return tuple(islice(found, MOST))


def _places(page: Page, made: Sequence[Decision], words: str) -> Iterator[Place]:
    said = wording(page.content, page.number, made)
    content = said.content
    for match in re.finditer(r"\s+".join(map(re.escape, words.split())), content, re.IGNORECASE):
        there = TextSpan(*match.span())
        shown = snippet(content, (), _AROUND, also=[there])
        yield Place(page.number, said.back(there), shown)
