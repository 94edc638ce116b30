"""The two networks of PP-OCR through onnxruntime: one finds lines of text, one reads a line.

The models come with rapidocr's wheel, of which no code runs: importing it takes as long as reading
half a page, and it would reach for the network where a model is missing. What is done before and
after the networks is as there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from digitizer.ocr.decoded import Decoded
from digitizer.ocr.ink import Pixels
from digitizer.ocr.packages import folder_of

Values: TypeAlias = npt.NDArray[np.float32]

FINDER, READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"

RASTER = 32  # px: both sides of the image in which lines are found are multiples of it
TEXT = 0.3  # of the finder's answer for a pixel, from which on it is of a line
LINE = 0.5  # … and the least mean answer over a line
GROWN = 1.6  # the finder marks the core of a line: by how many areas to perimeter to grow it
LEAST_CORE, LEAST_GROWN = 3, 5  # px of its narrow side
MOST_LINES = 1000

HEIGHT = 48  # px of the line that is read
LEAST_WIDTH = 96
"""Pixels: a shorter line is filled up with gray. On tables most are: 30 photocopies, 45 forms and 3
office pages were read as well as with 240 (numeric F1 of photocopies .861 for .855), and what a
table costs to read fell by a quarter.
"""

Corners: TypeAlias = npt.NDArray[np.float64]
"""Shape (4, 2): x and y of each corner of a line, which may slope."""


def find_lines(gray: Pixels, scale: float) -> Iterator[Corners]:
    """The lines of text on `gray`, looked for at `scale` times its size."""
    height, width = gray.shape
    high, wide = (round(int(side * scale) / RASTER) * RASTER for side in gray.shape)
    if not high or not wide:
        return
    found = _answer(FINDER, _input(_resized(gray, wide, high)))[0, 0]
    to_gray = np.array([width / wide, height / high])
    for corners in _lines(found):
        place = np.round(corners * to_gray)
        yield np.clip(place, 0, [width - 1, height - 1])


def read_line(gray: Pixels) -> Decoded:
    """What is printed on the image of one line, as it was decoded."""
    height, width = gray.shape
    shape = max(width / height, LEAST_WIDTH / HEIGHT)
    most = int(HEIGHT * shape)
    wide = min(most, ceil(HEIGHT * width / height))
    line = np.zeros((1, 3, HEIGHT, most), dtype=np.float32)
    line[..., :wide] = _input(_resized(gray, wide, HEIGHT))
    answer = _answer(READER, line)[0]
    return _decoded(answer, length=len(answer) * (width / height) / shape)


def _decoded(answer: Values, *, length: float) -> Decoded:
    """The surest character of each step, those said twice in a row once; `length` is how many
    steps the line has.
    """
    surest = answer.argmax(axis=1)
    said = surest != 0
    said[1:] &= surest[1:] != surest[:-1]
    steps = np.flatnonzero(said)
    letters = [_alphabet()[i] for i in surest[steps]]
    last, places = 0, []
    for letter, step in zip(letters, steps.tolist(), strict=True):
        last = last if letter.isspace() else step
        places.append(min(1.0, (last + 0.5) / length))
    sure = answer.max(axis=1)[steps].tolist()
    return Decoded(text="".join(letters), confidences=tuple(sure), places=tuple(places))


def _lines(found: Values) -> Iterator[Corners]:
    """The corners of each line on the finder's answer."""
    import cv2

    marked = cv2.dilate((found > TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours[:MOST_LINES]:
        core = cv2.minAreaRect(contour)
        corners = cv2.boxPoints(core)
        if min(core[1]) < LEAST_CORE or _mean(found, corners) < LINE:
            continue
        middle, (width, height), angle = cv2.minAreaRect(corners.astype(np.int32))
        grown = GROWN * core[1][0] * core[1][1] / sum(core[1])  # on both sides together
        if min(width, height) + grown >= LEAST_GROWN:
            yield cv2.boxPoints((middle, (width + grown, height + grown), angle)).astype(np.float64)


def _mean(found: Values, corners: npt.NDArray[Any]) -> float:
    """The mean answer within the corners."""
    import cv2

    high, wide = found.shape
    x0, y0 = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (wide - 1, high - 1))
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (wide - 1, high - 1))
    within = np.zeros((y1 - y0 + 1, x1 - x0 + 1), dtype=np.uint8)
    cv2.fillPoly(within, [(corners - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(found[y0 : y1 + 1, x0 : x1 + 1], within)[0])


def _resized(gray: Pixels, width: int, height: int) -> Pixels:
    import cv2

    return np.asarray(cv2.resize(gray, (width, height)), dtype=np.uint8)


def _input(gray: Pixels) -> Values:
    """As the networks take an image: three alike channels from -1 to 1."""
    values = gray.astype(np.float32) / 127.5 - 1
    return np.broadcast_to(values, (1, 3, *gray.shape)).copy()


def _answer(model: str, values: Values) -> Values:
    session = _session(model)
    answer: Values = session.run(None, {session.get_inputs()[0].name: values})[0]
    return answer


@cache
def _alphabet() -> tuple[str, ...]:
    """The characters by number; the first is none, the last a space."""
    named = _session(READER).get_modelmeta().custom_metadata_map["character"]
    return ("", *named.splitlines(), " ")


@cache
def _session(model: str) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """The model, loaded at the first page of this process; it uses one thread, and tells nobody:
    from 1.29 on onnxruntime reports what it runs to its makers unless it is told not to.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when the library is loaded
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the memory of the largest page
    return onnxruntime.InferenceSession(
        str(_models() / model), options, providers=["CPUExecutionProvider"]
    )


def _models() -> Path:
    return (folder_of("rapidocr") or Path()) / "models"
