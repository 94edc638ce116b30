"""Documents of the groups into which people arranged the pages of a scan. Pure.

What was read on a page goes with the page: findings, and suggestions with the evidence that is on
it. Whose a document is, is read anew from the pages where people cut one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from digitizer.chart.cancer import Tumor
from digitizer.chart.clinical import Entity, PhiSpan
from digitizer.chart.coding import CodeSuggestion
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.paper import Group

Made = Callable[[Sequence[Page]], Document]
"""Pages → what their own headers say of the document that they are."""

_WHY = ("pages", "arranged by a person")


def regrouped(
    read: Sequence[tuple[Group, Document]],
    groups: Iterable[Group],
    pages: Mapping[int, Page],
    made: Made,
    kept: Mapping[Group, Document] = MappingProxyType({}),
) -> list[Document]:
    """The documents of `groups`, with their pages; `read` are those that the machine made, `kept`
    those of before that stay as they are.
    """
    return [
        replace(kept[group], pages=tuple(pages[number] for number in group))
        if group in kept
        else _of_group(read, group, pages, made)
        for group in groups
    ]


def _of_group(
    read: Sequence[tuple[Group, Document]], group: Group, pages: Mapping[int, Page], made: Made
) -> Document:
    here = tuple(pages[number] for number in group)
    parts = [(numbers, document) for numbers, document in read if set(numbers) & set(group)]
    if [numbers for numbers, _ in parts] == [group]:
        return replace(parts[0][1], pages=here)
    numbers, first = next(part for part in parts if group[0] in part[0])
    cut = not all(set(part) <= set(group) for part, _ in parts)
    base = made(here) if cut else first
    patient = base.patient
    if not patient.known and (not cut or group[0] == numbers[0]):
        known = (document.patient for _, document in parts if document.patient.known)
        patient = next(known, patient)
    documents = [document for _, document in parts]
    return replace(
        base,
        pages=here,
        patient=patient,
        encounter=first.encounter,
        setting=first.setting,
        entities=_entities(documents, group),
        suggestions=_suggestions(documents, group),
        tumors=_tumors(documents, group),
        phi=_phi(documents, group),
        steps=first.steps,
        reasons=(*base.reasons, _WHY),
        warnings=() if cut or len(parts) > 1 else first.warnings,
    )


def _entities(documents: Sequence[Document], group: Group) -> tuple[Entity, ...]:
    return tuple(e for document in documents for e in document.entities or () if e.page in group)


def _phi(documents: Sequence[Document], group: Group) -> tuple[PhiSpan, ...]:
    return tuple(p for document in documents for p in document.phi or () if p.page in group)


def _tumors(documents: Sequence[Document], group: Group) -> tuple[Tumor, ...]:
    """Those with evidence in the group, cut to it."""
    every = (tumor for document in documents for tumor in document.tumors or ())
    cut = (tumor.moved(lambda e: e if e.page in group else None) for tumor in every)
    return tuple(tumor for tumor in cut if tumor is not None)


def _suggestions(documents: Sequence[Document], group: Group) -> tuple[CodeSuggestion, ...]:
    """Those with evidence in the group, cut to it."""
    found = []
    for suggestion in (s for document in documents for s in document.suggestions or ()):
        evidence = tuple(e for e in suggestion.evidence if e.page in group)
        if evidence:
            found.append(replace(suggestion, evidence=evidence))
    return tuple(found)
