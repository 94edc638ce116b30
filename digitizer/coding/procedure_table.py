"""The table of procedures: how charts name them, and the ICD-10-PCS code of each.

Of the seven characters some are decided by words that stand near: side, approach, device. What no
word decides stays open, and the chart is shown to lack it. The table is
`models/lexicon/procedures.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitizer.coding.phrases import Phrases, phrases
from digitizer.coding.tsv import rows_of
from digitizer.errors import ConfigError

COLUMNS = ("term", "codes")
LENGTH = 7

_PART = re.compile(r"\[([^\]]*)\]|.")
_APPROACHES = (
    ("4", re.compile(r"\b(?:laparosc|robot|thoracosc|vats\b|arthrosc|percutaneous endosc)", re.I)),
    ("0", re.compile(r"\b(?:open\b|laparotomy|thoracotomy|sternotomy|mini-open)", re.I)),
    ("3", re.compile(r"\bpercutaneous(?! endosc)", re.I)),
)
_CONVERTED = re.compile(r"\bconver(?:ted|sion) to (?:an )?open\b", re.IGNORECASE)
_SIDES = frozenset({"right", "left", "bilateral"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Characters with the words that decide for each; `name` is what is missing where none does."""

    name: str
    words: tuple[tuple[str, str], ...]

    def made(self, text: str) -> str:
        """The character that the text decides for; "" where it decides for none or for two."""
        if self.name == "approach":
            return _approach(text)
        found = [(word, char) for word, char in self.words if word and _says(text, word)]
        if self.name == "side":
            both = next((char for word, char in self.words if word == "bilateral"), "")
            sides = dict.fromkeys(char for _, char in found)
            if both in sides or (len(sides) > 1 and both):
                return both
            return next(iter(sides)) if len(sides) == 1 else ""
        default = next((char for word, char in self.words if not word), "")
        return found[0][1] if found else default


Template = tuple[str | Choice, ...]


@dataclass(frozen=True, slots=True)
class Procedures:
    """The table, ready to be asked."""

    names: Phrases
    codes: Mapping[str, tuple[Template, ...]]


def coded(template: Template, text: str) -> tuple[str, str]:
    """The code as far as the text decides it, and what it does not say ("" where it says all)."""
    made = ""
    for part in template:
        char = part if isinstance(part, str) else part.made(text)
        if not char:
            return made, part.name if isinstance(part, Choice) else ""
        made += char
    return made, ""


def read_procedures(path: Path) -> Procedures:
    """Read the table; ConfigError with the line where it is malformed or missing."""
    codes: dict[str, tuple[Template, ...]] = {}
    for names, templates in _rows(path):
        codes.update((name, templates) for name in names)
    return Procedures(phrases(codes), codes)


def _rows(path: Path) -> Iterator[tuple[list[str], tuple[Template, ...]]]:
    for number, cells in rows_of(path):
        if tuple(cells) == COLUMNS:
            continue
        templates = tuple(_template(code) for code in cells[1].split("+")) if cells[1:] else ()
        if len(cells) != len(COLUMNS) or any(len(t) != LENGTH for t in templates):
            raise ConfigError(f"{path.name}, line {number}: expected term, codes of 7 characters")
        yield [name.strip() for name in cells[0].split(",")], templates


def _template(code: str) -> Template:
    return tuple(_choice(m[1]) if m[1] else m[0] for m in _PART.finditer(code))


def _choice(said: str) -> Choice:
    if said == "approach":
        return Choice("approach", ())
    pairs = [option.rpartition("=") for option in said.split("|")]
    words = tuple((word, char) for word, _, char in pairs)
    named = {word for word, _ in words}
    return Choice("side" if named & _SIDES else _name(sorted(named)), words)


def _name(words: Sequence[str]) -> str:
    return f"which of {', '.join(words)}"


def _says(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None


def _approach(text: str) -> str:
    if _CONVERTED.search(text):
        return "0"
    found = [char for char, words in _APPROACHES if words.search(text)]
    return found[0] if len(found) == 1 else ""
