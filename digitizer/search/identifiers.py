"""Record numbers and codes: how they are compared, and how they are recognised when typed."""

from __future__ import annotations

import re
from enum import StrEnum

from digitizer.search import dates
from digitizer.search.words import fold

_CONFUSED = str.maketrans({"o": "0", "q": "0", "i": "1", "l": "1", "s": "5", "b": "8", "z": "2"})
"""Letters that a scan turns into digits, and back."""

_CODE = re.compile(r"[A-TV-Z][0-9][0-9AB](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Za-z]{0,4}[-#.]?[0-9OoIlSBZ](?:[-.]?[0-9OoIlSBZ]){4,13}")
_LEAST_DIGITS = 4
_LEAST_LEFT = 4


def exact_number(text: str) -> str:
    """A record number without case and punctuation: "MR-759-92-95" is "mr7599295"."""
    return fold(text)


def loose_numbers(text: str) -> frozenset[str]:
    """Forms under which a misread or shortened record number still meets the right one.

    Letters that look like digits are read as digits; the second form also lacks the lettered
    prefix and leading zeros, as people leave them out ("7599295", "4249141" for "04249141").
    """
    folded = fold(text)
    bare = folded.lstrip("abcdefghijklmnopqrstuvwxyz").translate(_CONFUSED).lstrip("0")
    forms = {folded.translate(_CONFUSED), folded.translate(_CONFUSED).lstrip("0")}
    if len(bare) >= _LEAST_LEFT:
        forms.add(bare)
    return frozenset(form for form in forms if form)


def code_key(code: str) -> str:
    """A code without case and dots: "E11.65" is "e1165"."""
    return fold(code)


def code_lineage(code: str) -> tuple[str, ...]:
    """The code's key and those of all its parents: "E11.65" gives e11, e116 and e1165."""
    key = code_key(code)
    return tuple(key[:length] for length in range(min(3, len(key)), len(key) + 1) if key)


def is_number(text: str) -> bool:
    """Whether this looks like a medical-record number: one long run of digits, perhaps prefixed."""
    digits = sum(character.isdigit() for character in text)
    return digits >= _LEAST_DIGITS and _NUMBER.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Whether this has the shape of an ICD-10-CM code, dot optional."""
    return _CODE.fullmatch(text) is not None


class Kind(StrEnum):
    """What a typed word is taken for; the value says so to a person."""

    PLAIN = ""
    DATE = "a date"
    NUMBER = "a medical-record number"
    CODE = "a code"


def kind(text: str) -> Kind:
    """What a word looks like."""
    if dates.days(text):
        return Kind.DATE
    if is_number(text):
        return Kind.NUMBER
    return Kind.CODE if is_code(text) else Kind.PLAIN
