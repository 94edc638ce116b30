"""Dates as American charts print them, through small misreadings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.distance import Levenshtein

from digitizer.chart.text import TextSpan

_NEVER = 9
"""More misread letters than a month's name may have."""

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
_END = r"(?![\w/]|[.\-~\u2013]\d)"
# Four digits end a date even where the next label is glued to them ("2021Provider"), and a speck
# may stand among them ("201.9").
_FULL = rf"\d{{4}}(?=[A-Z][a-z]{{2}}|[A-Za-z]{{4}})|(?:19|20)\d[.,']\d{_END}|{_D}{{4}}{_END}"
_YEAR = rf"{_FULL}|'?{_D}{{2}}{_END}"
_PATTERNS = (
    re.compile(
        rf"(?<![\w/.\-])(?P<y>{_D}{{4}}){_SEP}(?P<a>{_D}{{1,2}}){_SEP}(?P<b>{_D}{{1,2}}){_END}"
    ),
    re.compile(rf"(?<![\w/.\-])(?P<a>{_D}{{1,2}}){_SEP}(?P<b>{_D}{{1,2}}){_SEP}(?P<y>{_YEAR})"),
    re.compile(
        rf"(?<!\w)(?P<m>[A-Za-z0-9]{{3,10}}?)(?:\.\s?|\s|-|(?=\d))(?P<b>{_D}{{1,2}})(?:st|nd|rd|th)?(?:\s?[,.]?\s{{0,2}}|-)"
        rf"(?P<y>{_FULL}|'{_D}{{2}}{_END})"
    ),
    re.compile(
        rf"(?<![\w/.\-])(?=.?\d)(?P<b>{_D}{{1,2}})(?:st|nd|rd|th)?[\s.\-~\u2013]{{0,2}}(?P<m>[A-Za-z0-9]{{3,10}}?)"
        rf"[\s.,:;\-~\u2013]{{0,2}}(?P<y>{_YEAR})"
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


_PART = re.compile(
    rf"[\s|]*(?P<m>[A-Za-z]{{3,9}})[.,]?\s*(?P<b>{_D}{{1,2}}(?!\d))?[\s,.]*(?P<y>\d{{1,4}})?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class DatePart:
    """What is left of a date with a named month: its day, and the first digits of its year."""

    month: int
    day: int | None
    year: str

    def fits(self, printed: PrintedDate) -> bool:
        """Whether a whole date says the same, and the part has the day or all of the year."""
        month = printed.second if printed.day_first else printed.first
        day = printed.first if printed.day_first else printed.second
        if month != self.month or (self.day is None and len(self.year) < 4):
            return False
        return self.day in (None, day) and str(printed.year).startswith(self.year)


def read_part(text: str) -> DatePart | None:
    """What is left of a date at the start of `text`: "March 28, 20", "Decembe 2023"."""
    match = _PART.match(text)
    month = _month(match["m"]) if match else None
    if not match or month is None:
        return None
    day = _number(match["b"]) if match["b"] else None
    return DatePart(month, day, match["y"] or "")


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
    return int(re.sub("[.,']", "", text).translate(_DIGITS))


def _month(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation with at most one or two misread letters."""
    plain = word.casefold().replace("0", "o").replace("1", "l")
    full = [i for i, name in enumerate(_MONTHS, 1) if len(plain) >= 3 and name.startswith(plain)]
    if len(full) == 1 or plain == "sept":
        return full[0] if full else 9
    near = sorted((_misread(plain, name), number) for number, name in enumerate(_MONTHS, start=1))
    (best, number), (second, _) = near[:2]
    return number if best < min(second, _NEVER) else None


def _misread(plain: str, name: str) -> int:
    """Misread letters between a word and a month, or its first three; `_NEVER` if too many."""
    whole = Levenshtein.distance(plain, name)
    short = Levenshtein.distance(plain, name[:3]) if len(plain) == 3 else _NEVER
    return min(
        whole if whole <= (2 if len(name) > 6 else 1) else _NEVER, short if short <= 1 else _NEVER
    )


def age_on(day: date, born: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
