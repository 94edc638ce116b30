"""Laboratory values and vital signs: the value is the finding, its name stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.vocab import Vocab

from digitizer.chart.clinical import Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading
from digitizer.nlp.tables import listed, read_table
from digitizer.nlp.terms import Terms

_NUM = r"[<>≤≥]?\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[<>≤≥]?\s?\d+(?:\.\d+)?"
# Specks beside a value are read as marks of punctuation, and rules of a table as bars.
_SPECK = r"[.,'‘’\"“”|\[(]{0,2}"
_WORD = r"(?:[:=]|\b(?:is|was|of|at|level|value|count)\b)?[ \t]*(?:[:=])?"
_LINK = rf"{_SPECK}[ \t]*{_WORD}[ \t]*{_SPECK}[ \t]*"
_FLAG = rf"(?:[ \t]*{_SPECK}[ \t]*\(?(HH|LL|H|L|A|HIGH|LOW|CRIT|\*)\)?(?![\w/]))?"
_RANGE = r"(?:[ \t]*[\[(]?(\d+(?:\.\d+)?)[ \t]?(?:-|\u2013|to)[ \t]?(\d+(?:\.\d+)?)[\])]?)?"
# Letters that one stroke makes, and what the last letter of "mL" and "dL" is read as.
_STROKE, _LAST_STROKE = "[lLI1|i!]", "[lLI1|i!bt]"
_LIKE = str.maketrans({"1": "l", "0": "o"})
SHORT = 2
"""Letters of a test's name up to which the value must follow at once ("K 4.1", "Na 138")."""


@dataclass(frozen=True, slots=True)
class Test:
    """A laboratory test: its usual name and its units."""

    name: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vital:
    """A vital sign: its name and what its value looks like."""

    name: str
    value: re.Pattern[str]
    units: Units


class LabFinder:
    """Finds "name value flag unit low - high" in rows and "name: value unit" in prose."""

    def __init__(self, path: Path, vocab: Vocab) -> None:
        rows = [(r["name"], r["names"], tuple(listed(r["units"]))) for r in read_table(path)]
        # A name may hold a comma ("Bilirubin, total"); it is one name, its other names are a list.
        names = [
            (spelt, Test(name, units))
            for name, others, units in rows
            for n in (name, *listed(others))
            for spelt in _spellings(n)
        ]
        self._names = Terms(vocab, names)
        units = {unit for _, _, each in rows for unit in each}
        self._units = Units(units)
        self._value = _lab_value(self._units)
        self._row = re.compile(
            r"^([A-Za-z][A-Za-z0-9 ,/()%.-]{1,40}?)[ \t]+" + self._value.pattern,
            re.IGNORECASE | re.M,
        )
        self.words = frozenset(self._names.words)

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """Values of listed tests, then of unlisted ones that stand in a row with unit and range."""
        places: set[int] = set()
        for first, last, tests in self._names.longest(reading):
            name = reading.span(first, last)
            match = self._value.match(reading.text, name.end)
            if match and _plausible(reading, name, match, tests[0]):
                places.add(match.start(1))
                yield _lab(tests[0].name, name, match, 0, self._units)
        yield from self._rows(reading, places)

    def _rows(self, reading: Reading, places: set[int]) -> Iterator[Mention]:
        for match in self._row.finditer(reading.text):
            unit, low = match.group(4), match.group(6)
            if unit and low and match.start(2) not in places:
                yield _lab(match.group(1), TextSpan(*match.span(1)), match, 1, self._units)


def _spellings(name: str) -> Iterator[str]:
    """A test's name, and what it is read as where a 1 or a 0 in it is taken for a letter."""
    yield name
    for one in "li":
        misread = name.lower().replace("1", one).replace("0", "o")
        if misread != name.lower():
            yield misread


class Units:
    """Units of measure, matched though a stroke in them is misread ("Ib", "ulU/mL")."""

    def __init__(self, units: Iterable[str]) -> None:
        known = sorted(set(units), key=lambda unit: (-len(unit), unit))
        self.pattern = "|".join(map(_tolerant, known))
        self._known = [(unit, re.compile(_tolerant(unit), re.IGNORECASE)) for unit in known]

    def meant(self, printed: str) -> str:
        """The unit that `printed` stands for, or `printed` where it is none of these."""
        same = (unit for unit, _ in self._known if unit.lower() == printed.lower())
        alike = (unit for unit, pattern in self._known if pattern.fullmatch(printed))
        return printed if next(same, "") else next(alike, printed)


def _tolerant(unit: str) -> str:
    last = len(unit) - 1
    return "".join(_letter(char, last=i == last and "/" in unit) for i, char in enumerate(unit))


def _letter(char: str, *, last: bool) -> str:
    if char in "lLI":
        return _LAST_STROKE if last else _STROKE
    return re.escape(char)


def _lab_value(units: Units) -> re.Pattern[str]:
    """Groups: value, flag before the unit, unit, flag after it, low, high."""
    gap = rf"[ \t]*{_SPECK}[ \t]*"
    return re.compile(
        rf"{_LINK}({_NUM})(?![\d/]){_FLAG}(?:{gap}({units.pattern})(?!\w))?{_FLAG}{_RANGE}",
        re.IGNORECASE,
    )


def _plausible(reading: Reading, name: TextSpan, match: re.Match[str], test: Test) -> bool:
    """A short name needs its capitals; a name that is no row's start needs no more than a value."""
    printed = name.of(reading.text)
    speck = bool(reading.text[name.end : match.start(1)].strip(" \t:="))
    if len(printed) <= SHORT and (speck or not printed[0].isupper()):
        return False
    return bool(test) and match.end(1) > match.start(1)


def _lab(name: str, place: TextSpan, match: re.Match[str], skip: int, units: Units) -> Mention:
    value, early_flag, unit, late_flag, low, high = match.groups()[skip : skip + 6]
    flag = early_flag or late_flag
    attributes = {
        "name": name,
        "value": value,
        "unit": units.meant(unit or ""),
        "flag": flag,
        "low": low,
        "high": high,
    }
    return Mention(
        label=Label.LAB,
        span=TextSpan(*match.span(skip + 1)),
        name=place,
        source="labs",
        attributes=tuple((k, v.strip()) for k, v in attributes.items() if v),
    )


_SHAPES = {
    "pair": r"(\d{2,3}\s?/\s?\d{2,3})(?:\s?(UNITS))?",
    "number": r"(\d{1,3}(?:\.\d+)?)(?:\s?(UNITS)(?![\w]))?",
    "percent": r"(\d{2,3})(?:\s?(%))?",
    "length": r"(\d\s?(?:'|ft\.?)\s?\d{1,2}(?:\s?(?:\"|in\.?))?|\d{2,3}(?:\.\d+)?)"
    r"(?:\s?(UNITS)(?![\w]))?",
    "score": r"(\d{1,2})\s?(/\s?10)",
}


class VitalFinder:
    """Finds "BP 120/80", "Temp 98.6 F"; one-letter names only beside another vital sign."""

    def __init__(self, path: Path, vocab: Vocab) -> None:
        rows = read_table(path)
        self._names = Terms(
            vocab,
            [
                (spelt, _vital(row))
                for row in rows
                for n in listed(row["names"])
                for spelt in _spellings(n)
            ],
        )
        self.words = frozenset(w for w in self._names.words if len(w) > 1)

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """Vital signs in print order."""
        matches = self._names.longest(reading)
        full = {reading.lines[f] for f, last, _ in matches if len(reading.span(f, last)) > 1}
        for first, last, vitals in matches:
            name = reading.span(first, last)
            if len(name) == 1 and (
                reading.lines[first] not in full or name.of(reading.text).islower()
            ):
                continue
            match = vitals[0].value.match(reading.text, name.end)
            if match:
                yield _sign(vitals[0], name, match)


def _vital(row: dict[str, str]) -> Vital:
    units = Units(listed(row["units"]))
    shape = _SHAPES[row["shape"]].replace("UNITS", units.pattern)
    link = r"(?:[ \t]*\([^)\n]{0,12}\))?" + _LINK
    return Vital(row["name"], re.compile(link + shape + r"(?![\d/])", re.IGNORECASE), units)


def _sign(vital: Vital, place: TextSpan, match: re.Match[str]) -> Mention:
    unit = match.group(2) or ""
    span = TextSpan(match.start(1), match.end(2) if unit else match.end(1))
    meant = vital.units.meant(unit)
    value = span.of(match.string).removesuffix(unit) + meant
    pairs = (("name", vital.name), ("value", value), ("unit", meant))
    return Mention(
        label=Label.VITAL,
        span=span,
        name=place,
        source="vitals",
        attributes=tuple(pair for pair in pairs if pair[1]),
    )
