"""Stacks from scanners that read one side: a file of all fronts, then one of all backs.

The stack is turned over as a whole for the second pass, so the backs come last sheet first. Sheet
n has its front on page 2n - 1 and its back on page 2n.
"""

from __future__ import annotations

from typing import NamedTuple


class Side(NamedTuple):
    """Where a page was scanned: `number` counts from 1 in the file of the fronts or the backs."""

    is_back: bool
    number: int


def page_of_front(number: int) -> int:
    """The page that the `number`th front is."""
    return 2 * number - 1


def page_of_back(number: int, sheets: int) -> int:
    """The page that the `number`th back of a stack of `sheets` is."""
    return 2 * (sheets - number + 1)


def side_of(page: int, sheets: int) -> Side:
    """Where the page of a stack of `sheets` was scanned."""
    sheet = (page + 1) // 2
    is_back = page % 2 == 0
    return Side(is_back=is_back, number=sheets - sheet + 1 if is_back else sheet)
