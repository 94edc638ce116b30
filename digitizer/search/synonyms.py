"""Other names of the same thing: everyday names of problems, brands and generics of drugs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from digitizer.search.words import pieces

LONGEST = 6
"""No name that synonyms are looked up for has more words."""

_BETWEEN_BRANDS = re.compile(r"[;,|]")


class Synonyms(Protocol):
    """What else a term is called."""

    def of(self, term: str) -> frozenset[str]:
        """Other names of `term` (lower case, single blanks), without itself; often none."""


class NoSynonyms:
    """Knows no other names."""

    def of(self, term: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's argument
        """None."""
        return frozenset()


class Thesaurus:
    """Groups of names for one thing. Asking for an ambiguous name finds its group, but nothing
    else is widened to it: "pe" asks for embolism, embolism does not ask for "pe".
    """

    def __init__(self, groups: Iterable[tuple[Iterable[str], Iterable[str]]] = ()) -> None:
        """Take (plain names, ambiguous names) of each group."""
        self._plain: list[frozenset[str]] = []
        self._groups: dict[str, tuple[int, ...]] = {}
        for plain, ambiguous in groups:
            self._add(frozenset(map(_key, plain)), frozenset(map(_key, ambiguous)))

    def _add(self, plain: frozenset[str], ambiguous: frozenset[str]) -> None:
        for name in plain | ambiguous:
            self._groups[name] = (*self._groups.get(name, ()), len(self._plain))
        self._plain.append(plain)

    def of(self, term: str) -> frozenset[str]:
        """Other names of `term` in all its groups."""
        key = _key(term)
        found = (self._plain[place] for place in self._groups.get(key, ()))
        return frozenset().union(*found) - {key}


def load_synonyms(problems: Path | None = None, medications: Path | None = None) -> Thesaurus:
    """Read names from tab-separated files; a file that is not there adds nothing.

    Args:
        problems: Columns `term` and `code`, perhaps `context`: terms of one code are synonyms, and
            a term with a context is ambiguous.
        medications: Columns `generic` and `brands` (split at commas, semicolons or bars).
    """
    return Thesaurus([*_by_code(_rows(problems)), *_by_drug(_rows(medications))])


def _key(name: str) -> str:
    return " ".join(pieces(name))


def _rows(path: Path | None) -> Iterator[dict[str, str]]:
    if path is None or not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _by_code(rows: Iterable[dict[str, str]]) -> Iterator[tuple[set[str], set[str]]]:
    groups: dict[str, tuple[set[str], set[str]]] = {}
    for row in rows:
        term, code = row.get("term", ""), row.get("code", "")
        if term and code:
            plain, ambiguous = groups.setdefault(code, (set(), set()))
            (ambiguous if row.get("context", "").strip() else plain).add(term)
    yield from groups.values()


def _by_drug(rows: Iterable[dict[str, str]]) -> Iterator[tuple[set[str], set[str]]]:
    for row in rows:
        brands = {brand.strip() for brand in _BETWEEN_BRANDS.split(row.get("brands", ""))}
        names = {name for name in (*brands, row.get("generic", "").strip()) if name}
        if len(names) > 1:
            yield names, set()
