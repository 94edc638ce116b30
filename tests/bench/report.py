"""What the bench has found, as a table, a plot (SVG) and JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from rich.table import Table

from tests.bench.meter import Cost
from tests.bench.score import Tally

BASE = "tesseract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One reader on one round; `tallies` are by kind of page."""

    reader: str
    round: str
    pages: int
    cost: Cost
    tallies: Mapping[str, Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reader on everything."""

    reader: str
    pages: int
    cpu: float
    pages_a_minute: float
    peak_mib: float
    cer: float
    word_recall: float
    numeric_f1: float


def lines(results: Sequence[Result]) -> list[Line]:
    """One line a reader, in the order in which they came."""
    by_reader = defaultdict(list)
    for result in results:
        by_reader[result.reader].append(result)
    return [_line(reader, mine) for reader, mine in by_reader.items()]


def _line(reader: str, results: Sequence[Result]) -> Line:
    pages = sum(result.pages for result in results)
    cost = sum((result.cost for result in results), Cost())
    tally = sum((t for result in results for t in result.tallies.values()), Tally())
    return Line(
        reader=reader,
        pages=pages,
        cpu=cost.cpu / pages,
        pages_a_minute=60 * pages / cost.wall,
        peak_mib=cost.peak,
        cer=tally.cer,
        word_recall=tally.word_recall,
        numeric_f1=tally.numeric_f1,
    )


def table(found: Sequence[Line]) -> Table:
    """Side by side, with CPU seconds relative to bare tesseract."""
    made = Table("", *(title for title, _, _ in _COLUMNS), f"x {BASE}", box=None)
    base = next((line.cpu for line in found if line.reader == BASE), None)
    for line in found:
        cells = (form.format(getattr(line, name)) for _, name, form in _COLUMNS)
        made.add_row(line.reader, *cells, f"{line.cpu / base:.2f}" if base else "")
    return made


def by_round(results: Sequence[Result]) -> Table:
    """CPU seconds a page and word recall, a row for the rounds of each name."""
    rounds = dict.fromkeys(result.round for result in results)
    found = {name: lines([result for result in results if result.round == name]) for name in rounds}
    readers = [line.reader for line in lines(results)]
    made = Table("CPU s/page, word recall", *readers, box=None)
    for name, row in found.items():
        made.add_row(name, *(f"{line.cpu:5.2f}  {line.word_recall:.3f}" for line in row))
    return made


_COLUMNS = (
    ("CPU s/page", "cpu", "{:.2f}"),
    ("pages/min", "pages_a_minute", "{:.1f}"),
    ("peak MiB", "peak_mib", "{:.0f}"),
    ("CER", "cer", "{:.4f}"),
    ("word recall", "word_recall", "{:.4f}"),
    ("numeric F1", "numeric_f1", "{:.4f}"),
)

_WIDE, _HIGH, _LABEL, _PANEL = 720, 22, 190, 34


def plot(found: Sequence[Line], about: str) -> str:
    """Bars in one panel a figure, as SVG."""
    panel = _PANEL + _HIGH * len(found)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" '
        f'height="{30 + panel * len(_COLUMNS)}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-size="15">{escape(about)}</text>',
    ]
    for place, (title, name, form) in enumerate(_COLUMNS):
        parts += _bars(found, title, name, form, top=30 + place * panel)
    return "\n".join([*parts, "</svg>\n"])


def _bars(found: Sequence[Line], title: str, name: str, form: str, *, top: int) -> Iterator[str]:
    yield f'<text x="10" y="{top + 18}" font-weight="bold">{escape(title)}</text>'
    most = max(getattr(line, name) for line in found) or 1.0
    room = _WIDE - _LABEL - 80
    for row, line in enumerate(found):
        value, y = getattr(line, name), top + 26 + row * _HIGH
        colour = "#0b6e99" if line.reader.startswith("digitizer") else "#9aa5ad"
        wide = room * value / most
        yield f'<text x="{_LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(line.reader)}</text>'
        yield f'<rect x="{_LABEL}" y="{y}" width="{wide:.1f}" height="16" fill="{colour}"/>'
        yield f'<text x="{_LABEL + wide + 6:.1f}" y="{y + 13}">{form.format(value)}</text>'
