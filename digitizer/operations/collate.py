"""Puts the pages of fronts and backs, scanned apart, into the order of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from digitizer.chart.duplex import page_of_back, page_of_front
from digitizer.chart.page import Page
from digitizer.errors import InputError


def collated(fronts: Iterator[Page], backs: Iterator[Page]) -> Iterator[Page]:
    """All pages with the numbers they have in the stack; fronts come first, then the backs.

    Raises:
        InputError: there are not as many backs as fronts, so nobody knows what belongs together.
    """
    sheets = turned = 0
    for page in fronts:
        sheets = page.number
        yield replace(page, number=page_of_front(sheets))
    for page in backs:
        turned = page.number
        if turned <= sheets:
            yield replace(page, number=page_of_back(turned, sheets))
    if turned != sheets:
        raise InputError(
            f"the fronts have {sheets} pages and the backs {turned}: scan the whole stack again, "
            "fronts first, then the backs"
        )
