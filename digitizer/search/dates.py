"""Dates as people type them: a day, a month, a year, or a range of these."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_US = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def day(text: str) -> date | None:
    """One day, as "1951-10-02" or "10/02/1951" (month first); `None` for anything else."""
    first, last = period(text) or (date.min, date.max)
    return first if first == last else None


def period(text: str) -> tuple[date, date] | None:
    """First and last day meant: "2019", "2019-03", "03/14/2019", "2019..2021", "2019-03..".

    `None` for what is no date or a range that ends before it begins.
    """
    head, dots, tail = text.strip().partition("..")
    if not dots:
        return _single(head)
    first = _single(head) if head else (date.min, date.min)
    last = _single(tail) if tail else (date.max, date.max)
    if not first or not last or not (head or tail) or first[0] > last[1]:
        return None
    return first[0], last[1]


def _single(text: str) -> tuple[date, date] | None:
    if match := _US.fullmatch(text):
        return _days(int(match[3]), int(match[1]), int(match[2]))
    if match := _ISO.fullmatch(text):
        year, *rest = match.groups()
        month, number = (int(part) if part else None for part in rest)
        return _days(int(year), month, number)
    return None


def _days(year: int, month: int | None, number: int | None) -> tuple[date, date] | None:
    try:
        first = date(year, month or 1, number or 1)
        last_month = month or 12
        return first, date(year, last_month, number or monthrange(year, last_month)[1])
    except ValueError:
        return None
