"""Other names of the same thing: everyday names of problems, brands and generics of drugs."""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from digitizer.search.identifiers import code_key
from digitizer.search.words import pieces

_CATEGORY = 3
"""Characters of the shortest code."""

LONGEST = 6
"""No name that synonyms are looked up for has more words."""

_BETWEEN_BRANDS = re.compile(r"[;,|]")


Group = tuple[Iterable[str], Iterable[str]]
"""Names for one thing: plain ones, and ambiguous ones."""


class Synonyms(Protocol):
    """What else a term is called."""

    def of(self, term: str) -> frozenset[str]:
        """Other names of `term` (lower case, single blanks), without itself; often none."""

    def codes(self, term: str) -> frozenset[str]:
        """The codes that `term` stands for."""

    def named(self, code: str) -> frozenset[str]:
        """Names of what a code, or any below it, stands for."""


class NoSynonyms:
    """Knows no other names."""

    def of(self, term: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's argument
        """None."""
        return frozenset()

    def codes(self, term: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's argument
        """None."""
        return frozenset()

    def named(self, code: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's argument
        """None."""
        return frozenset()


class Thesaurus:
    """Groups of names for one thing. Asking for an ambiguous name finds its group, but nothing
    else is widened to it: "pe" asks for embolism, embolism does not ask for "pe".
    """

    def __init__(
        self,
        groups: Iterable[Group] = (),
        coded: Mapping[str, Group] = MappingProxyType({}),
    ) -> None:
        """Take groups of names, and those that stand for a code by the code."""
        self._plain: list[frozenset[str]] = []
        self._groups: dict[str, tuple[int, ...]] = {}
        for plain, ambiguous in groups:
            self._add(plain, ambiguous)
        first = len(self._plain)
        for plain, ambiguous in coded.values():
            self._add(plain, ambiguous)
        self._codes = dict(enumerate(coded, first))
        self._below = sorted((code_key(code), place) for place, code in self._codes.items())

    def _add(self, plain: Iterable[str], ambiguous: Iterable[str]) -> None:
        sure = frozenset(map(_key, plain))
        for name in sure.union(map(_key, ambiguous)):
            self._groups[name] = (*self._groups.get(name, ()), len(self._plain))
        self._plain.append(sure)

    def of(self, term: str) -> frozenset[str]:
        """Other names of `term` in all its groups."""
        key = _key(term)
        found = (self._plain[place] for place in self._groups.get(key, ()))
        return frozenset().union(*found) - {key}

    def codes(self, term: str) -> frozenset[str]:
        """The codes of the groups that `term` is in."""
        places = self._groups.get(_key(term), ())
        return frozenset(self._codes[place] for place in places if place in self._codes)

    def named(self, code: str) -> frozenset[str]:
        """The plain names of the code and of those below it."""
        key = code_key(code)
        if len(key) < _CATEGORY:
            return frozenset()
        below = islice(self._below, bisect_left(self._below, (key, 0)), None)
        there = takewhile(lambda one: one[0].startswith(key), below)
        return frozenset().union(*(self._plain[place] for _, place in there))


def load_synonyms(problems: Path | None = None, medications: Path | None = None) -> Thesaurus:
    """Read names from tab-separated files; a file that is not there adds nothing.

    Args:
        problems: Columns `term` and `code`, perhaps `context`: terms of one code are synonyms, and
            a term with a context is ambiguous.
        medications: Columns `generic` and `brands` (split at commas, semicolons or bars).
    """
    return Thesaurus(_by_drug(_rows(medications)), _by_code(_rows(problems)))


def _key(name: str) -> str:
    return " ".join(pieces(name))


def _rows(path: Path | None) -> Iterator[dict[str, str]]:
    if path is None or not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _by_code(rows: Iterable[dict[str, str]]) -> dict[str, tuple[set[str], set[str]]]:
    groups: dict[str, tuple[set[str], set[str]]] = {}
    for row in rows:
        term, code = row.get("term", ""), row.get("code", "")
        if term and code:
            plain, ambiguous = groups.setdefault(code, (set(), set()))
            (ambiguous if row.get("context", "").strip() else plain).add(term)
    return groups


def _by_drug(rows: Iterable[dict[str, str]]) -> Iterator[Group]:
    for row in rows:
        brands = {brand.strip() for brand in _BETWEEN_BRANDS.split(row.get("brands", ""))}
        names = {name for name in (*brands, row.get("generic", "").strip()) if name}
        if len(names) > 1:
            yield names, set()
