"""In which order charts are taken up, and who may take which. Pure; times in Unix seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from digitizer.chart.review import DECIDABLE, Review, ReviewState

LEASE = 30 * 60.0
"""Seconds that a chart stays with who took it up and then did nothing."""

ASSIGNED = 7 * 24 * 3600.0
"""Seconds that a chart stays with whom it was given to."""

URGENT = ("discharge_summary", "operative_note", "pathology_report", "history_and_physical")
"""Types that carry most diagnoses of a stay, so they come first among equals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A chart on the list. `also` are further record numbers of its patient. `arrived` is UTC in
    ISO 8601; `orphaned`: no document has this id now, but people decided on one that had.
    """

    document: str
    review: Review
    doc_type: str = ""
    name: str | None = None
    mrn: str | None = None
    also: tuple[str, ...] = ()
    encounter_date: date | None = None
    arrived: str = ""
    orphaned: bool = False

    def waits(self) -> bool:
        """Whether there is something for a coder to do."""
        ready = self.review.state in DECIDABLE and self.review.state is not ReviewState.QUERIED
        return ready and not self.review.held and not self.orphaned


def ordered(entries: Iterable[Entry]) -> Sequence[Entry]:
    """By priority, then type, then age."""
    return sorted(
        entries,
        key=lambda e: (-e.review.priority, e.doc_type not in URGENT, e.arrived, e.document),
    )


def mine(entries: Iterable[Entry], name: str, now: float) -> Sequence[Entry]:
    """What this person has, or may take, in order: their own charts first."""
    found = [e for e in entries if e.waits() and e.review.holder(now) in (None, name)]
    return sorted(ordered(found), key=lambda e: e.review.holder(now) != name)


def next_for(entries: Iterable[Entry], name: str, now: float, skip: str = "") -> Entry | None:
    """The chart to take up now, not the one just left; `None` where nothing waits."""
    return next((e for e in mine(entries, name, now) if e.document != skip), None)
