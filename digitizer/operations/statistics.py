"""What the dashboard shows: how much is done, how old the queue is, how suggestions fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from digitizer.chart.coding import BANDS
from digitizer.chart.people import Permission, User
from digitizer.chart.review import MACHINE, Action, Decision
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.operations.worklist import entries
from digitizer.review.decide import CodeLine, LineState, fold
from digitizer.store import Transaction, documents, files, reviews
from digitizer.store import pages as page_store

DAYS = 14
CHARTS = 500
PAGES = 300
_MOST_CODES = 12
_TENTHS = 10

_JUDGED = (LineState.ACCEPTED, LineState.REJECTED, LineState.REPLACED)

_HOUR, _DAY = 60.0, 24 * 60.0
AGES = (
    ("under an hour", _HOUR),
    ("1 to 8 hours", 8 * _HOUR),
    ("8 to 24 hours", _DAY),
    ("1 to 3 days", 3 * _DAY),
    ("3 to 7 days", 7 * _DAY),
    ("over a week", float("inf")),
)
"""Ages of waiting charts: each with the minutes that it stays under."""

TIMES = (
    ("under 1 minute", 1.0),
    ("1 to 2 minutes", 2.0),
    ("2 to 5 minutes", 5.0),
    ("5 to 10 minutes", 10.0),
    ("10 to 30 minutes", 30.0),
    ("over 30 minutes", float("inf")),
)
"""Time on a chart, likewise."""

Counts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What coders made of the suggestions under one heading; the rest was replaced."""

    name: str
    accepted: int
    rejected: int
    replaced: int

    @property
    def judged(self) -> int:
        """How many were decided on."""
        return self.accepted + self.rejected + self.replaced

    @property
    def share(self) -> float:
        """Of those judged, the share that was accepted as suggested (0 to 1)."""
        return self.accepted / self.judged if self.judged else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Of the last DAYS days, the newest CHARTS charts that people worked on, and PAGES pages.

    `days` are (day, files done, files refused) and `signed` (day, charts), oldest first.
    `oldest_minutes` is how long the file that waits longest has waited, `ages` how many charts
    have waited for a coder how long. `confidence` counts pages by tenths of their confidence.
    `bands` are suggestions by how sure the engine was, `codes` the codes that were changed most.
    `times` counts charts by the minutes from a coder's first decision to the sign-off, `minutes` is
    their median.
    """

    days: Sequence[tuple[str, int, int]]
    signed: Counts
    waiting: int
    oldest_minutes: float | None
    ages: Counts
    confidence: Sequence[int]
    bands: Sequence[Fate]
    codes: Sequence[Fate]
    charts: int
    times: Counts
    minutes: float | None


@dataclass(frozen=True, slots=True)
class _Worked:
    """A chart that people worked on: its lines, and the minutes until it was first signed."""

    lines: Sequence[CodeLine]
    minutes: float | None


def statistics(house: House, who: User, *, now: datetime) -> Statistics:
    """Read it off the store.

    Raises:
        AccessError: `who` may not see how others work.
    """
    require(who, Permission.READ_AUDIT)
    with house.store.read() as tx:
        signed = {v.document: v.signed_at for v in reversed(reviews.versions(tx))}
        charts = _worked_on(tx, signed)
        oldest = files.oldest_waiting(tx)
        lines = [line for chart in charts for line in chart.lines if _is_judged(line)]
        taken = [chart.minutes for chart in charts if chart.minutes is not None]
        return Statistics(
            days=_days(files.finished_a_day(tx), now),
            signed=_signed(tx, now),
            waiting=files.open_jobs(tx),
            oldest_minutes=_minutes(oldest, now.isoformat()) if oldest else None,
            ages=_counted(_ages(tx, now), AGES),
            confidence=_tenths(page_store.newest_confidences(tx, PAGES)),
            bands=_by_band(lines),
            codes=_most_changed(lines),
            charts=len(charts),
            times=_counted(taken, TIMES),
            minutes=median(taken) if taken else None,
        )


def _worked_on(tx: Transaction, signed: dict[str, str]) -> list[_Worked]:
    """The newest charts with decisions that are still there; `signed` is when each first was."""
    touched = [key for key, review in reviews.every(tx).items() if review.version]
    found = []
    for key in touched[-CHARTS:]:
        stored = documents.bare(tx, key)
        if stored is None:
            continue
        made = reviews.decisions(tx, key)
        lines = fold(stored.document.suggestions or (), made).lines
        found.append(_Worked(lines, _taken(made, signed.get(key))))
    return found


def _taken(made: Iterable[Decision], signed: str | None) -> float | None:
    """Minutes from the first decision of a coder to the sign-off."""
    coded = (d.at for d in made if d.actor != MACHINE and d.action is not Action.CORRECT)
    first = next(coded, None)
    return _minutes(first, signed) if first and signed else None


def _ages(tx: Transaction, now: datetime) -> list[float]:
    """How many minutes each chart has waited for a coder."""
    return [_minutes(e.arrived, now.isoformat()) for e in entries(tx) if e.waits()]


def _is_judged(line: CodeLine) -> bool:
    return line.suggestion is not None and line.suggestion.suggested and line.state in _JUDGED


def _days(finished: Iterable[tuple[str, bool, int]], now: datetime) -> list[tuple[str, int, int]]:
    done: Counter[tuple[str, bool]] = Counter()
    for day, good, number in finished:
        done[day, good] += number
    return [(day, done[day, True], done[day, False]) for day in _last(now)]


def _signed(tx: Transaction, now: datetime) -> list[tuple[str, int]]:
    done = Counter(version.signed_at[:10] for version in reviews.versions(tx))
    return [(day, done[day]) for day in _last(now)]


def _last(now: datetime) -> list[str]:
    """The last DAYS days, oldest first, in ISO 8601."""
    return [(now - timedelta(days=back)).date().isoformat() for back in reversed(range(DAYS))]


def _counted(values: Iterable[float], under: Sequence[tuple[str, float]]) -> list[tuple[str, int]]:
    """How many of these values fall under each heading."""
    counted = Counter(next(name for name, most in under if value < most) for value in values)
    return [(name, counted[name]) for name, _ in under]


def _tenths(values: Iterable[float]) -> list[int]:
    counted = Counter(min(_TENTHS - 1, int(value * _TENTHS)) for value in values)
    return [counted[tenth] for tenth in range(_TENTHS)]


def _by_band(lines: Iterable[CodeLine]) -> list[Fate]:
    fates = {fate.name: fate for fate in _fates(lines, _band_of)}
    return [fates[name] for name, _ in BANDS if name in fates]


def _band_of(line: CodeLine) -> str:
    return line.suggestion.band if line.suggestion else ""


def _most_changed(lines: Iterable[CodeLine]) -> list[Fate]:
    changed = [f for f in _fates(lines, lambda line: line.code.code) if f.accepted < f.judged]
    return sorted(changed, key=lambda f: (f.accepted - f.judged, f.name))[:_MOST_CODES]


def _fates(lines: Iterable[CodeLine], name_of: Callable[[CodeLine], str]) -> list[Fate]:
    """What became of the lines of each name."""
    named: dict[str, Counter[LineState]] = {}
    for line in lines:
        named.setdefault(name_of(line), Counter())[line.state] += 1
    return [
        Fate(
            name=name,
            accepted=states[LineState.ACCEPTED],
            rejected=states[LineState.REJECTED],
            replaced=states[LineState.REPLACED],
        )
        for name, states in named.items()
    ]


def _minutes(start: str, end: str) -> float:
    return (_moment(end) - _moment(start)).total_seconds() / 60


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
