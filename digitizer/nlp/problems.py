"""Problems and procedures: a lexicon of names, and a grammar for the names that no list holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.vocab import Vocab

from digitizer.chart.clinical import Label
from digitizer.nlp.grammar import NounGrammar, Nucleus
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading, words_of
from digitizer.nlp.tables import listed, read_table
from digitizer.nlp.terms import Terms

LEXICON, STATUS = "lexicon", "status"
"""Sources of a find: the name of a problem, or of a state such as pregnancy or a pacemaker."""

_STATUSES = ("Z", "B95", "B96", "B97")  # reasons for a visit; germs that cause what is named

ABBREVIATION = 3
"""Letters of a word that is most likely an abbreviation."""

NEAR = 8
"""Words on either side of an ambiguous term among which its context is looked for."""


@dataclass(frozen=True, slots=True)
class Context:
    """What must stand near an ambiguous term: a word or its section's kind; empty: nothing."""

    wanted: frozenset[str] = frozenset()
    source: str = LEXICON

    def holds(self, reading: Reading, first: int, last: int) -> bool:
        """Whether the term at tokens `first..last` counts."""
        if not self.wanted:
            return True
        low, high = reading.sentence(first)
        near = (
            *reading.words[max(low, first - NEAR) : first],
            *reading.words[last : min(high, last + NEAR)],
        )
        return not self.wanted.isdisjoint(near) or reading.section(first) in self.wanted


def lexicon_terms(
    path: Path, cue_openings: frozenset[str], others: Callable[[str], bool]
) -> Iterator[tuple[str, Context]]:
    """Terms of the problem lexicon with their context; none where there is no lexicon.

    A term that opens with a cue ("history of stroke") is left out: the cue is what the assertion
    is read from, so it may not be a part of the finding. So is one whose last word is said by
    `others` to name something else ("on warfarin", "total knee arthroplasty").
    """
    if not path.exists():
        return
    for row in read_table(path):
        words = words_of(row["term"])
        if any(" ".join(words[:n]) in cue_openings for n in range(1, len(words))):
            continue
        if words and others(words[-1]):
            continue
        source = STATUS if row["code"].startswith(_STATUSES) else LEXICON
        yield row["term"], Context(frozenset(listed(row.get("context", ""))), source)


class NounFinder:
    """Finds phrases of one label: a lexicon's terms and a grammar's heads, grown to phrases."""

    def __init__(
        self,
        label: Label,
        grammar: NounGrammar,
        vocab: Vocab,
        lexicon: Iterable[tuple[str, Context]] = (),
    ) -> None:
        self.label = label
        self.grammar = grammar
        self._terms = Terms(vocab, lexicon)
        self.words = frozenset(self._terms.words) | grammar.words

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """Every phrase of the page; overlapping ones too."""
        nuclei = [*self._listed(reading), *self.grammar.nuclei(reading)]
        for phrase in self.grammar.phrases(reading, nuclei):
            core = phrase.core
            yield Mention(
                label=self.label,
                span=reading.span(phrase.first, phrase.last),
                source=core.source,
                core=None if core.bound else reading.span(core.first, core.last),
            )

    def _listed(self, reading: Reading) -> Iterator[Nucleus]:
        for first, last, contexts in self._terms.all(reading):
            same_sentence = reading.sentences[first] == reading.sentences[last - 1]
            if last - first == 1 and _like_a_name(reading, first):
                continue
            held = [c for c in contexts if c.holds(reading, first, last)] if same_sentence else []
            if held:
                yield Nucleus(first, last, held[0].source)


def _like_a_name(reading: Reading, token: int) -> bool:
    """Whether a short word is written as names are: "Doe", where an abbreviation is "DOE"."""
    printed = reading.printed(token)
    if len(printed) > ABBREVIATION or not printed.istitle():
        return False
    within = reading.sentence(token)[0] < token
    return within or reading.section(token) == "header"


def anatomy(reading: Reading, grammar: NounGrammar) -> Iterator[Mention]:
    """Parts of the body, with their side: "right lower leg"."""
    parts = grammar.roles.get("anatomy", frozenset())
    sides = frozenset({"left", "right", "bilateral", "upper", "lower"})
    first: int | None = None
    for i, word in enumerate((*reading.words, "")):
        if word in parts or word in sides:
            first = i if first is None else first
            continue
        if first is not None and reading.words[i - 1] in parts:
            yield Mention(label=Label.ANATOMY, span=reading.span(first, i), source="anatomy")
        first = None
