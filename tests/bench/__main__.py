"""Reads the same pages with us, bare tesseract and OCRmyPDF in turn, and sets the figures side by
side: CPU seconds a page (of all processes), pages a minute, peak memory, CER, word recall and
numeric F1, as a table, a plot and JSON.

    python -m tests.bench [DATA_FOLDER] [--limit N] [--mixed] [--thorough] [--out DIR]

Without a folder it draws its own pages. `make bench` installs the peers first.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from tests.bench.drawn import drawn
from tests.bench.folders import sheets_in
from tests.bench.readers import OcrMyPdf, Read, Reader, RunOnce, Tesseract
from tests.bench.report import Result, by_round, lines, plot, table
from tests.bench.score import Tally, tally
from tests.bench.sheets import Round, Scan, Sheet, by_kind, lay, mixed, spread

PEERS = Path(".bench/bin")
EACH = 3  # pages of each kind that we draw
SCANS_A_ROUND = 4
THOROUGH = ("--deskew", "--clean", "--rotate-pages")


def main() -> None:
    """Lay out the pages, let every reader read them, and report."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        rounds = _rounds(asked, Path(scratch))
        results = compete(rounds, _readers(asked, Path(scratch)), Path(scratch))
    _report(results, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("data", type=Path, nargs="?", help="see tests/bench/folders.py")
    parser.add_argument("--limit", type=int, metavar="N", help="read at most N pages")
    parser.add_argument("--mixed", action="store_true", help="an inbox: a third born digital, …")
    parser.add_argument("--kinds", metavar="A,B", help="only pages of these kinds")
    parser.add_argument("--upright", action="store_true", help="only pages that lie upright")
    parser.add_argument("--dpi", type=int, metavar="N", help="only pages of this resolution")
    parser.add_argument("--thorough", action="store_true", help=f"OCRmyPDF {THOROUGH} too")
    parser.add_argument("--only", metavar="A,B", help="only these readers")
    parser.add_argument("--peers", type=Path, default=PEERS, help="where OCRmyPDF is installed")
    parser.add_argument("--out", type=Path, default=Path(".bench/result"), metavar="DIR")
    return parser.parse_args()


def _rounds(asked: argparse.Namespace, scratch: Path) -> list[Round]:
    most = asked.limit or sys.maxsize
    each = -(-asked.limit // 4) if asked.limit and asked.mixed else EACH
    known = sheets_in(asked.data) if asked.data else list(drawn(scratch / "drawn", each))
    sheets = [sheet for sheet in known if _wanted(sheet, asked)]
    if not sheets:
        raise SystemExit("no page is left to read: ask for others")
    if asked.mixed:
        return _inbox(mixed(sheets, asked.limit or len(sheets)), asked, scratch)
    stacks = by_kind(spread(sheets, most))
    return [
        Round(name=stack[0].kind, scans=(_laid(stack, asked, scratch / f"stack-{place}"),))
        for place, stack in enumerate(stacks)
    ]


def _wanted(sheet: Sheet, asked: argparse.Namespace) -> bool:
    return (
        (not asked.kinds or sheet.kind in asked.kinds.split(","))
        and not (asked.upright and (sheet.turned or sheet.blank))
        and (not asked.dpi or sheet.dpi == asked.dpi)
    )


def _inbox(files: Sequence[list[Sheet]], asked: argparse.Namespace, scratch: Path) -> list[Round]:
    """Rounds of whole files; a file that comes twice is the same file."""
    laid: dict[int, Scan] = {}
    for place, stack in enumerate(files):
        if id(stack) not in laid:
            laid[id(stack)] = _laid(stack, asked, scratch / f"file-{place}")
    scans = [laid[id(stack)] for stack in files]
    parts = [scans[at : at + SCANS_A_ROUND] for at in range(0, len(scans), SCANS_A_ROUND)]
    return [Round(name=f"part {n}", scans=tuple(part)) for n, part in enumerate(parts, 1)]


def _laid(stack: Sequence[Sheet], asked: argparse.Namespace, folder: Path) -> Scan:
    return lay(stack, folder, [asked.peers / "img2pdf"])


def _readers(asked: argparse.Namespace, scratch: Path) -> list[Reader]:
    peer = asked.peers / "ocrmypdf"
    known: list[Reader] = [Read(), Tesseract(), OcrMyPdf(peer)]
    if asked.mixed:
        known.insert(1, RunOnce(scratch / "home"))
    if asked.thorough:
        known.append(OcrMyPdf(peer, "ocrmypdf thorough", THOROUGH))
    chosen = [reader for reader in known if not asked.only or reader.name in asked.only.split(",")]
    if any(isinstance(reader, OcrMyPdf) for reader in chosen) and not peer.exists():
        raise SystemExit(f"{peer} is not there: `make bench` installs it")
    return chosen


def compete(rounds: Sequence[Round], readers: Sequence[Reader], scratch: Path) -> list[Result]:
    """Every reader reads a round before any goes on to the next, so that a busy machine hits all
    alike; who begins changes from round to round.
    """
    results = []
    for number, round_ in enumerate(rounds):
        first = number % len(readers)
        for reader in (*readers[first:], *readers[:first]):
            folder = scratch / "reading"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            result = _read(reader, round_, folder)
            results.append(result)
            cpu = result.cost.cpu / result.pages
            print(
                f"round {number + 1} of {len(rounds)}, {round_.name} ({result.pages} pages), "
                f"{reader.name}: {cpu:.2f} CPU s a page",
                file=sys.stderr,
            )
    order = [reader.name for reader in readers]
    return sorted(results, key=lambda result: order.index(result.reader))


def _read(reader: Reader, round_: Round, folder: Path) -> Result:
    texts, cost = reader.read(round_, folder)
    tallies: dict[str, Tally] = {}
    for sheet, text in zip(round_.sheets, texts, strict=True):
        so_far = tallies.get(sheet.kind, Tally())
        tallies[sheet.kind] = so_far + tally(sheet.printed, text)
    return Result(
        reader=reader.name,
        round=round_.name,
        pages=len(round_.sheets),
        cost=cost,
        tallies=tallies,
    )


def _report(results: Sequence[Result], asked: argparse.Namespace) -> None:
    found = lines(results)
    console = Console(highlight=False, width=132)
    console.print(by_round(results))
    console.print()
    console.print(table(found))
    asked.out.mkdir(parents=True, exist_ok=True)
    about = f"{found[0].pages} pages{', mixed inbox' if asked.mixed else ''}"
    (asked.out / "bench.svg").write_text(plot(found, about), encoding="utf-8")
    figures = {"about": about, "readers": [asdict(line) for line in found]}
    (asked.out / "bench.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    console.print(f"\nPlot and figures: {asked.out}/bench.svg, bench.json", soft_wrap=True)


if __name__ == "__main__":
    main()
