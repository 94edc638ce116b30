"""Tesseract: one pass a page, image by path, one thread; through its library in a child process
that stays, or through its program where that cannot be.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytesseract

from digitizer.chart.text import Line
from digitizer.errors import ConfigError, InputError, TransientError
from digitizer.ocr.resident import FailedError, resident
from digitizer.ocr.tsv import lines_of

AUTOMATIC = 3  # segmentation; see `--psm` of tesseract(1)
ORIENTATION_ONLY = 0
LEAST_ORIENTATION_CONFIDENCE = 1.0
LEAST_DPI, MOST_DPI = 70.0, 2400.0  # what Tesseract believes; it warns and guesses beyond
_KILLED = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tesseract:
    """An `Engine`. It is silent, keeps nothing between pages, and sees no name of a patient.

    `layout` is what it takes a page for, a number of `--psm` of tesseract(1).
    """

    languages: tuple[str, ...] = ("eng",)
    seconds: int = 180
    layout: int = AUTOMATIC

    def __post_init__(self) -> None:
        """Refuse to start without the program or a language."""
        # Four threads a page cost 13.1 CPU s on a busy machine where one thread costs 2.8.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        installed = _installed()
        missing = [f"tesseract-ocr-{name}" for name in self.languages if name not in installed]
        if missing:
            raise ConfigError(
                "Tesseract lacks a language of this pipeline: "
                f"install it with apt install {' '.join(missing)}"
            )

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:
        """The lines on the image, as Tesseract groups them."""
        said = self._ask(image, dpi)
        if said is None:
            layout = f"--psm {self.layout} -c tessedit_create_tsv=1"
            said = self._run(image, "tsv", layout, dpi)
        return lines_of(said)

    def turn(self, image: Path, *, dpi: float) -> int:
        """What Tesseract's orientation detection says; 0 where it finds too little text."""
        try:
            said = self._run(image, "osd", f"--psm {ORIENTATION_ONLY}", dpi)
        except InputError:
            return 0
        fields = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
        sure = float(fields.get("Orientation confidence", 0)) >= LEAST_ORIENTATION_CONFIDENCE
        return int(fields.get("Rotate", 0)) if sure else 0

    def _ask(self, image: Path, dpi: float) -> str | None:
        """The library's answer; `None` where there is no library to be asked."""
        child = resident(self.languages)
        try:
            return child.read(image, layout=self.layout, dpi=_believable(dpi), seconds=self.seconds)
        except FailedError as failed:
            if failed.status is None:
                raise self._too_slow() from None
            raise _failure(failed.status) from None

    def _run(self, image: Path, kind: str, layout: str, dpi: float) -> str:
        """One run of the program; the image goes in by path, so no copy of it is made."""
        try:
            said = pytesseract.pytesseract.run_and_get_output(
                str(image),
                extension=kind,
                lang="osd" if kind == "osd" else "+".join(self.languages),
                config=f"{layout} --dpi {_believable(dpi)}",
                timeout=self.seconds,
            )
        except pytesseract.TesseractNotFoundError:
            raise _no_program() from None
        except pytesseract.TesseractError as error:
            raise _failure(error.status) from None
        except RuntimeError:  # how pytesseract says that time ran out
            raise self._too_slow() from None
        return str(said)

    def _too_slow(self) -> InputError:
        return InputError(
            f"recognising the page takes longer than {self.seconds} s: "
            "scan it again, or raise limits.page_seconds"
        )


def _believable(dpi: float) -> int:
    return round(min(MOST_DPI, max(LEAST_DPI, dpi)))


def _installed() -> list[str]:
    try:
        return list(pytesseract.get_languages())
    except pytesseract.TesseractNotFoundError:
        raise _no_program() from None


def _no_program() -> ConfigError:
    return ConfigError(
        "Tesseract is missing: install it with apt install tesseract-ocr tesseract-ocr-eng"
    )


def _failure(status: int) -> InputError | TransientError:
    """What Tesseract prints may hold text of the page, so only its exit status is told."""
    if status == _KILLED:
        return TransientError("Tesseract was killed from outside: the page is read again")
    return InputError(
        f"Tesseract cannot read the page image (exit status {status}): scan the page again"
    )
