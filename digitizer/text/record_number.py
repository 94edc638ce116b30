"""Medical-record numbers: reading one from print, repairing misread digits, comparing two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_DASH = re.compile(r"\s?[\-~\u2013\u2014]\s?")
# One word with dashes, or two to four groups of two or three digits with spaces between.
_GROUPS = re.compile(r"\d{2,3}(?: \d{2,3}){1,3}(?![\w/\-])")
_HYPHEN = r"[\-~\u2013\u2014]"
_WORD = re.compile(
    rf"[A-Za-z0-9|!]+(?:(?:{_HYPHEN}|(?: {_HYPHEN}|{_HYPHEN} |[.])(?=\d))[A-Za-z0-9|!]+)*"
)
_DATE = re.compile(r"\s?/\s?\d")
# Hardly ever printed in a record number, because they look like a digit.
_SURELY_DIGITS = str.maketrans("oOlIi|!", "0011111")
# Letters in their own right, unless digits stand on both sides.
_BETWEEN_DIGITS = str.maketrans("SsBZzgqG", "55822996")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A record number printed up to `end`; `repaired`: letters in it were read as digits."""

    value: str
    end: int
    repaired: bool


def read_number(text: str) -> PrintedNumber | None:
    """The record number that `text` starts with, or `None`.

    It has 4 to 16 letters and digits and at least two digits ("FB-917", "MR-887-96-68",
    "00482913", "12 34 56"). A date with slashes is none.
    """
    match = _GROUPS.match(text) or _WORD.match(text)
    if not match or _DATE.match(text, match.end()):
        return None
    printed = _DASH.sub("-", match.group())
    value = repaired(printed)
    letters_and_digits = re.sub(r"[^A-Za-z0-9]", "", value)
    digits = sum(c.isdigit() for c in letters_and_digits)
    if not 4 <= len(letters_and_digits) <= 16 or digits < 2 or "|" in value or "!" in value:
        return None
    if digits * 3 < len(letters_and_digits):
        return None
    return PrintedNumber(value, match.end(), value != printed)


def repaired(printed: str) -> str:
    """`printed` with letters inside its digits read as the digits that they look like.

    A first group of letters is a prefix and stays ("OL-31"), as does a capital at either end of a
    number without dashes ("S1234567", "12345B"), other than O and I. Nothing is added or left out.
    """
    groups = re.split(r"([^A-Za-z0-9|!])", printed)
    if not any(c.isdigit() for c in printed):
        return printed
    read = [g if not i and g.isalpha() else _digits(g) for i, g in enumerate(groups)]
    numeric = sum(group.isdigit() for group in read)
    return "".join(_all_digits(g) if i and numeric > 1 else g for i, g in enumerate(read))


def _all_digits(group: str) -> str:
    """A later group with a digit in it, among groups of nothing but digits, is digits as well."""
    likely = group.translate(_BETWEEN_DIGITS)
    return likely if likely.isdigit() and any(c.isdigit() for c in group) else group


def _digits(group: str) -> str:
    likely = group.translate(_SURELY_DIGITS)
    if not any(c.isdigit() for c in likely) or sum(c.isdigit() for c in likely) * 2 < len(likely):
        return group
    if any(c.isdigit() for c in group) or likely.isdigit():
        group = likely
    return re.sub(r"(?<=\d)[SsBZzgqG](?=\d)", lambda m: m.group().translate(_BETWEEN_DIGITS), group)


def key_of(number: str) -> str:
    """The number for comparing: letters and digits only, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def nearly_same(one: str, other: str) -> bool:
    """Whether one misread, lost or added character may make the difference; false for equals."""
    return Levenshtein.distance(key_of(one), key_of(other), score_cutoff=1) == 1
