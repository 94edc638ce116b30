"""What the dashboard shows: how much is done, how old the queue is, how suggestions fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from digitizer.chart.people import Permission, User
from digitizer.operations.chart import Chart, chart_in
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.decide import CodeLine, LineState
from digitizer.store import Transaction, documents, files, reviews
from digitizer.store import pages as page_store

DAYS = 14
CHARTS = 500
PAGES = 300
_WORST = 12
_TENTHS = 10

_JUDGED = (LineState.ACCEPTED, LineState.REJECTED, LineState.REPLACED)


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

    `days` are (day, files done, files refused), oldest first. `oldest_minutes` is how long the
    file that waits longest has waited. `confidence` counts pages by tenths of their confidence.
    `scores` are suggestions by tenths of their score, `codes` the codes that were changed most.
    `minutes` is the median from the first decision on a chart to its sign-off.
    """

    days: Sequence[tuple[str, int, int]]
    waiting: int
    oldest_minutes: float | None
    confidence: Sequence[int]
    scores: Sequence[Fate]
    codes: Sequence[Fate]
    charts: int
    minutes: float | None


def statistics(house: House, who: User, *, now: datetime) -> Statistics:
    """Read it off the store.

    Raises:
        AccessError: `who` may not see how others work.
    """
    require(who, Permission.READ_AUDIT)
    with house.store.read() as tx:
        charts = [chart_in(tx, key) for key in _worked_on(tx)]
        oldest = files.oldest_waiting(tx)
        lines = [line for chart in charts for line in chart.coding.lines if _is_judged(line)]
        return Statistics(
            days=_days(files.finished_a_day(tx), now),
            waiting=files.open_jobs(tx),
            oldest_minutes=_minutes(oldest, now.isoformat()) if oldest else None,
            confidence=_tenths(page_store.newest_confidences(tx, PAGES)),
            scores=_by_score(lines),
            codes=_most_changed(lines),
            charts=len(charts),
            minutes=_median_minutes(charts),
        )


def _worked_on(tx: Transaction) -> list[str]:
    """The ids of charts with decisions that are still there."""
    worked = [key for key, review in reviews.every(tx).items() if review.version]
    return [key for key in worked[-CHARTS:] if documents.bare(tx, key) is not None]


def _is_judged(line: CodeLine) -> bool:
    return line.suggestion is not None and line.suggestion.suggested and line.state in _JUDGED


def _days(finished: Iterable[tuple[str, bool, int]], now: datetime) -> list[tuple[str, int, int]]:
    done: Counter[tuple[str, bool]] = Counter()
    for day, good, number in finished:
        done[day, good] += number
    last = [(now - timedelta(days=back)).date().isoformat() for back in reversed(range(DAYS))]
    return [(day, done[day, True], done[day, False]) for day in last]


def _tenths(values: Iterable[float]) -> list[int]:
    counted = Counter(min(_TENTHS - 1, int(value * _TENTHS)) for value in values)
    return [counted[tenth] for tenth in range(_TENTHS)]


def _fate(name: str, lines: Sequence[CodeLine]) -> Fate:
    states = Counter(line.state for line in lines)
    return Fate(
        name=name,
        accepted=states[LineState.ACCEPTED],
        rejected=states[LineState.REJECTED],
        replaced=states[LineState.REPLACED],
    )


def _by_score(lines: Sequence[CodeLine]) -> list[Fate]:
    tenths: dict[int, list[CodeLine]] = {tenth: [] for tenth in range(_TENTHS)}
    for line in lines:
        score = line.suggestion.score if line.suggestion else 0.0
        tenths[min(_TENTHS - 1, int(score * _TENTHS))].append(line)
    return [_fate(f"{t / 10:.1f}", of) for t, of in tenths.items() if of]


def _most_changed(lines: Sequence[CodeLine]) -> list[Fate]:
    by_code: dict[str, list[CodeLine]] = {}
    for line in lines:
        by_code.setdefault(line.code.code, []).append(line)
    fates = [_fate(code, of) for code, of in by_code.items()]
    changed = [fate for fate in fates if fate.accepted < fate.judged]
    return sorted(changed, key=lambda fate: (fate.accepted - fate.judged, fate.name))[:_WORST]


def _median_minutes(charts: Iterable[Chart]) -> float | None:
    taken = [
        _minutes(chart.coding.history[0].at, chart.versions[0].signed_at)
        for chart in charts
        if chart.versions and chart.coding.history
    ]
    return median(taken) if taken else None


def _minutes(start: str, end: str) -> float:
    return (_moment(end) - _moment(start)).total_seconds() / 60


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
