"""Which tumor a statement of a page is of: the one that stands nearest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.chart.cancer import Aspect, Statement, Tumor
from digitizer.chart.coding import Evidence
from digitizer.chart.document import Document
from digitizer.coding.cancer.stated import Said, said_in
from digitizer.coding.cancer.tables import Tables
from digitizer.coding.finding import evidence_at

NEAR = 300
"""Characters from a tumor in which a word that is not a tumor's own is taken to speak of it."""

BESIDE = 40
"""Characters in which a histology is a tumor's even if it does not usually arise there."""

FROM_PAGE = 100_000
"""How far another page is: farther than any place on the same one."""

_ITEM = re.compile(r"\n\s*(?:\d{1,2}[.)]|[A-Z][.)]|[-*\u2022])\s")
"""Where a list goes on to its next item."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a page says, with where it is printed."""

    said: Said
    evidence: Evidence


def placed_in(document: Document, found: Sequence[Tumor], tables: Tables) -> Iterator[Placed]:
    """What is printed of tumors, without what stands in the name of a disease that is none."""
    of_tumors = [evidence for tumor in found for evidence in tumor.evidence]
    claimed = [
        evidence
        for suggestion in document.suggestions or ()
        if suggestion.suggested and tables.reportable(suggestion.code.code) is None
        for evidence in suggestion.evidence
        if not any(_apart(evidence, ours) == 0 for ours in of_tumors)
    ]
    for page in document.pages:
        if page.text is not None:
            for said in said_in(page.text.content, tables):
                evidence = evidence_at(document, page.number, said.span)
                if not any(_apart(each, evidence) == 0 for each in claimed):
                    yield Placed(said, evidence)


def owner(placed: Placed, among: Sequence[Tumor], document: Document) -> Tumor | None:
    """The tumor that a statement is nearest to, of the same item of a list if there is one; `None`
    where it is too far from all of them.
    """

    def farness(tumor: Tumor) -> int:
        return min(
            _apart(each, placed.evidence) + NEAR * _are_items(each, placed.evidence, document)
            for each in tumor.evidence
        )

    nearest = min(among, key=farness)
    distance = _distance(nearest, placed)
    if placed.said.own and placed.said.aspect is not Aspect.HISTOLOGY:
        return nearest if distance < FROM_PAGE or len(among) == 1 else None
    return nearest if distance <= NEAR else None


def _are_items(one: Evidence, other: Evidence, document: Document) -> bool:
    """Whether two places of a page stand in different items of a list."""
    first, last = sorted((one.span, other.span))
    content = document.page(one.page).content
    return one.page == other.page and bool(_ITEM.search(content, first.end, last.start))


def _distance(tumor: Tumor, placed: Placed) -> int:
    """Characters between a statement and the nearest evidence; what leads is a little nearer."""
    return min(_apart(evidence, placed.evidence) for evidence in tumor.evidence)


def _apart(one: Evidence, other: Evidence) -> int:
    if one.page != other.page:
        return FROM_PAGE * (1 + abs(one.page - other.page))
    if one.span.overlaps(other.span):
        return 0
    behind = other.span.start - one.span.end
    return behind if behind >= 0 else 2 * (one.span.start - other.span.end)


def best(
    tumor: Tumor, placed: Sequence[Placed], aspect: Aspect, tables: Tables
) -> Statement | None:
    """What is said of an aspect: the nearest of what says most."""
    topography = tables.topography(tumor.site.code)

    def rank(each: Placed) -> tuple[int, int]:
        return _breadth(each.said, tables), _distance(tumor, each)

    def may_be(each: Placed) -> bool:
        if aspect is not Aspect.HISTOLOGY or _distance(tumor, each) <= BESIDE:
            return True
        return tables.histologies[each.said.value].fits(topography)

    ours = (each for each in placed if each.said.aspect is aspect and may_be(each))
    closest = min(ours, key=rank, default=None)
    if closest is None:
        return None
    return Statement(aspect=aspect, value=closest.said.value, evidence=closest.evidence)


def _breadth(said: Said, tables: Tables) -> int:
    """The more a statement says, as others of its aspect do, the smaller."""
    if said.aspect is Aspect.HISTOLOGY:
        return tables.histologies[said.value].breadth
    return int(not said.own or (said.aspect is Aspect.TNM and " N" not in said.value))
