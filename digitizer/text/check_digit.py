"""Whether the last digit of a record number proves the others. Pure.

The methods are those that HL7 names (version 2, table 0061): M10, which is Luhn's (ISO/IEC 7812-1),
and M11, weights 2 to 7 from the right. A hospital that prints such numbers names its method in the
pipeline; a number that fails was misread, for no hospital prints one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle


def holds(number: str, method: str) -> bool:
    """Whether the last digit fits the others; letters, blanks and dashes count for nothing.

    KeyError for a method that METHODS lacks.
    """
    digits = [int(character) for character in number if character.isdecimal()]
    return len(digits) > 1 and METHODS[method](digits[:-1]) == digits[-1]


def _m10(digits: list[int]) -> int:
    doubled = (2 * d if i % 2 == 0 else d for i, d in enumerate(reversed(digits)))
    return -sum(d // 10 + d % 10 for d in doubled) % 10


def _m11(digits: list[int]) -> int:
    rest = sum(d * w for d, w in zip(reversed(digits), cycle(range(2, 8)), strict=False)) % 11
    return (11 - (rest or 1)) % 10


METHODS: Mapping[str, Callable[[list[int]], int]] = {"M10": _m10, "M11": _m11}
"""The check digit of these digits, by method."""
