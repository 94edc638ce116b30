"""A bar code as it was read from a page."""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.chart.geometry import Box

LONGEST_VALUE = 256
"""Characters; no cover sheet or label that was surveyed carries more than 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode:
    """`format` is "CODE128", "CODE39", "QR", "DATAMATRIX" or "PDF417".

    `value` is what anyone could have printed: never a path, never trusted. It holds printable
    characters only, LONGEST_VALUE at most. `box` is in fractions (0 to 1) of the page as
    delivered, so that turning or scaling the page's image leaves it true.
    """

    format: str
    value: str
    box: Box
