"""The dashboard: throughput, queue, confidence, and how suggestions fare, as plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from digitizer.chart.people import Permission, User
from digitizer.operations.statistics import Counts, Fate, Statistics, statistics
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

_FATES = (("accepted", "good"), ("rejected", "bad"), ("replaced", "warn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Bars beside their numbers: a row is what it counts, a number for each of `parts`, and a
    remark. A part is what it counts and its colour, "good", "bad", "warn" or "plain".
    """

    title: str
    of: str
    parts: tuple[tuple[str, str], ...]
    rows: Sequence[tuple[str, tuple[int, ...], str]]
    remark: str = ""

    @property
    def most(self) -> int:
        """The sum of the longest bar; 0 where there is nothing to see."""
        return max((sum(numbers) for _, numbers, _ in self.rows), default=0)


@router.get("/dashboard")
def show(request: Request, who: User = needs(Permission.READ_AUDIT)) -> Response:
    """All plots, drawn on the server."""
    found = statistics(desk_of(request).house, who, now=datetime.now(UTC))
    return render(request, "dashboard.html", who, found=found, plots=tuple(_plots(found)))


def _plots(found: Statistics) -> Iterator[Plot]:
    yield Plot(
        title="Files a day",
        of="day",
        parts=(("digitized", "good"), ("refused", "bad")),
        rows=[(day, (done, refused), "") for day, done, refused in found.days],
    )
    yield _simple("Charts signed a day", "day", "charts", found.signed)
    yield _simple("Charts that wait for a coder", "since", "charts", found.ages)
    yield _simple("Time on a chart", "first decision to sign-off", "charts", found.times)
    yield _fates("Suggestions by how sure the engine was", "band", found.bands)
    yield _fates("Codes that are changed most", "code", found.codes)
    yield _simple("Confidence of the newest pages", "mean of words", "pages", _tenths(found))


def _simple(title: str, of: str, part: str, counts: Counts) -> Plot:
    rows = [(name, (number,), "") for name, number in counts]
    return Plot(title=title, of=of, parts=((part, "plain"),), rows=rows)


def _fates(title: str, of: str, fates: Sequence[Fate]) -> Plot:
    rows = [(f.name, (f.accepted, f.rejected, f.replaced), f"{f.share:.0%}") for f in fates]
    return Plot(title=title, of=of, parts=_FATES, rows=rows, remark="taken")


def _tenths(found: Statistics) -> Counts:
    """From the best tenth down to the worst that has a page."""
    least = next((tenth for tenth, number in enumerate(found.confidence) if number), 0)
    tenths = range(len(found.confidence) - 1, least - 1, -1)
    return [(f"{10 * n} to {10 * (n + 1)} %", found.confidence[n]) for n in tenths]
