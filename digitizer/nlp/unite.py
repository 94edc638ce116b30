"""One list out of two readers' finds: the rules, and the NER that learned from running text."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.chart.clinical import Label
from digitizer.nlp.mention import Mention
from digitizer.nlp.problems import LEXICON
from digitizer.nlp.reading import Reading

WORDY = 12
"""Words a sentence from which a text is running prose. The abstracts that the NER learned from have
20 (one in fifty fewer than 12), pages of charts 7, short notes 5."""


def wordy(reading: Reading) -> bool:
    """Whether a page is prose like that which the NER learned from, rather than a chart's lines."""
    words = sum(word[:1].isalnum() for word in reading.words)
    return words >= WORDY * len(set(reading.sentences)) > 0


def united(reading: Reading, rules: Sequence[Mention], learned: Sequence[Mention]) -> list[Mention]:
    """Mentions in print order, none overlapping another.

    What is no problem stays as the rules found it. The NER's reading of a problem goes before that
    of the rules; these add the names in their lexicon of two words and more, which mean the same in
    any text.
    """
    others = [m for m in rules if m.label is not Label.PROBLEM]
    names = [m for m in rules if m.label is Label.PROBLEM and _is_name(reading, m)]
    firm = [m for m in others if m.label is not Label.ANATOMY]
    free = [m for m in learned if not _touches(m, firm)]
    found = [*free, *(m for m in names if not _touches(m, free))]
    rest = [m for m in others if m.label is not Label.ANATOMY or not _touches(m, found)]
    return sorted([*rest, *found], key=lambda m: m.span)


def _is_name(reading: Reading, mention: Mention) -> bool:
    core = mention.core or mention.span
    first, last = reading.tokens(core.start, core.end)
    return mention.source == LEXICON and last - first > 1


def _touches(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(
        mention.span.overlaps(span) for o in others for span in (o.span, o.name) if span is not None
    )
