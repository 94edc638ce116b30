"""Dates as American charts print them, through small misreadings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.distance import Levenshtein

from digitizer.chart.text import TextSpan

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DIGITS = str.maketrans("OoQIl|!SsBZz", "000111155822")
_D = r"[0-9OoQIl|!SsBZz]"
_SEP = r"\s?[/.\-~\u2013]\s?"
_YEAR = rf"{_D}{{4}}|'?{_D}{{2}}"
_END = r"(?![\w/]|[.\-~\u2013]\d)"
_PATTERNS = (
    re.compile(
        rf"(?<![\w/.\-])(?P<y>{_D}{{4}}){_SEP}(?P<a>{_D}{{1,2}}){_SEP}(?P<b>{_D}{{1,2}}){_END}"
    ),
    re.compile(
        rf"(?<![\w/.\-])(?P<a>{_D}{{1,2}}){_SEP}(?P<b>{_D}{{1,2}}){_SEP}(?P<y>{_YEAR}){_END}"
    ),
    re.compile(
        rf"(?<!\w)(?P<m>[A-Za-z0-9]{{3,10}}?)(?:\.\s?|\s|(?=\d))(?P<b>{_D}{{1,2}})(?:st|nd|rd|th)?\s?[,.]?\s{{0,2}}"
        rf"(?P<y>{_D}{{4}}|'{_D}{{2}}){_END}"
    ),
    re.compile(
        rf"(?<![\w/.\-])(?=.?\d)(?P<b>{_D}{{1,2}})(?:st|nd|rd|th)?[\s.\-~\u2013]{{0,2}}(?P<m>[A-Za-z0-9]{{3,10}}?)"
        rf"[\s.,\-~\u2013]{{0,2}}(?P<y>{_YEAR}){_END}"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date at `span`: `first` and `second` as printed, month first unless `day_first`.

    `named` says that the month is a word, so that the order is certain. `year` is below 100 where
    only two digits are printed.
    """

    span: TextSpan
    year: int
    first: int
    second: int
    named: bool = False
    day_first: bool = False

    def on(self, latest: date) -> date | None:
        """The day meant, the last possible one up to `latest` where the century is left out.

        `None` where there is no such day or it lies after `latest`.
        """
        month, day = (self.second, self.first) if self.day_first else (self.first, self.second)
        for year in self._years(latest):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found <= latest:
                return found
        return None

    def _years(self, latest: date) -> tuple[int, ...]:
        if self.year >= 100:
            return (self.year,)
        century = latest.year // 100 * 100
        return (century + self.year, century - 100 + self.year)


def find_dates(text: str, *, day_first: bool = False) -> tuple[PrintedDate, ...]:
    """Every date in `text`, in order of place, none overlapping another.

    A numeric date is read month first, or day first where that is asked for or where it makes no
    sense otherwise ("27/10/2001").
    """
    found: list[PrintedDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            printed = _read(match)
            if printed and not any(printed.span.overlaps(other.span) for other in found):
                found.append(printed)
    found.sort(key=lambda printed: printed.span)
    return tuple(
        d if d.named else replace(d, day_first=_by_day(d, day_first=day_first)) for d in found
    )


def _by_day(printed: PrintedDate, *, day_first: bool) -> bool:
    return printed.first > 12 or (day_first and printed.second <= 12)


def is_day_first(text: str) -> bool:
    """Whether a numeric date of `text` can only be day first, and none only month first."""
    numeric = [printed for printed in find_dates(text) if not printed.named]
    return any(d.first > 12 for d in numeric) and not any(d.second > 12 for d in numeric)


def _read(match: re.Match[str]) -> PrintedDate | None:
    parts = match.groupdict()
    digits = "".join(parts[key] for key in "yab" if parts.get(key))
    if sum(c.isdigit() for c in digits) * 2 < len(digits):
        return None
    span = TextSpan(*match.span())
    year, second = _number(parts["y"]), _number(parts["b"])
    if parts.get("m"):
        month = _month(parts["m"])
        if month is None:
            return None
        return PrintedDate(span=span, year=year, first=month, second=second, named=True)
    first = _number(parts["a"])
    if max(first, second) > 31 or min(first, second) > 12 or 100 <= year < 1850:
        return None
    return PrintedDate(span=span, year=year, first=first, second=second)


def _number(text: str) -> int:
    return int(text.lstrip("'").translate(_DIGITS))


def _month(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation with at most one or two misread letters."""
    plain = word.casefold().replace("0", "o").replace("1", "l")
    full = [i for i, name in enumerate(_MONTHS, 1) if len(plain) >= 3 and name.startswith(plain)]
    if len(full) == 1 or plain == "sept":
        return full[0] if full else 9
    near = [
        number
        for number, name in enumerate(_MONTHS, start=1)
        if Levenshtein.distance(plain, name) <= (2 if len(name) > 6 else 1)
        or (len(plain) == 3 and Levenshtein.distance(plain, name[:3]) <= 1)
    ]
    return near[0] if len(near) == 1 else None


def age_on(day: date, born: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
