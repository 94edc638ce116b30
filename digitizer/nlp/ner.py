"""The trained NER: problems that no list and no grammar knows, learned from annotated text."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from digitizer.chart.clinical import Label
from digitizer.errors import ConfigError
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading

SOURCE = "ner"
SHORTEST = 4
"""Letters of the shortest name that is looked for again: shorter ones mean too many things."""

Tokens = tuple[int, int]
"""The first token of a find, and the one behind its last."""

_log = logging.getLogger(__name__)


class WordTokenizer:
    """Text in which every token stands apart by one space, as `as_seen` writes a reading."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """One token for each word."""
        return Doc(self.vocab, words=text.split())

    def to_bytes(self, **_: object) -> bytes:
        """Nothing is kept: there is nothing to set."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> WordTokenizer:
        """As it is."""
        return self

    def to_disk(self, _path: Path, **_: object) -> None:
        """Nothing is kept."""

    def from_disk(self, _path: Path, **_: object) -> WordTokenizer:
        """As it is."""
        return self


@registry.tokenizers("digitizer.words.v1")  # type: ignore[untyped-decorator]
def word_tokenizer() -> Callable[[Language], WordTokenizer]:
    """What the model's configuration names as its tokenizer."""
    return lambda nlp: WordTokenizer(nlp.vocab)


def as_seen(reading: Reading) -> list[str]:
    """The words of a page as the NER sees them: as meant, in the case that is printed."""
    return [_cased(word, reading.printed(i)) for i, word in enumerate(reading.words)]


def _cased(word: str, printed: str) -> str:
    if printed.lower() == word:
        return printed
    if len(printed) > 1 and printed.isupper():
        return word.upper()
    return word.capitalize() if printed[:1].isupper() else word


def load_ner(folder: Path) -> Language:
    """The packaged pipeline of `folder`, or an empty one where there is none: then rules go alone.

    Raises:
        ConfigError: the package is damaged.
    """
    if not folder.is_dir():
        _log.warning("the trained model %s is missing: problems are found by rules only", folder)
        return spacy.blank("en")
    try:
        return spacy.load(folder)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"the model {folder.parent.name} is damaged: install it again") from error


class NerFinder:
    """Finds problems with a trained pipeline; nothing where the pipeline is empty."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """The problems of a page; what is one in one place is one in every place."""
        found = self._spans(reading) if self._nlp.pipe_names and reading.words else []
        for first, last in sorted([*found, *_recurring(reading.words, found)]):
            span = reading.span(first, last)
            yield Mention(label=Label.PROBLEM, span=span, source=SOURCE)

    def _spans(self, reading: Reading) -> list[Tokens]:
        before = (-1, *reading.sentences)
        starts: list[bool | int | None] = [
            sentence != last for sentence, last in zip(reading.sentences, before, strict=False)
        ]
        doc = Doc(self._nlp.vocab, words=as_seen(reading), sent_starts=starts)
        return [(e.start, e.end) for e in self._nlp(doc).ents if e.label_ == Label.PROBLEM]


def _recurring(words: Sequence[str], found: Sequence[Tokens]) -> Iterator[Tokens]:
    """Where the words of a find stand again, in places that no find has taken."""
    taken = {i for first, last in found for i in range(first, last)}
    for name in sorted({tuple(words[first:last]) for first, last in found}, key=len, reverse=True):
        if sum(map(len, name)) < SHORTEST:
            continue
        for i in range(len(words) - len(name) + 1):
            places = range(i, i + len(name))
            if tuple(words[i : places.stop]) == name and taken.isdisjoint(places):
                taken.update(places)
                yield i, places.stop
