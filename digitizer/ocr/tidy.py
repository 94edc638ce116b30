"""What is done to any engine's reading of a page: no specks, no bars, its spaces put back, and what
is no word respelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from digitizer.chart.text import Line
from digitizer.ocr.confidence import without_junk
from digitizer.ocr.dashes import with_even_dashes
from digitizer.ocr.lookalikes import respelled
from digitizer.ocr.rules import without_bars
from digitizer.ocr.spacing import with_spaces


def tidied(lines: Sequence[Line], image: Path | None) -> tuple[Line, ...]:
    """`lines` without what is no lettering, with spaces where `image` shows them, and letters told
    from digits of their shape where only one of both makes a word.
    """
    kept = without_bars(without_junk(lines))
    if image is not None and kept:
        with Image.open(image) as page:
            kept = with_even_dashes(with_spaces(kept, np.asarray(page)))
    return respelled(kept)
