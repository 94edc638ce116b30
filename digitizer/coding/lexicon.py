"""The lexicon: names of problems as charts write them, each with its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from digitizer.coding.tsv import rows_of
from digitizer.coding.words import fold, key
from digitizer.errors import ConfigError

COLUMNS = ("term", "code", "context", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconTerm:
    """One surface form; `context` holds words or section kinds of which one must be near.

    `also` are codes that go with `code` for the same term: "alzheimer dementia" has two.
    """

    term: str
    code: str
    also: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms by their folded text and, for those that need no context, by their key."""

    terms: tuple[LexiconTerm, ...] = ()
    _by_text: Mapping[str, LexiconTerm] = field(init=False, repr=False, compare=False)
    _by_key: Mapping[str, LexiconTerm] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the terms; of two with one key the one listed first wins."""
        object.__setattr__(self, "_by_text", {fold(t.term): t for t in reversed(self.terms)})
        spoken = (t for t in reversed(self.terms) if " " in fold(t.term) or len(t.term) > 3)
        object.__setattr__(self, "_by_key", {key(t.term): t for t in spoken if key(t.term)})

    def find(self, term: str) -> LexiconTerm | None:
        """The line that `term` is, or that has the same words in another order."""
        return self._by_text.get(fold(term)) or self._by_key.get(key(term))

    def of_key(self, words: str) -> LexiconTerm | None:
        """The line of this key (see `words.key`), of several words or more than three letters."""
        return self._by_key.get(words)


def read_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file; ConfigError with the line where it is malformed or missing."""
    return Lexicon(tuple(_terms(path)))


def _terms(path: Path) -> Iterator[LexiconTerm]:
    for number, cells in rows_of(path, "lexicon"):
        if tuple(cells) == COLUMNS:
            continue
        if not 2 <= len(cells) <= len(COLUMNS) or not all(cells[:2]):
            raise ConfigError(f"{path.name}, line {number}: expected term, code, context, note")
        context = cells[2].split(",") if len(cells) > 2 and cells[2] else []
        code, *also = cells[1].split("+")
        yield LexiconTerm(term=cells[0], code=code, also=tuple(also), context=tuple(context))
