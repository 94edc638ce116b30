"""Medical-record numbers: reading one from print, repairing misread digits, comparing two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from digitizer.chart.patient import number_key as key_of

__all__ = ["PrintedNumber", "key_of", "likely_key", "nearly_same", "read_number", "repaired"]

_DASH = re.compile(r"\s?[\-~\u2013\u2014](?:\s?[\-~\u2013\u2014])?\s?")
# One word with dashes, or two to four groups of one to four digits with spaces between.
# A letter of its own may end them; M and F may be the sex.
_GROUPS = re.compile(
    r"[0-9]{1,4}(?: [0-9]{1,4}){1,3}(?![\w/\-])(?: [A-EG-LN-Z](?=\s{2}|\s*$))?(?! [A-EG-LN-Z]\b)"
)
# More digits behind a word: a number that was torn apart, of which only a part would be read.
_TORN = re.compile(r" [0-9]{1,4}(?![\w/\-])(?! ?y)")
_HYPHEN = r"[\-~\u2013\u2014]"
_WORD = re.compile(
    rf"[A-Za-z0-9|!]+(?:(?:{_HYPHEN}|(?: ?{_HYPHEN} {_HYPHEN}| {_HYPHEN}|{_HYPHEN} |[.])(?=[0-9]))"
    r"[A-Za-z0-9|!]+)*"
)
# Letters set off from their dash: then the dashes between the digits may be set off as well.
_SPACED = re.compile(
    rf"[A-Z]{{2}}(?: {_HYPHEN}|{_HYPHEN} )(?: ?{_HYPHEN})? ?[0-9]+"
    rf"(?: ?{_HYPHEN}(?: ?{_HYPHEN})? ?[0-9]{{2,}})+(?![\w/])"
)
# Labels, which are no prefixes.
_LABELS = "DOB|SEX|AGE|ACC|ADM|FIN|CSN|SSN|TEL|FAX"
# Letters set off by a space: "LFP 20-55713".
_PREFIXED = re.compile(
    rf"(?!{_LABELS})[A-Z]{{2,4}} (?=(?:{_HYPHEN}?[0-9]){{4}})"
    rf"[0-9]+(?:{_HYPHEN}[0-9]+)*(?![\w/])"
)
# Letters, and short groups of digits behind them with spaces: "K44 90 12", "BR 36 1102".
_LETTERED = re.compile(
    rf"(?!{_LABELS}|[MF] )"
    rf"(?=[A-Z]{{1,3}}(?:[ {_HYPHEN[1:-1]}]?[0-9]){{4}})"
    rf"[A-Z]{{1,3}} ?[0-9]{{1,4}}(?:(?:[ {_HYPHEN[1:-1]}][0-9]{{2,4}}){{1,3}}"
    r"(?: [0-9](?= {2}|$))?| [0-9](?= {2}|$))"
    r"(?![\w/\-])(?! ?(?:y|Y|[MF]\b))"
)
# Letters, and groups of digits behind strokes: "C/200/881". A letter alone may be the sex.
_STROKES = re.compile(r"(?![MF]/)[A-Z]{1,3}(?=(?:/?[0-9]){4})(?:/[0-9]{2,5}){1,3}(?![\w/])")
# A letter of its own behind the digits; M and F may be the sex.
_TAILED = re.compile(r"[0-9]{3,} [A-EG-LN-Z](?=\s{2}|\s*$)")
_SHAPES = (_SPACED, _GROUPS, _TAILED, _LETTERED, _PREFIXED, _STROKES, _WORD)
# Capitals before digits, not all of which look like a digit: a prefix, as in "IM939" and "TO9804".
_PREFIX = re.compile(r"[A-Z]*[A-HJ-NP-Z][A-Z]*(?=[0-9])")
# Three letters of a name and one digit: "ASH-9".
_SHORT = re.compile(r"[A-Z]{3}-[0-9]")
_DATE = re.compile(r"\s?/\s?[0-9]")
# Hardly ever printed in a record number, because they look like a digit.
_SURELY_DIGITS = str.maketrans("oOlIi|!", "0011111")
# Letters in their own right, unless digits stand on both sides.
_BETWEEN_DIGITS = str.maketrans("SsBZzgqG", "55822996")

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEAST_BARE = 6
_LEAST = 4
# Behind a number of three digits: it may be but a part of one.
_MORE = re.compile(r"\W{0,4}[0-9OIl]")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A record number printed up to `end`; `repaired`: letters in it were read as digits."""

    value: str
    end: int
    repaired: bool


def read_number(text: str, least: int = _LEAST) -> PrintedNumber | None:
    """The record number that `text` starts with, or `None`.

    It has 4 (or `least`) to 16 letters and digits and at least two digits ("FB-917",
    "MR-887-96-68", "00482913", "12 34 56"). A date with slashes is none, and neither is a number
    of which only a part can be told.
    """
    match = next((found for one in _SHAPES if (found := one.match(text))), None)
    if not match or _DATE.match(text, match.end()) or _TORN.match(text, match.end()):
        return None
    printed = _DASH.sub("-", match.group())
    value = repaired(printed)
    letters_and_digits = re.sub(r"[^A-Za-z0-9]", "", value)
    digits = sum(c.isdigit() for c in letters_and_digits)
    if len(letters_and_digits) < _LEAST and _MORE.match(text, match.end()):
        return None
    fewest = 1 if _SHORT.fullmatch(value) else 2
    if not least <= len(letters_and_digits) <= 16 or "|" in value or "!" in value:
        return None
    if digits < fewest or digits * 4 < len(letters_and_digits):
        return None
    return PrintedNumber(value, match.end(), value != printed)


def repaired(printed: str) -> str:
    """`printed` with letters inside its digits read as the digits that they look like.

    A first group of letters is a prefix and stays ("OL-31"), as do capitals before the digits
    unless all are O and I ("S1234567", "TO9804"), and a capital behind them other than these
    ("12345B"). Nothing is added or left out.
    """
    if prefix := _PREFIX.match(printed):
        return prefix.group() + repaired(printed[prefix.end() :])
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
    return re.sub(
        r"(?<=[0-9])[SsBZzgqG](?=[0-9])", lambda m: m.group().translate(_BETWEEN_DIGITS), group
    )


def likely_key(number: str) -> str:
    """The key with every letter that looks like a digit as that digit: equal for one misread."""
    return key_of(number.translate(_SURELY_DIGITS).translate(_BETWEEN_DIGITS))


def nearly_same(one: str, other: str) -> bool:
    """Whether one misread, lost or added character may make the difference, or a prefix of letters.

    False for equals. A prefix counts as lost only before six digits and more.
    """
    ours, theirs = key_of(one), key_of(other)
    if ours == theirs:
        return False
    bare = ours.lstrip(_LETTERS)
    prefixed = (
        len(bare) >= _LEAST_BARE and bare == theirs.lstrip(_LETTERS) and _one_bare(ours, theirs)
    )
    return prefixed or Levenshtein.distance(ours, theirs, score_cutoff=1) <= 1


def _one_bare(one: str, other: str) -> bool:
    return one[:1].isdigit() or other[:1].isdigit()
