"""When codes are in force: which list of a code system holds on which day. Pure.

A list holds for a period: ICD-10-CM and ICD-10-PCS for a fiscal year (October to September). Where
several hold on one day the one that begins last is meant (the April update, not the October list);
the packaged list gives way to imported ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

OPEN = "9999-12-31"
"""The last day of what has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSet:
    """The codes of one list and its first and last day, as YYYY-MM-DD; `packaged` gives way."""

    codes: Collection[str]
    first: str
    last: str = OPEN
    packaged: bool = False


def fiscal_year(version: str) -> tuple[str, str] | None:
    """The first and last day of a year such as "2026"; `None` for what is no year."""
    if not (version.isdigit() and len(version) == 4):
        return None
    year = int(version)
    return f"{year - 1}-10-01", f"{year}-09-30"


def periods(sets: Sequence[CodeSet]) -> Iterator[tuple[str, str, str]]:
    """(code, first, last) for every stretch of days on which a code is in force."""
    found: dict[str, list[tuple[str, str]]] = {}
    for first, last, of in timeline(sets):
        for code in of.codes:
            stretches = found.setdefault(code, [])
            if stretches and _next_day(stretches[-1][1]) == first:
                first_before, _ = stretches.pop()
                stretches.append((first_before, last))
            else:
                stretches.append((first, last))
    for code, stretches in found.items():
        for first, last in stretches:
            yield code, first, last


def timeline(sets: Sequence[CodeSet]) -> list[tuple[str, str, CodeSet]]:
    """The days that any list holds for, cut where another takes over, in order."""
    cuts = sorted({s.first for s in sets} | {_next_day(s.last) for s in sets if s.last < OPEN})
    ends = [_day_before(cut) for cut in cuts[1:]] + [OPEN]
    found = []
    for first, last in zip(cuts, ends, strict=True):
        holding = [s for s in sets if s.first <= first and last <= s.last]
        if holding:
            found.append((first, last, max(holding, key=lambda s: (not s.packaged, s.first))))
    return found


def in_force(stretches: Iterable[tuple[str, str]], on: date) -> bool:
    """Whether a day lies in one of the stretches."""
    return any(first <= on.isoformat() <= last for first, last in stretches)


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
