"""Medications and their directions: name, dose, route, frequency, duration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.vocab import Vocab

from digitizer.chart.clinical import Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading
from digitizer.nlp.rows import unwrapped
from digitizer.nlp.tables import listed, read_table, words_by_role
from digitizer.nlp.terms import Terms

DIRECTIONS = 160
"""Characters after a name, at most, in which its directions stand (a printed line and a half)."""

_UNIT = (
    r"(?:mg|mcg|µg|ug|g|grams?|gm|ml|units?|iu|meq|mmol|%|mg/ml|mcg/hr|mg/hr|puffs?|drops?|gtts?)"
)
_NUM = r"\d+(?:,\d{3})*(?:\.\d+)?"
_DOSE = re.compile(
    rf"(?<![\w.])({_NUM}(?:\s?[-/]\s?{_NUM})*)\s?({_UNIT})(?:/(?:ml|actuation|puff|hr|dose|day))?"
    r"(?![\w])",
    re.IGNORECASE,
)
# A name, a number and a unit of mass: "Zorbexin 20 mg" is a medicine whatever it is.
_SHAPE = re.compile(
    r"(?<![\w-])([A-Z][a-z]{3,}[A-Za-z]*(?: (?:XR|ER|SR|CR|XL|HCl))?) "
    r"(?=\d+(?:\.\d+)?(?:/\d+)? ?(?:mg|mcg|units)\b(?!/dL))"
)
_ROLES = ("tail", "other", "dosed", "level")
"""Roles of words beside names; the table of an older home lacks the last two."""

# What follows a name that is a medicine only with its strength: "thyroid tablets 60 mg".
_STRENGTH = re.compile(
    rf"\s?(?:tablets?|tabs?)?\s?\(?{_NUM}\s?(?:mg|mcg|grains?|gr)\b", re.IGNORECASE
)
_GAP = re.compile(r"[\s,'‘’\"“”|.]{1,3}")

# Where directions end at the latest: an empty line, a list item, a sentence, a heading.
_NEXT = re.compile(r"\n\s*\n|\n\s*(?:[-*•]|\d+[.)])\s|;|\.\s+[A-Z][a-z]|\n(?=[A-Z ]{6,}\n)")


@dataclass(frozen=True, slots=True)
class Drug:
    """What a printed name stands for; `brand` is "" for a generic name."""

    generic: str
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Direction:
    """One row of `sig.tsv`: what is printed and what it means ({n} and {1} are its groups)."""

    printed: re.Pattern[str]
    normal: str

    def meaning(self, match: re.Match[str]) -> str:
        """The normal form of a match; what is printed where the row gives none."""
        groups = [group for group in match.groups() if group]
        if not self.normal:
            return " ".join(match.group().lower().split())
        numbered = self.normal.replace("{n}", "-".join(groups))
        for i, group in enumerate(groups, 1):
            numbered = numbered.replace(f"{{{i}}}", group.lower())
        return numbered


class Sig:
    """Reads directions ("20 mg PO once daily for 5 days") into attributes."""

    def __init__(self, path: Path) -> None:
        self._parts: dict[str, list[Direction]] = {}
        for row in read_table(path):
            pattern = re.compile(rf"(?<![\w/])(?:{row['printed']})(?![\w/])", re.IGNORECASE)
            self._parts.setdefault(row["part"], []).append(Direction(pattern, row["normal"]))

    def read(self, text: str) -> dict[str, str]:
        """Attributes that `text`, what follows a name, gives; absent ones are left out."""
        found: dict[str, str] = {}
        for misread in self._parts.get("misread", ()):
            text = misread.printed.sub(misread.normal, text)
        dose = _DOSE.search(text)
        if dose:
            number = re.sub(r"\s", "", dose.group(1))
            found["dose"] = number + ("" if dose.group(2) == "%" else " ") + dose.group(2)
        for part in ("route", "frequency", "duration"):
            value = self._frequency(text) if part == "frequency" else self._first(part, text)[0]
            if value:
                found[part] = value
        return found

    def _first(self, part: str, text: str) -> tuple[str, int]:
        """The meaning of the leftmost match of a part (ties: the longest), and where it ends."""
        matches = [(d, m) for d in self._parts.get(part, ()) if (m := d.printed.search(text))]
        if not matches:
            return "", 0
        direction, match = min(matches, key=lambda dm: (dm[1].start(), -dm[1].end()))
        return direction.meaning(match), match.end()

    def _frequency(self, text: str) -> str:
        """How often, with what is said right after it: "every 6 hours as needed"."""
        value, end = self._first("frequency", text)
        while value and end < len(text):
            gap = _GAP.match(text, end)
            at = gap.end() if gap else end
            riders = ((d, d.printed.match(text, at)) for d in self._parts.get("rider", ()))
            direction, match = next(((d, m) for d, m in riders if m), (None, None))
            if direction is None or match is None:
                break
            value, end = f"{value} {direction.meaning(match)}", match.end()
        return value


class MedicationFinder:
    """Finds medicines by name, by the ending of their name, and by "name number unit"."""

    def __init__(self, folder: Path, vocab: Vocab) -> None:
        self._names = Terms(vocab, _drugs(folder / "medications.tsv"))
        self._stems = tuple(
            (r["stem"], int(r["letters"])) for r in read_table(folder / "medication_stems.tsv")
        )
        self._endings = tuple(stem for stem, _ in self._stems)
        roles = words_by_role(folder / "medication_words.tsv")
        self._beside = {role: roles.get(role, frozenset()) for role in _ROLES}
        self._sig = Sig(folder / "sig.tsv")
        self.words = frozenset(self._names.words)
        self.names = frozenset(name for name in self._names.phrases if " " not in name)

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """Medicines in print order, with their directions."""
        found = sorted(self._found(reading), key=lambda f: f[0])
        limits = [*(span.start for span, _, _ in found[1:]), len(reading.text)]
        for (span, drug, source), limit in zip(found, limits, strict=False):
            yield Mention(
                label=Label.MEDICATION,
                span=span,
                source=source,
                attributes=(*_named(drug), *self._directions(reading, span, limit)),
            )

    def named(self, reading: Reading) -> list[tuple[TextSpan, Drug, str]]:
        """Listed names, and words that end as medicines do."""
        listed_names = [
            (first, last, drugs)
            for first, last, drugs in self._names.longest(reading)
            if self._is_taken(reading, first, last)
        ]
        taken = {i for first, last, _ in listed_names for i in range(first, last)}
        found = [
            (self._with_tail(reading, first, last), drugs[0], "medications")
            for first, last, drugs in listed_names
        ]
        for i, word in enumerate(reading.words):
            if i not in taken and self._stem(word):
                found.append((self._with_tail(reading, i, i + 1), Drug(word), "stem"))
        return found

    def _is_taken(self, reading: Reading, first: int, last: int) -> bool:
        """Whether a listed name is a medicine here, and no organ ("thyroid") or level of a test."""
        words = reading.words
        if last < len(words) and words[last] in self._beside["level"]:
            return False
        if last - first > 1 or words[first] not in self._beside["dosed"]:
            return True
        return bool(_STRENGTH.match(reading.text, reading.ends[last - 1]))

    def _with_tail(self, reading: Reading, first: int, last: int) -> TextSpan:
        """Where a name is printed, with the salt or form of release after it."""
        while last < len(reading.words) and reading.words[last] in self._beside["tail"]:
            if reading.lines[last] != reading.lines[last - 1]:
                break
            last += 1
        return reading.span(first, last)

    def _found(self, reading: Reading) -> Iterator[tuple[TextSpan, Drug, str]]:
        named = self.named(reading)
        yield from named
        for match in _SHAPE.finditer(reading.text):
            span = TextSpan(*match.span(1))
            first_word = match.group(1).split()[0].lower()
            if first_word not in self._beside["other"] and not any(
                span.overlaps(n[0]) for n in named
            ):
                yield span, Drug(match.group(1).lower()), "shape"

    def _stem(self, word: str) -> bool:
        if not word.endswith(self._endings) or word in self._beside["other"]:
            return False
        return word.isalpha() and any(
            len(word) >= letters and word.endswith(stem) for stem, letters in self._stems
        )

    def _directions(
        self, reading: Reading, span: TextSpan, limit: int
    ) -> tuple[tuple[str, str], ...]:
        text = reading.text[span.end : min(limit, span.end + DIRECTIONS)]
        stop = _NEXT.search(text)
        end = span.end + (stop.start() if stop else len(text))
        found = self._sig.read(unwrapped(reading.layout, span.end, end).replace("\n", " "))
        return tuple(found.items())


def _drugs(path: Path) -> Iterator[tuple[str, Drug]]:
    for row in read_table(path):
        generic = row["generic"]
        yield generic, Drug(generic)
        for brand in listed(row["brands"]):
            yield brand, Drug(generic, brand)
        if "-" in generic:
            yield generic.replace("-", "/"), Drug(generic)


def _named(drug: Drug) -> tuple[tuple[str, str], ...]:
    brand = (("brand", drug.brand),) if drug.brand else ()
    return (("generic", drug.generic), *brand)
