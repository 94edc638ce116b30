"""Sex, age and birth date as they stand side by side without labels: "F  55  05/13/1957"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\s|,;/()\[\]]*(?:-\s+)?")
SEX_WORD = r"(?:[Ff]e(?:m|rn)a[l1I]e|[Mm]a[l1I]e|FEMALE|MALE|(?i:femenin[ao]|masculin[ao])|[MF])"
"""A word or letter for the sex; also as misread, and in Spanish."""

_SEX = re.compile(rf"(?:{SEX_WORD}|Girl|GIRL|Boy|BOY)(?![\w'\u2019.])")
_AGE = re.compile(r"\d{1,3}[\s\-]?(?:[Yy]\.?/?[Oo]\.?|(?i:yrs?\.?|years?|y))(?:[\s\-]old)?(?!\w)")
_GLUED = re.compile(r"\d{1,3}(?=[MF](?!\w))")
_BARE_AGE = re.compile(r"\d{1,3}(?![\w/.\-])")
_DATE = re.compile(
    r"(?:\d{1,2}(?P<stroke>[/.\-])\d{1,2}(?P=stroke)(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d|\d{1,2}[\s\-][A-Za-z]{3,9}[\s\-]\d{4}"
    r"|[A-Z][A-Za-z]{2,8}\.?\s\d{1,2},?\s?\d{4})(?![\w/])"
)
_IN_BRACKETS = re.compile(rf"\s*[(\[]\s?(?P<date>{_DATE.pattern})\s?[)\]]")


def sex_of(word: str) -> str:
    """What a word for the sex says: "F" or "M"."""
    return "F" if word[0] in "FfGg" else "M"


@dataclass(frozen=True, slots=True)
class About:
    """What tells of a person up to `end`, each as (start, end), `None` where it is not printed."""

    end: int
    sex: tuple[int, int] | None = None
    age: tuple[int, int] | None = None
    date: tuple[int, int] | None = None

    @property
    def count(self) -> int:
        """How many of the three are printed."""
        return sum(part is not None for part in (self.sex, self.age, self.date))


def read_about(text: str, start: int = 0) -> About:
    """The sex, age and date at `start` of `text`, in any order, each once.

    A bare number is an age only beside the sex, and a date alone says nothing of a person, unless
    it stands in brackets.
    """
    parts: dict[str, tuple[int, int]] = {}
    at = _gap(text, start)
    ends = [start]
    while found := _next(text, at, parts):
        kind, span = found
        parts[kind] = span
        ends.append(span[1])
        at = _gap(text, span[1])
    if "sex" not in parts and "age" not in parts:
        alone = _IN_BRACKETS.match(text, start)
        return About(alone.end(), date=alone.span("date")) if alone else About(start)
    return About(_closed(text, ends[-1]), **parts)


def _gap(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _closed(text: str, end: int) -> int:
    """`end`, or behind the bracket that follows."""
    return end + 1 if text[end : end + 1] in (")", "]") else end


def _next(
    text: str, at: int, parts: dict[str, tuple[int, int]]
) -> tuple[str, tuple[int, int]] | None:
    for kind, patterns in (("sex", (_SEX,)), ("date", (_DATE,)), ("age", (_AGE, _GLUED))):
        if kind not in parts:
            for pattern in patterns:
                if match := pattern.match(text, at):
                    return kind, match.span()
    bare = _BARE_AGE.match(text, at) if "age" not in parts else None
    if bare and ("sex" in parts or _SEX.match(text, _gap(text, bare.end()))):
        return "age", bare.span()
    return None
