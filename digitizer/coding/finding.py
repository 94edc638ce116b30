"""A code at one place of a document, before the places of a code are put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digitizer.chart.clinical import Entity
from digitizer.chart.coding import Code, Evidence
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A code at one place of the document; `withheld` says why it is not a current one, or ""."""

    code: Code
    score: float
    evidence: Evidence
    withheld: str
    why: str


def by_page(entities: Iterable[Entity]) -> Mapping[int, Sequence[Entity]]:
    """The entities of each page, in their order: looked up once a document, however long."""
    found: dict[int, list[Entity]] = defaultdict(list)
    for entity in entities:
        found[entity.page].append(entity)
    return found


def evidence_at(document: Document, page: int, span: TextSpan) -> Evidence:
    """The printed words at `span` with their boxes."""
    text = document.page(page).text
    if text is None:
        raise ValueError("a page that was not read holds no evidence")
    return Evidence(page=page, span=span, text=span.of(text.content), boxes=text.boxes_of(span))
