"""Builds and asks our search backend, plain Whoosh, SQLite FTS5 and tantivy side by side: CPU
milliseconds (median and 95th percentile) of each class of query, pages indexed a CPU second, bytes
a page, memory, as a table, a plot and JSON.

    python -m tests.bench.search DATA_FOLDER [--pages N] [--only A,B] [--out DIR]

The folder holds `gen_corpus.py` (called with --pages, --out and --sources), its `sources/`, and
`queries.json`: classes with their queries. What was built is used again the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from math import log10
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.search_engines import ENGINES

Figures = dict[str, Any]
"""See `search_engines.Measured`."""

ABOUT = (
    ("pages a CPU second", lambda found: found["pages"] / found["build_seconds"], "{:.0f}"),
    ("bytes a page", lambda found: found["bytes"] / found["pages"], "{:.0f}"),
    ("searcher's memory, MB", lambda found: found["memory"], "{:.0f}"),
    ("open and answer, ms", lambda found: found["open_ms"], "{:.1f}"),
    ("add a page and see it, ms", lambda found: found["add_ms"], "{:.1f}"),
    ("partial answers", lambda found: found["partial"], "{:.0f}"),
)


def main() -> None:
    """Let every engine build and answer, one after another, and report."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    pages = _pages(asked)
    names = asked.only.split(",") if asked.only else list(ENGINES)
    found = [_measured(name, pages, asked) for name in names]
    about = f"{asked.pages} pages, CPU ms: median (95th percentile)"
    console = Console(highlight=False, width=120)
    console.print(_table(found, about))
    (asked.out / "search.svg").write_text(plot(found, about), encoding="utf-8")
    (asked.out / "search.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    console.print(f"\nPlot and figures: {asked.out}/search.svg, search.json", soft_wrap=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("data", type=Path, help="the corpus generator's folder")
    parser.add_argument("--pages", type=int, default=20_000, metavar="N")
    parser.add_argument("--only", metavar="A,B", help=f"of {', '.join(ENGINES)}")
    parser.add_argument("--out", type=Path, default=Path(".bench/search"), metavar="DIR")
    return parser.parse_args()


def _pages(asked: argparse.Namespace) -> Path:
    """The corpus, as long as it is asked for."""
    path: Path = asked.out / "pages.jsonl"
    if path.exists():
        with path.open(encoding="utf-8") as file:
            if sum(1 for _ in islice(file, asked.pages)) == asked.pages:
                return path
    generator = [sys.executable, asked.data / "gen_corpus.py", "--sources", asked.data / "sources"]
    subprocess.run([*generator, "--pages", str(asked.pages), "--out", path], check=True)
    return path


def _measured(name: str, pages: Path, asked: argparse.Namespace) -> Figures:
    """Build in one process, ask in another, so that memory is the searcher's alone."""
    folder = asked.out / f"{name}-{asked.pages}"
    _run(name, "build", folder, pages, asked.pages)
    found: Figures = json.loads(_run(name, "ask", folder, asked.data / "queries.json"))
    return {**found, "pages": asked.pages}


def _run(*arguments: object) -> str:
    command = [sys.executable, "-m", "tests.bench.search_engines", *map(str, arguments)]
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | one_thread
    )
    return done.stdout


def _table(found: Sequence[Figures], about: str) -> Table:
    made = Table(about, *(one["engine"] for one in found), box=None)
    for kind in found[0]["classes"]:
        made.add_row(kind, *(_cell(one["classes"].get(kind)) for one in found))
    made.add_section()
    for title, value, form in ABOUT:
        made.add_row(title, *(form.format(value(one)) for one in found))
    return made


def _cell(spent: Sequence[float] | None) -> str:
    return f"{middle(spent):.2f} ({worst(spent):.1f})" if spent else "–"


def middle(spent: Sequence[float]) -> float:
    """The median."""
    return sorted(spent)[len(spent) // 2]


def worst(spent: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(spent)[min(len(spent) - 1, int(0.95 * len(spent)))]


_WIDE, _HIGH, _LABEL, _LEAST, _DECADES = 760, 44, 110, -2, 6
_COLOURS = ("#0b6e99", "#9aa5ad", "#c58b2a", "#7a5195")


def plot(found: Sequence[Figures], about: str) -> str:
    """For each class a line from median to 95th percentile for each engine, logarithmic; SVG."""
    kinds = list(found[0]["classes"])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" '
        f'height="{70 + _HIGH * len(kinds)}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-size="15">{escape(about)}</text>',
        *_legend(found),
        *_scale(50 + _HIGH * len(kinds)),
    ]
    for row, kind in enumerate(kinds):
        parts += _lines(found, kind, 60 + row * _HIGH)
    return "\n".join([*parts, "</svg>\n"])


def _across(milliseconds: float) -> float:
    place = (log10(max(milliseconds, 10**_LEAST)) - _LEAST) / _DECADES
    return _LABEL + place * (_WIDE - _LABEL - 20)


def _legend(found: Sequence[Figures]) -> Iterator[str]:
    for place, one in enumerate(found):
        x, colour = _LABEL + 150 * place, _COLOURS[place % len(_COLOURS)]
        yield f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="43">{escape(one["engine"])}</text>'


def _scale(bottom: int) -> Iterator[str]:
    for power in range(_LEAST, _LEAST + _DECADES + 1):
        x = _across(10.0**power)
        yield f'<path d="M{x:.1f} 52V{bottom}" stroke="#dddddd"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{10.0**power:g} ms</text>'


def _lines(found: Sequence[Figures], kind: str, top: int) -> Iterator[str]:
    yield f'<text x="{_LABEL - 10}" y="{top + 24}" text-anchor="end">{escape(kind)}</text>'
    for place, one in enumerate(found):
        if spent := one["classes"].get(kind):
            a, b, y = _across(middle(spent)), _across(worst(spent)), top + 6 + 9 * place
            colour = _COLOURS[place % len(_COLOURS)]
            yield f'<path d="M{a:.1f} {y}H{b:.1f}" stroke="{colour}" stroke-width="3"/>'
            yield f'<circle cx="{a:.1f}" cy="{y}" r="4" fill="{colour}"/>'


if __name__ == "__main__":
    main()
