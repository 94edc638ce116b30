"""Which words are words: what an engine reads and no dictionary has is more often misread.

Pure, but for loading the lists.

The lists of everyday words come with pyspellchecker, of which no code runs; those of medicine are
the words of `models/`. Names are in neither, so nothing is refused for being unknown.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

from digitizer.ocr.packages import folder_of

LISTS = {
    "eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl",
}  # fmt: skip
"""Tesseract's codes of languages, and those of the lists."""

SHORTEST = 3  # letters of a word that says anything: of two, almost any are an abbreviation

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"^[<>=~$#(]*\d{1,3}(,\d{3})*(\.\d+)?%?$|^\d+([./:-]\d+)*%?$")
_EDGES = re.compile(r"^\W+|\W+$")


class Kind(Enum):
    """What a text looks like: a word that is known or one that is not, a number as numbers are
    printed, anything else (abbreviations, letters among digits). ANY where no list says.
    """

    KNOWN = auto()
    STRANGE = auto()
    NUMBER = auto()
    OTHER = auto()
    ANY = auto()


@dataclass(frozen=True, slots=True)
class KnownWords:
    """`listed` are in small letters; `here` are those of the page at hand, as they are printed."""

    listed: frozenset[str] = frozenset()
    here: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        """Whether it is a word, in whatever case."""
        return word in self.here or word.lower() in self.listed

    def kind(self, text: str) -> Kind:
        """What the text looks like, without the marks at its edges."""
        if not self.listed:
            return Kind.ANY
        core = _EDGES.sub("", text)
        if any(character.isdigit() for character in core):
            return Kind.NUMBER if _NUMBER.match(core) else Kind.OTHER
        words = _words(core)
        if not words:
            return Kind.OTHER
        return Kind.KNOWN if all(word in self for word in words) else Kind.STRANGE

    def strangeness(self, text: str) -> float:
        """The share of its letters and digits (0 to 1) that stand in words that are none."""
        letters = sum(character.isalnum() for character in text)
        if not self.listed or not letters:
            return 0.0
        return sum(len(word) for word in _words(text) if word not in self) / letters

    def with_page(self, texts: Iterable[str]) -> KnownWords:
        """These and the words of `texts`, which stand on the page without doubt."""
        return replace(self, here=frozenset(word for text in texts for word in _words(text)))


NONE = KnownWords()
"""No list: no text is a word, and none is strange."""


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) >= SHORTEST]


@lru_cache(maxsize=4)
def known_words(languages: tuple[str, ...], models: Path) -> KnownWords:
    """The words of all the languages, and those of the tables in the folder `models`; `NONE` where
    one of the languages has no list, for its words would be strange.
    """
    if not all(language in LISTS for language in languages):
        return NONE
    everyday = frozenset().union(*(_everyday(LISTS[language]) for language in languages))
    return KnownWords(everyday | frozenset(_of_tables(models))) if everyday else NONE


def _everyday(language: str) -> frozenset[str]:
    packed = (folder_of("spellchecker") or Path()) / "resources" / f"{language}.json.gz"
    return frozenset(json.loads(gzip.decompress(packed.read_bytes())) if packed.is_file() else ())


def _of_tables(models: Path) -> Iterator[str]:
    for table in sorted(models.rglob("*.tsv")):
        yield from (w.lower() for w in _words(table.read_text(encoding="utf-8")))
