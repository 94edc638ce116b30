"""What a page is found by: its record as words in named fields, the same for every backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache, partial
from hashlib import blake2b

from digitizer.chart.clinical import Label, Presence, Time
from digitizer.chart.search import PageRecord
from digitizer.search.identifiers import code_lineage, exact_number, is_number, loose_numbers
from digitizer.search.words import fold, tokens

Placed = tuple[str, int]
"""A folded word and its position, counted in words (in `finding`: in findings)."""

LABELS = tuple(label.value.lower() for label in Label)
ASSERTIONS = (
    *(presence.value for presence in Presence),
    "family",
    *(time.value for time in Time if time is not Time.CURRENT),
)


def finding_word(label: str, assertion: str, word: str) -> str:
    """How a word of a finding is written in the field "finding"."""
    return f"{label}|{assertion}|{word}"


@lru_cache(maxsize=1)
def _text(value: str) -> tuple[Placed, ...]:
    """The words of a text; of the last one they are remembered, for they are asked for twice."""
    return tuple((token.text, token.position) for token in tokens(value))


def _findings(record: PageRecord) -> Iterator[Placed]:
    """The words of each finding with its label and assertion, and each assertion on its own.

    All words of one finding share a position: words of one finding are told from words of two.
    """
    for place, (label, text, assertion) in enumerate(record.entities):
        yield assertion.lower(), place
        for token in tokens(text):
            yield finding_word(label.lower(), assertion.lower(), token.text), place


def _numbers(record: PageRecord) -> Iterator[str]:
    """Loose forms of the patient's record numbers, and of each number printed that may be one."""
    for number in (record.mrn, *record.also):
        yield from loose_numbers(number)
    for chunk in record.text.split():
        if any(map(str.isdigit, chunk)):
            printed = (chunk[token.start : token.end] for token in tokens(chunk))
            for number in filter(is_number, printed):
                yield from loose_numbers(number)


def _unplaced(words: Iterable[str]) -> Iterator[Placed]:
    return ((word, 0) for word in sorted(set(words)) if word)


WORD_FIELDS: dict[str, Callable[[PageRecord], Iterable[Placed]]] = {
    "name": lambda record: _text(record.name),
    "source": lambda record: _text(record.source),
    "type": lambda record: _text(record.doc_type),
    "text": lambda record: _text(record.text),
    "doctype": lambda record: _unplaced([fold(record.doc_type)]),
    "file": lambda record: _unplaced([record.source]),
    "mrn": lambda record: _unplaced(map(exact_number, (record.mrn, *record.also))),
    "number": lambda record: _unplaced(_numbers(record)),
    "code": lambda record: _unplaced(key for c in record.codes for key in code_lineage(c)),
    "suggested": lambda record: _unplaced(record.codes),
    "finding": _findings,
    "paper": lambda record: _text(record.paper),
}
"""Field → the words of a record in it, in rising order of position.

`number` holds loose forms of record numbers, also of those that are
only printed on the page; `doctype` and `file` hold type and source as one word, `suggested` the
codes as they are written.
"""

NONE = -1
"""The number of a record that has none."""


def _day(value: date | None) -> int:
    return value.toordinal() if value else NONE


def _percent(value: float | None) -> int:
    return NONE if value is None else round(100 * value)


def label_number(label: str) -> int:
    """A label as 63 bits that are the same everywhere; NONE for an empty one.

    Of a million labels two are alike with a probability of one in ten million.
    """
    if not label:
        return NONE
    return int.from_bytes(blake2b(label.encode(), digest_size=8).digest()) >> 1


LABEL_FIELDS: dict[str, Callable[[PageRecord], str]] = {
    "group": lambda record: group(record),
    "type": lambda record: record.doc_type,
    "patient": lambda record: record.mrn,
    "source": lambda record: record.source,
}
"""Field → a label of a record: what documents are grouped and counted by."""


def _label_number(label: Callable[[PageRecord], str], record: PageRecord) -> int:
    return label_number(label(record))


NUMBER_FIELDS: dict[str, Callable[[PageRecord], int]] = {
    "date": lambda record: _day(record.encounter_date),
    "dob": lambda record: _day(record.dob),
    "conf": lambda record: _percent(record.confidence),
    "words": lambda record: len(_text(record.text)),
    **{name: partial(_label_number, label) for name, label in LABEL_FIELDS.items()},
}
"""Field → a number of a record: days as proleptic ordinals, confidence in percent, the length of
the text in words, labels as `label_number`."""


def group(record: PageRecord) -> str:
    """What the page is grouped under: its document, or its scan until that is known."""
    return f"document {record.document}" if record.document else f"scan {record.source}"
