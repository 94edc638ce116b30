"""Fixed terms, many thousands of them, found at once with spaCy's PhraseMatcher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from digitizer.nlp.reading import Reading, words_of

T = TypeVar("T")


class Terms(Generic[T]):
    """Phrases, each with what it stands for; a phrase given twice stands for both."""

    def __init__(self, vocab: Vocab, meanings: Iterable[tuple[str, T]]) -> None:
        self._matcher = PhraseMatcher(vocab)
        self._meanings: dict[int, list[T]] = {}
        self.words: set[str] = set()
        self.phrases: set[str] = set()
        phrases: dict[tuple[str, ...], list[T]] = {}
        for phrase, meaning in meanings:
            words = tuple(words_of(phrase))
            if words:
                phrases.setdefault(words, []).append(meaning)
        for words, stands_for in phrases.items():
            key = " ".join(words)
            self._matcher.add(key, [Doc(vocab, words=list(words))])
            self._meanings[vocab.strings[key]] = stands_for
            self.words.update(words)
            self.phrases.add(key)

    def all(self, reading: Reading) -> Iterator[tuple[int, int, list[T]]]:
        """Every match as (first token, end token, meanings), overlapping ones too."""
        for key, first, last in self._matcher(reading.doc):
            yield first, last, self._meanings[key]

    def longest(
        self, reading: Reading, bonus: Callable[[list[T]], float] = lambda _: 0
    ) -> list[tuple[int, int, list[T]]]:
        """Matches in order, none overlapping another: the longest, then the first.

        `bonus` is added to the length, in words, of a match with these meanings.
        """
        kept: list[tuple[int, int, list[T]]] = []
        taken: set[int] = set()
        for match in sorted(self.all(reading), key=lambda m: (m[0] - m[1] - bonus(m[2]), m[0])):
            places = range(match[0], match[1])
            if taken.isdisjoint(places):
                taken.update(places)
                kept.append(match)
        return sorted(kept, key=lambda m: m[0])
