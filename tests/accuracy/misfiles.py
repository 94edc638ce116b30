"""Puts strangers' pages into files, and crops headers off, and counts what is noticed.

`python -m tests.accuracy.misfiles HOME CHARTS [--trials 100] [--seed 1]`: HOME has digitized the
scans of CHARTS, a folder of charts with gold. Nothing is read anew and nothing in HOME is changed:
the stored pages are shuffled and grouped again. Each trial puts a page of another patient into a
file of one patient and crops the header off one of the file's own later pages.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digitizer.chart.document import SHEET_TYPES, Document
from digitizer.chart.page import Page, PageKind
from digitizer.chart.text import Text
from digitizer.config import find_home
from digitizer.operations.house import open_house
from digitizer.operations.understand import reader_of
from digitizer.pipeline import Runner
from digitizer.store import files
from digitizer.store import pages as page_store
from digitizer.text.sections import HEADER

FEWEST_OWN = 3
"""Pages of a file that gets a stranger's: with fewer nobody could say who the stranger is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The pages of a file, and the record number that is true of each page of a chart."""

    name: str
    pages: tuple[Page, ...]
    truth: dict[int, str]

    @property
    def patients(self) -> frozenset[str]:
        """Record numbers of all patients in the file."""
        return frozenset(self.truth.values())


def scans(home: Path, charts: Path) -> list[Scan]:
    """Every digitized file of `home` that `charts` has the gold of."""
    found = []
    with open_house(find_home(home)) as house, house.store.read() as tx:
        for row in files.every(tx):
            gold = charts / "gold" / f"{row.source}.json"
            pages = tuple(page_store.every(tx, row.id))
            if gold.exists() and pages:
                found.append(Scan(name=row.source, pages=pages, truth=_truth(gold)))
    return found


def _truth(gold: Path) -> dict[int, str]:
    told = json.loads(gold.read_text(encoding="utf-8"))
    return {n: d["patient"]["mrn"] for d in told["documents"] for n in d["pages"]}


def cropped(page: Page) -> Page:
    """The page without the lines of its header: as if the scanner had cut them off."""
    text = page.text or Text(content="")
    ends = [s.span.end for s in page.sections or () if s.kind == HEADER]
    cut = max(ends, default=0)
    kept = [(w, s - cut) for w, s in zip(text.words, text.starts, strict=True) if s >= cut]
    words, starts = tuple(w for w, _ in kept), tuple(s for _, s in kept)
    return replace(page, text=Text(content=text.content[cut:], words=words, starts=starts))


@dataclass(slots=True)
class Trial:
    """One file with a stranger's page in it and one of its own pages cropped."""

    pages: list[Page]
    foreign: int
    crop: int | None
    own: str


def trial(hosts: Sequence[Scan], donors: Sequence[Scan], rng: random.Random) -> Trial:
    """A file, a page of another patient at any place behind its first, and a page cropped."""
    host = rng.choice(hosts)
    (own,) = host.patients
    donor = rng.choice([d for d in donors if own not in d.patients])
    stranger = rng.choice([p for p in donor.pages if p.number in donor.truth])
    pages = [p for p in host.pages if p.number in host.truth]
    later = rng.choice(pages[1:])
    at = rng.randint(1, len(pages))
    crop = pages.index(later)
    stack = [cropped(p) if p is later else p for p in pages]
    stack.insert(at, stranger)
    numbered = [replace(p, number=n) for n, p in enumerate(stack, start=1)]
    return Trial(numbered, at + 1, crop + 1 if crop < at else crop + 2, own)


def flagged(documents: Sequence[Document]) -> set[int]:
    """Numbers of the pages of documents that are said to be misfiled."""
    return {p.number for d in documents if d.possible_misfile for p in d.pages}


def grouped(runner: Runner, pages: Sequence[Page]) -> tuple[Document, ...]:
    """Documents of pages whose headers are read anew."""
    return runner.assemble([runner.read_page(replace(page, warnings=())) for page in pages])


def run(home: Path, charts: Path, trials: int, seed: int) -> Counter[str]:
    """All trials, and all files as they are, counted."""
    rng = random.Random(seed)
    every = scans(home, charts)
    runner = reader_of(find_home(Path(__file__).parents[2]))
    hosts = [s for s in every if len(s.patients) == 1 and len(s.truth) >= FEWEST_OWN]
    donors = [s for s in every if s.truth]
    counts = Counter[str]()
    for _ in range(trials):
        one = trial(hosts, donors, rng)
        documents = grouped(runner, one.pages)
        found = flagged(documents)
        counts["foreign"] += 1
        counts["foreign flagged"] += one.foreign in found
        counts["own pages"] += len(one.pages) - 1
        counts["own pages flagged"] += len(found - {one.foreign})
        counts[f"cropped: {_fate(documents, one)}"] += 1
    for scan in every:
        counts["pages as scanned"] += sum(p.kind is PageKind.CONTENT for p in scan.pages)
        counts["pages as scanned, flagged"] += len(flagged(grouped(runner, scan.pages)))
    return counts


def _fate(documents: Sequence[Document], one: Trial) -> str:
    document = next(d for d in documents if any(p.number == one.crop for p in d.pages))
    if document.doc_type in SHEET_TYPES or not document.patient.known:
        return "no patient taken"
    mrn = document.patient.mrn
    if mrn and mrn != one.own:
        return "WRONG PATIENT" if _plain(mrn) != _plain(one.own) else "its own patient"
    return "its own patient"


def _plain(number: str) -> str:
    return "".join(c for c in number if c.isalnum())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("charts", type=Path)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts = run(asked.home, asked.charts, asked.trials, asked.seed)
    for name, number in sorted(counts.items()):
        sys.stdout.write(f"{name}: {number}\n")


if __name__ == "__main__":
    main()
