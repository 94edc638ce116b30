"""Pages that seem to lie in another patient's file: said, for a person to look, and never undone.

Nothing is moved and no identity is changed: what a page prints of its patient stays, and the
document it makes bears a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitizer.chart.document import MISFILE, Document
from digitizer.text.identity import Match, compare, differ

AMONG = f"{MISFILE}: the page names another patient than the pages around it"
ALONE = f"{MISFILE}: most other pages of the scan name another patient"

FEWEST_OTHERS = 2
"""Pages of one patient beside which another's pages, being fewer, look like strangers."""

MOST = 2 / 3
"""The share of the other pages that must be this one patient's: badly read ones are the rest."""


def flagged(documents: Sequence[Document]) -> list[Document]:
    """The documents of one batch, with a warning on each that seems to be a stranger's.

    A stranger's pages stand between two documents of one patient, go on where nothing of that
    patient came before, or are the fewer in a batch of which one patient has nearly all the rest.
    Where a batch holds several patients one after another, nobody is a stranger.
    """
    named = [document for document in documents if document.patient.known]
    strangers = {id(named[i]): why for i in range(len(named)) if (why := _strange(named, i))}
    return [_warned(document, strangers.get(id(document))) for document in documents]


def _warned(document: Document, why: str | None) -> Document:
    if why is None or document.possible_misfile:
        return document
    return replace(document, warnings=(*document.warnings, why))


def _strange(named: Sequence[Document], i: int) -> str | None:
    """Why document `i` seems to be a stranger's among those that name a patient, or `None`."""
    patient = named[i].patient
    others = [d for d in named if differ(d.patient, patient)]
    if not others:
        return None
    if _between(named, i) or _goes_on(named, i):
        return AMONG
    own = sum(len(d.pages) for d in named if d not in others)
    among = _largest(others)
    most = among >= MOST * sum(len(d.pages) for d in others)
    return ALONE if among >= FEWEST_OTHERS and among > own and most else None


def _between(named: Sequence[Document], i: int) -> bool:
    """Whether the documents on both sides are one patient's, and this is another's."""
    if not 0 < i < len(named) - 1:
        return False
    before, patient, after = (named[j].patient for j in (i - 1, i, i + 1))
    alike = (Match.SAME, Match.MISREAD)
    around = compare(before, after) in alike
    one_of_them = compare(before, patient) in alike or compare(patient, after) in alike
    return around and not one_of_them and (differ(before, patient) or differ(patient, after))


def _goes_on(named: Sequence[Document], i: int) -> bool:
    """Whether it begins with a later page of something, and no page of its patient came before."""
    header = named[i].pages[0].header
    later = header is not None and (header.page_number or 1) > 1
    return later and i > 0 and all(differ(d.patient, named[i].patient) for d in named[:i])


def _largest(documents: Sequence[Document]) -> int:
    """Pages of the patient who has the most of them."""
    return max(
        sum(len(d.pages) for d in documents if not differ(one.patient, d.patient))
        for one in documents
    )
