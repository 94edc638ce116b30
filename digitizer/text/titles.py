"""What kind of document a page says it is: by its title, or else by what only such pages print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitizer.text.layout import PrintedLine
from digitizer.text.vocabulary import Vocabulary, fold, read_table

_PARTS = re.compile(r"\s[|•·]\s?|\s[\-\u2013\u2014]+\s|:\s|\s{2,}")
_PREFIX = re.compile(r"(?i)^\W*(?:document|report|note|form|doc)?\s?(?:type|title)?\s?[:#]\s*")
_CONTINUED = re.compile(r"(?i)\W*\(?\s*(?:cont(?:inued|'d|d)?\.?|page \d+.*)\s*\)?\s*$")
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Title:
    """`doc_type` is printed in line number `line`; `weight` says how surely (3: the whole line)."""

    doc_type: str
    line: int
    weight: int


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles of documents, and first words of titles that go on freely ("CT ABDOMEN …")."""

    whole: Vocabulary
    starts: Vocabulary
    phrases: Vocabulary
    parts: tuple[tuple[str, frozenset[str]], ...]
    bodies: dict[str, str]

    @classmethod
    def load(cls, folder: Path) -> Titles:
        """From the tables of `models/doc_types`; ConfigError where one is missing or malformed."""
        rows = read_table(folder / "titles.tsv")
        parts = ((kind, frozenset(t.split())) for kind, t in read_table(folder / "parts.tsv"))
        return cls(
            whole=Vocabulary.of(row for row in rows if not row[1].endswith("*")),
            starts=Vocabulary.of((k, t.rstrip(" *")) for k, t in rows if t.endswith("*")),
            phrases=Vocabulary.load(folder / "phrases.tsv"),
            parts=tuple(parts),
            bodies=dict(read_table(folder / "bodies.tsv")),
        )


def find_titles(lines: Iterable[PrintedLine], titles: Titles) -> tuple[Title, ...]:
    """The titles printed in `lines`, surest first, then topmost."""
    found = [title for line in lines if (title := _title(line, titles))]
    return tuple(sorted(found, key=lambda title: (-title.weight, title.line)))


def _title(line: PrintedLine, titles: Titles) -> Title | None:
    text = _CONTINUED.sub("", _PREFIX.sub("", line.text)).strip(" .:*=_-\u2013")
    if not text or len(text.split()) > _MOST_WORDS or not _looks_titled(text):
        return None
    if kind := titles.whole.find(text):
        return _weighed(kind, line, 3)
    for part in _PARTS.split(text)[:3]:
        if len(part.split()) > 1 and (kind := titles.whole.find(part)):
            return _weighed(kind, line, 2)
    if kind := next(_windows(text, titles.whole), None):
        return _weighed(kind, line, 1)
    if text.isupper() and (kind := _starts(text, titles.starts)):
        return Title(kind, line.index, 0)
    return None


def _weighed(kind: str, line: PrintedLine, weight: int) -> Title:
    """A kind marked "?" is as often a department or a box on another form."""
    return Title(kind.rstrip("?"), line.index, 0 if kind.endswith("?") else weight)


def _looks_titled(text: str) -> bool:
    """In capitals or title case; a sentence has small words of four letters and more."""
    words = re.findall(r"[^\W\d_]{4,}", text) or re.findall(r"[^\W\d_]+", text)
    return bool(words) and sum(word[0].isupper() for word in words) * 5 >= 4 * len(words)


def _windows(text: str, whole: Vocabulary) -> Iterator[str]:
    """Kinds of titles of two words and more that stand somewhere in `text`, longest first."""
    words = text.split()
    for size in range(min(len(words), whole.words), 1, -1):
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            if len(fold(phrase)) > 6 and (kind := whole.exact(phrase)):
                yield kind


def _starts(text: str, starts: Vocabulary) -> str | None:
    words = text.split()
    sizes = range(min(len(words) - 1, starts.words), 0, -1)
    return next((k for n in sizes if (k := starts.exact(" ".join(words[:n])))), None)


def infer_type(
    lines: Sequence[PrintedLine], kinds: Collection[str], titles: Titles
) -> tuple[str, str] | None:
    """(document type, why) by phrases that only such a document prints, or by its sections.

    `None` unless exactly one type is spoken for.
    """
    said = {kind for line in lines if (kind := _phrase(line.text, titles.phrases))}
    if len(said) == 1:
        return said.pop(), "a phrase that only such a document prints"
    if said:
        return None
    present = set(kinds)
    fitting = [(len(parts), kind) for kind, parts in titles.parts if parts <= present]
    best = {kind for size, kind in fitting if size == max(fitting)[0]}
    return (best.pop(), "its sections") if len(best) == 1 else None


def _phrase(text: str, phrases: Vocabulary) -> str | None:
    words = text.split()[: phrases.words + 1]
    sizes = range(len(words), 1, -1)
    return next((k for n in sizes if (k := phrases.find(" ".join(words[:n])))), None)
