"""The programs that are compared: each reads a round, says what it read and what that cost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.bench.meter import Cost, run
from tests.bench.sheets import Round, Scan

PROGRAM = Path(sys.executable).with_name("digitizer")
_TEXT_THERE = ("--mode", "skip")  # OCRmyPDF refuses files with text on a page unless told so
_SOFT = (0, 10)  # 10: a good PDF that is no PDF/A; see its manual


class Reader(Protocol):
    """One program, or one way of running it."""

    @property
    def name(self) -> str:
        """What the report calls it."""

    def read(self, round_: Round, folder: Path) -> tuple[list[str], Cost]:
        """The text of each page, in order, and what reading cost; `folder` is an empty one."""


@dataclass(frozen=True, slots=True)
class Read:
    """`digitizer read`: one process a round."""

    name: str = "digitizer read"

    def read(self, round_: Round, folder: Path) -> tuple[list[str], Cost]:
        """Every file that is dropped, in one call."""
        said = folder / "pages.jsonl"
        files = [file for scan in round_.scans for file in scan.dropped]
        cost = run([PROGRAM, "read", *files, "--jsonl"], out=said)
        pages = map(json.loads, said.read_text(encoding="utf-8").splitlines())
        return [page.get("text", "") for page in pages], cost


@dataclass(frozen=True, slots=True)
class RunOnce:
    """`digitizer run --once`: the whole product on an inbox; reads, understands, codes, indexes.

    Files of the same bytes as one before them are not read again.
    """

    home: Path
    name: str = "digitizer run"

    def read(self, round_: Round, folder: Path) -> tuple[list[str], Cost]:
        """The round is dropped into the inbox, which is taken to its end."""
        if not self.home.exists():
            self._settle(folder)
        names = list(self._drop(round_))
        cost = run([PROGRAM, "run", "--once", "--home", self.home], out=folder / "run.out")
        run(
            [PROGRAM, "export", "--out", folder / "export", "--home", self.home],
            out=folder / "export.out",
        )
        return [text for name, n in names for text in _exported(folder / "export", name, n)], cost

    def _settle(self, folder: Path) -> None:
        """A home with one worker, as the others have one job."""
        run([PROGRAM, "init", self.home], out=folder / "init.out")
        config = self.home / "config.yaml"
        lines = config.read_text().splitlines()
        one = ["  workers: 1" if line.strip().startswith("workers:") else line for line in lines]
        config.write_text("\n".join(one) + "\n")

    def _drop(self, round_: Round) -> Iterator[tuple[str, int]]:
        """Each file's name in the inbox, with how many pages it has."""
        for place, scan in enumerate(round_.scans):
            for number, file in enumerate(scan.dropped):
                name = f"{round_.name}-{place}-{number}{file.suffix}"
                shutil.copyfile(file, self.home / "inbox" / name)
                yield name, len(scan.sheets) // len(scan.dropped)


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Bare tesseract: one process a page, the gray image by path, nothing done to it."""

    name: str = "tesseract"

    def read(self, round_: Round, folder: Path) -> tuple[list[str], Cost]:
        """Every page image by itself."""
        texts, cost = [], Cost()
        for scan in round_.scans:
            for image, sheet in zip(scan.images, scan.sheets, strict=True):
                out = folder / f"{len(texts)}.txt"
                cost += run(["tesseract", image, "stdout", "--dpi", str(sheet.dpi)], out=out)
                texts.append(out.read_text(encoding="utf-8"))
        return texts, cost


@dataclass(frozen=True, slots=True)
class OcrMyPdf:
    """OCRmyPDF: one process a PDF, one job. Pages that have text are passed over."""

    program: Path
    name: str = "ocrmypdf"
    options: tuple[str, ...] = ()

    def read(self, round_: Round, folder: Path) -> tuple[list[str], Cost]:
        """Every PDF by itself; its text is taken off the PDF that it makes, free of charge."""
        texts, cost = [], Cost()
        for scan in round_.scans:
            made = folder / f"{len(texts)}.pdf"
            command = [self.program, "--jobs", "1", "--quiet", *_TEXT_THERE, *self.options]
            cost += run([*command, scan.pdf, made], out=made.with_suffix(".out"), good=_SOFT)
            texts += _text_of(made, scan)
        return texts, cost


def _exported(folder: Path, name: str, count: int) -> list[str]:
    """The text of each page of an exported file; that of a duplicate stands with the first copy."""
    exported = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    if not exported["documents"]:
        others = (json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json")))
        same = (o for o in others if o["sha256"] == exported["sha256"] and o["documents"])
        exported = next(same, exported)
    pages = [page for document in exported["documents"] for page in document["pages"]]
    texts = {page["source_page"]: page["text"] for page in pages}
    return [texts.get(number, "") for number in range(1, count + 1)]


def _text_of(pdf: Path, scan: Scan) -> list[str]:
    """In the order in which the PDF holds it."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    return said.split("\f")[: len(scan.sheets)]
