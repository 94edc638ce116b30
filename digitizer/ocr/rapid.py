"""PP-OCR through rapidocr: finds lines of text, then reads each; its models come with its wheel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitizer.chart.text import Line
from digitizer.errors import ConfigError, InputError
from digitizer.ocr.decoded import Decoded, Pixels, plain, words_of

LANGUAGES = frozenset({"eng", "deu", "fra", "spa", "ita", "por", "nld"})
"""Those in Latin letters of Tesseract's codes that the model is made for, as far as charts go."""

LONGEST_SIDE = 1600
"""Pixels of the image on which lines are looked for; they are read at the page's own size."""

LEAST_SIDE = 4  # pixels of a line, below which nothing can be read
UPRIGHT = 1.5  # times as high as wide: writing that runs up the page, or a rule
FLATTEST = 80  # times as wide as high, beyond any line of text: a rule, and much memory


@dataclass(frozen=True, slots=True, kw_only=True)
class RapidOcr:
    """An `Engine`. It uses one thread, reaches for no network, and keeps nothing between pages.

    Unlike Tesseract it needs no clean page, but an upright one: it reads nothing upside down.
    """

    languages: tuple[str, ...] = ("eng",)
    seconds: int = 180

    def __post_init__(self) -> None:
        """Refuse to start without the packages or for other letters."""
        if not (find_spec("rapidocr") and find_spec("onnxruntime")):
            raise ConfigError(
                "the engine rapidocr is not installed: "
                "install digitizer with its extra, as in pip install 'digitizer[second]'"
            )
        if strange := set(self.languages) - LANGUAGES:
            raise ConfigError(
                f"the engine rapidocr does not read {', '.join(sorted(strange))}: "
                f"it reads {', '.join(sorted(LANGUAGES))}"
            )

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:  # noqa: ARG002 - the protocol's
        """The lines on the image, from top to bottom."""
        until = time.monotonic() + self.seconds
        return tuple(self._lines(_pixels(image), until))

    def turn(self, image: Path, *, dpi: float) -> int:  # noqa: ARG002 - the protocol's
        """0: it cannot tell."""
        return 0

    def _lines(self, gray: Pixels, until: float) -> Iterator[Line]:
        for left, top, right, bottom in _found(gray):
            if time.monotonic() > until:
                raise InputError(
                    f"recognising the page takes longer than {self.seconds} s: "
                    "scan it again, or raise limits.page_seconds"
                )
            pixels = gray[top:bottom, left:right]
            words = words_of(_decoded(pixels), pixels, (left, top))
            if words:
                yield Line(words=words)


def _pixels(image: Path) -> Pixels:
    try:
        with Image.open(image) as opened:
            return np.asarray(opened.convert("L"))
    except OSError:
        raise InputError("rapidocr cannot read the page image: scan the page again") from None


def _found(gray: Pixels) -> Iterator[tuple[int, int, int, int]]:
    """The box of each line of text: left, top, right, bottom; half-open, in pixels."""
    found = _loaded()(gray, use_det=True, use_cls=False, use_rec=False).boxes
    for corners in found if found is not None else ():
        left, top = (max(0, int(v)) for v in np.floor(corners.min(axis=0)))
        right, bottom = (int(v) + 1 for v in np.ceil(corners.max(axis=0)))
        width, height = right - left, bottom - top
        if min(width, height) >= LEAST_SIDE and height / UPRIGHT < width < FLATTEST * height:
            yield left, top, right, bottom


def _decoded(pixels: Pixels) -> Decoded:
    """What the recogniser makes of the image of one line."""
    said = _loaded()(pixels, use_det=False, use_cls=False, use_rec=True, return_word_box=True)
    if not said.txts or not said.txts[0].strip():
        return Decoded(text="", confidences=(), places=())
    (text,), (steps,) = said.txts, said.word_results
    columns = iter([column for word in steps.word_cols for column in word])
    last, places = 0, []
    for character in text:
        last = last if character.isspace() else next(columns)
        places.append(min(1.0, (last + 0.5) / steps.line_txt_len))
    return plain(Decoded(text=text, confidences=tuple(steps.confs), places=tuple(places)))


@cache
def _loaded() -> Any:  # noqa: ANN401 - rapidocr has no types
    """The models, loaded at the first page of this process; named by path, or it would download."""
    from rapidocr import RapidOCR

    models = Path(str(files("rapidocr"))) / "models"
    return RapidOCR(
        params={
            "Global.log_level": "critical",  # what it logs may hold text of the page
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,  # it would shrink long lines until they are lost
            "Global.use_vertical_padding": False,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGEST_SIDE,
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
