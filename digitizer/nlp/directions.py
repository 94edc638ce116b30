"""Which way a cue speaks where it is printed: a value behind its label, a verb before its object.

Many cues speak of what stands before them or of what follows, as they are put: "Fever: denied",
"denied fever"; "pneumonia is likely", "this is likely pneumonia".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from digitizer.nlp.cues import Cue, Kind
from digitizer.nlp.reading import Reading, words_of

_COLUMN = re.compile(r"[\s._|-]{2,}|\t|\s?\|\s?")
_CELL_ENDS = re.compile(r"\s*(?:$|[\n\t,;.]|\s\s|[A-Z][\w /-]{0,30}:)")
_PAUSES = frozenset({",", ";", "and", "but"})
_CLOSES = frozenset({",", ";", ".", ")"})
_TWO_WAY = frozenset({Kind.NEGATED, Kind.POSSIBLE})
_ANSWERS = frozenset({"n", "no", "neg", "y", "yes"})
_DEGREES = frozenset({"likely", "probably", "possibly"})
_CAUSES = frozenset({"due", "from", "secondary", "related", "caused", "2/2", "d/t"})
_SIGNS = frozenset({"(+)", "(-)"})
_ARTICLES = frozenset({"a", "an", "the", "some", "early", "underlying", "new"})
"""What may stand between a cue and the finding that it leads to ("is likely an abscess")."""


class Tails:
    """Cues that speak forward, by the words they are the end of: "likely" of "is likely"."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._forward: dict[tuple[str, ...], list[Cue]] = {}
        for cue in cues:
            if cue.forward and cue.kind in _TWO_WAY:
                self._forward.setdefault(tuple(words_of(cue.words)), []).append(cue)

    def of(self, words: Sequence[str]) -> tuple[int, list[Cue]]:
        """The longest cue that speaks forward at the end of `words`: its length, its meanings."""
        for length in range(len(words) - 1, 0, -1):
            if cues := self._forward.get(tuple(words[-length:])):
                return length, cues
        return 0, []


def speaking(
    reading: Reading,
    first: int,
    last: int,
    cues: Sequence[Cue],
    tails: Tails,
    taken: Collection[int],
) -> tuple[int, list[Cue]]:
    """The cues that count at tokens `first..last`, and the token where they start.

    `taken` are the tokens of findings.
    """
    if any(cue.at_line_end for cue in cues):
        value = _is_value(reading, first, last, taken)
        return first, [cue for cue in cues if cue.at_line_end == value]
    spoken = [cue for cue in cues if cue.kind in _TWO_WAY]
    if not any(cue.forward for cue in spoken):
        length, forward = tails.of(reading.words[first:last])
        if spoken and forward and _leads(reading, first, last, taken):
            return last - length, forward
    elif not all(cue.forward for cue in spoken):
        return first, _one_way(reading, first, last, cues, taken)
    return first, list(cues)


def _is_value(reading: Reading, first: int, last: int, taken: Collection[int]) -> bool:
    """Whether words stand alone behind what they are said of: in a column, or after its colon."""
    if not first:
        return False
    if reading.words[first - 1] in (":", "-", "\u2013"):
        return first - 2 in taken and bool(_CELL_ENDS.match(reading.text, reading.ends[last - 1]))
    if _between_items(reading, first, last, taken):
        return True
    ends_line = last == len(reading.words) or reading.lines[last] != reading.lines[last - 1]
    before = reading.text[reading.ends[first - 1] : reading.starts[first]]
    return ends_line and bool(_COLUMN.fullmatch(before))


def _between_items(reading: Reading, first: int, last: int, taken: Collection[int]) -> bool:
    """Whether a capital word answers an item on a line of such: "Diabetes N Asthma Y"."""

    def answers(at: int) -> bool:
        capital = reading.printed(at)[0].isupper() and reading.words[at] in _ANSWERS
        return capital and at - 1 in taken and reading.lines[at - 1] == reading.lines[at]

    if last - first != 1 or not answers(first):
        return False
    low, high = reading.sentence(first)
    return any(answers(i) and i + 1 in taken for i in range(max(low, 1), high - 1))


def _leads(reading: Reading, first: int, last: int, taken: Collection[int]) -> bool:
    """Whether a cue that may look back leads to what follows: "this is likely pneumonia"."""
    low, high = reading.sentence(first)
    following = last
    while following < high and reading.words[following] in _ARTICLES:
        following += 1
    return following in taken or _none_in(low, last, taken)


def _of_its_kind(words: Sequence[str], last: int, high: int, taken: Collection[int]) -> bool:
    """Whether only the cause or kind is unsure: "fever likely from flu", "AKI likely prerenal"."""
    if words[last] in _CAUSES:
        return True
    ends = last + 1 == high or words[last + 1] in _CLOSES
    return ends and last not in taken and words[last].isalpha()


def _none_in(low: int, high: int, taken: Collection[int]) -> bool:
    """Whether no finding stands among the tokens `low..high`."""
    return not any(i in taken for i in range(low, high))


def _one_way(
    reading: Reading, first: int, last: int, cues: Sequence[Cue], taken: Collection[int]
) -> list[Cue]:
    """Of cues that speak both ways those that are meant, where that can be told.

    "Fracture possible, gout" speaks back alone; "reports fatigue, denies fever" forward alone.
    """
    low, high = reading.sentence(first)
    word = reading.words
    if word[first] in _SIGNS:
        leads = _none_in(low, next(i for i in range(low, high) if word[i] in _SIGNS), taken)
        return [cue for cue in cues if cue.forward is leads]
    colon = first - 1 >= low and word[first - 1] in (":", "-")
    closes = last == high or word[last] in _CLOSES
    if closes and first - 1 - colon >= low and first - 1 - colon in taken:
        return _turned(cues, forward=False)
    if not closes and word[last - 1] in _DEGREES and _of_its_kind(word, last, high, taken):
        cues = _turned(cues, forward=True)
    opens = first == low or colon or word[first - 1] in _PAUSES
    if opens and not closes and not _none_in(last, high, taken):
        return _turned(cues, forward=True)
    return list(cues)


def _turned(cues: Sequence[Cue], *, forward: bool) -> list[Cue]:
    """Cues without those of both ways that speak the other way."""
    return [cue for cue in cues if cue.kind not in _TWO_WAY or cue.forward is forward]
