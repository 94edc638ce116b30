"""What is done to any engine's reading of a page: no specks, no bars, and its spaces put back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from digitizer.chart.text import Line
from digitizer.ocr.confidence import without_junk
from digitizer.ocr.rules import without_bars
from digitizer.ocr.spacing import with_spaces


def tidied(lines: Sequence[Line], image: Path | None) -> tuple[Line, ...]:
    """`lines` without what is no lettering, and with spaces where `image` shows them."""
    kept = without_bars(without_junk(lines))
    if image is None or not kept:
        return kept
    with Image.open(image) as page:
        return with_spaces(kept, np.asarray(page))
