"""Dates as people type them: a day, a month, a year, or a range of these."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Sequence
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_US = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
_NAMED_MONTH = re.compile(
    r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
    r"|(?P<day2>\d{1,2})[ -](?P<month2>[a-z]{3,9})\.?,?[ -](?P<year2>\d{4})"
)
_MONTHS = tuple(name.lower() for name in month_name)
_CENTURIES = (1900, 2000)
_WORDS_OF_A_DATE = 3


def days(text: str) -> tuple[date, ...]:
    """The days that a date may mean: "1951-10-02", "10/02/1951" (month first), "Oct 2, 1951" or
    "2 October 1951" one, "10/02/51" one in each century; none for anything else.
    """
    if match := _SHORT.fullmatch(text):
        month, number, year = map(int, match.groups())
        found = [_days(century + year, month, number) for century in _CENTURIES]
    else:
        found = [_named(text) or period(text)]
    return tuple(span[0] for span in found if span and span[0] == span[1])


def joined(words: Sequence[str]) -> list[str]:
    """`words`, but three that are one date ("Oct", "2,", "1951") as one."""
    at, found = 0, []
    while at < len(words):
        three = " ".join(words[at : at + _WORDS_OF_A_DATE])
        whole = _named(three) is not None
        found.append(three if whole else words[at])
        at += _WORDS_OF_A_DATE if whole else 1
    return found


def _named(text: str) -> tuple[date, date] | None:
    match = _NAMED_MONTH.fullmatch(text.lower())
    if match is None:
        return None
    name = match["month"] or match["month2"]
    months = [number for number, full in enumerate(_MONTHS) if number and full.startswith(name)]
    if len(months) != 1:
        return None
    number, year = (int(match[part] or match[f"{part}2"]) for part in ("day", "year"))
    return _days(year, months[0], number)


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
