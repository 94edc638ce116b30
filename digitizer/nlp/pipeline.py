"""A model folder, opened: its rules compiled once, and a page run through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from digitizer.chart.clinical import Entity, Label
from digitizer.chart.page import Page
from digitizer.chart.text import Text, TextSpan
from digitizer.errors import ConfigError
from digitizer.nlp.allergies import AllergyFinder, allergy_stretches
from digitizer.nlp.assertion import Context
from digitizer.nlp.convert import entity, given
from digitizer.nlp.cues import Kind, load_cues
from digitizer.nlp.dates import dates
from digitizer.nlp.findings import Finding
from digitizer.nlp.grammar import NounGrammar
from digitizer.nlp.measurements import LabFinder, VitalFinder
from digitizer.nlp.medications import MedicationFinder
from digitizer.nlp.mention import Mention, longest
from digitizer.nlp.misread import Spelling
from digitizer.nlp.ner import NerFinder
from digitizer.nlp.problems import NounFinder, anatomy, lexicon_terms
from digitizer.nlp.reading import Reading, read_page, read_text, words_of
from digitizer.nlp.tables import words_by_role
from digitizer.nlp.unite import united, wordy

_TREATMENTS = (Label.MEDICATION, Label.PROCEDURE)


class ClinicalModel:
    """Reads pages into entities, by the rules of one model folder and a lexicon of problems."""

    def __init__(self, folder: Path, lexicon: Path, ner: Language | None = None) -> None:
        """Compile the rules; ConfigError where the folder or a table is missing or damaged."""
        if not folder.is_dir():
            raise ConfigError(f"There is no model {folder.name}; see the models folder for names.")
        nlp = ner or spacy.blank("en")
        self.vocab = nlp.vocab
        self._ner = NerFinder(nlp)
        cues = load_cues(folder / "assertion.tsv")
        roles = words_by_role(folder / "problem_words.tsv")
        ends = (Kind.STOP, Kind.RESTART)
        openings = frozenset(" ".join(words_of(c.words)) for c in cues if c.kind not in ends)
        self._context = Context(cues, roles, self.vocab)
        self._grammar = NounGrammar(roles, "grammar", _single_cues(openings))
        self._medications = MedicationFinder(folder, self.vocab)
        procedures = NounGrammar(words_by_role(folder / "procedures.tsv"), "procedures")
        terms = lexicon_terms(lexicon, openings, self._named_elsewhere(procedures))
        self._problems = NounFinder(Label.PROBLEM, self._grammar, self.vocab, terms)
        self._procedures = NounFinder(Label.PROCEDURE, procedures, self.vocab)
        self._allergies = AllergyFinder(folder, self._medications, self.vocab)
        self._labs = LabFinder(folder / "labs.tsv", self.vocab)
        self._vitals = VitalFinder(folder / "vitals.tsv", self.vocab)
        self._spelling = self._known_words()

    def _named_elsewhere(self, procedures: NounGrammar) -> Callable[[str], bool]:
        """Whether a word ends the name of a medicine or a procedure."""
        return lambda word: (
            word in self._medications.names or procedures.kind(word) in ("head", "bound")
        )

    def _known_words(self) -> Spelling:
        finders = (
            self._problems, self._procedures, self._medications, self._allergies, self._labs,
            self._vitals,
        )  # fmt: skip
        every = frozenset[str]().union(*(finder.words for finder in finders))
        return Spelling(self._context.phrases, every)

    def entities(self, page: Page) -> list[Entity]:
        """What is found on a page, in print order, with what is asserted of it."""
        reading = self._read(page)
        return self._asserted(reading, self._found(reading))

    def classify(self, page: Page, spans: Sequence[tuple[int, int, str]]) -> list[Entity]:
        """Entities for given `(start, end, label)` spans of a page, in the order given.

        A label that is none of ours is guessed from what is found there; else it is a problem. A
        medicine or procedure that is given as a problem is taken for what it is: only of those is
        it told whether they are planned or stopped.
        """
        reading = self._read(page)
        found = self._found(reading)
        mentions = [_given(reading, TextSpan(s, e), label, found) for s, e, label in spans]
        return self._asserted(reading, mentions, found)

    def read(self, text: Text) -> Reading:
        """Text as the rules see it."""
        return read_text(text, self.vocab, self._spelling)

    def _read(self, page: Page) -> Reading:
        return read_page(page, self.vocab, self._spelling)

    def _mentions(self, reading: Reading) -> Iterator[Mention]:
        yield from self._labs(reading)
        yield from self._vitals(reading)
        yield from self._allergies(reading)
        yield from dates(reading)
        stretches = list(allergy_stretches(reading))
        for finder in (self._medications, self._problems, self._procedures):
            for mention in finder(reading):
                if not any(s.overlaps(mention.span) for s in stretches):
                    yield mention
        yield from anatomy(reading, self._grammar)

    def _found(self, reading: Reading) -> list[Mention]:
        """Every find of a page. The lines of forms and tables are what the NER knows least."""
        rules = longest(self._mentions(reading))
        learned = list(self._ner(reading)) if wordy(reading) else []
        return united(reading, rules, learned) if learned else rules

    def _asserted(
        self, reading: Reading, mentions: list[Mention], beside: Sequence[Mention] = ()
    ) -> list[Entity]:
        findings = [_finding(reading, mention) for mention in mentions]
        others = [_finding(reading, mention) for mention in beside]
        known = self._context.assertions(reading, findings, others)
        return [entity(reading, m, a) for m, a in zip(mentions, known, strict=True)]


def _finding(reading: Reading, mention: Mention) -> Finding:
    return Finding(*reading.tokens(mention.span.start, mention.span.end), mention.label)


def _given(reading: Reading, span: TextSpan, label: str, found: list[Mention]) -> Mention:
    if label == Label.PROBLEM:
        return given(reading, span, _treatment(span, found) or Label.PROBLEM)
    if label in list(Label):
        return given(reading, span, Label(label))
    there = next((m.label for m in found if m.span.overlaps(span)), Label.PROBLEM)
    asserted = (Label.PROBLEM, Label.MEDICATION, Label.PROCEDURE, Label.ALLERGY)
    return given(reading, span, there if there in asserted else Label.PROBLEM)


def _treatment(span: TextSpan, found: Sequence[Mention]) -> Label | None:
    """Whether it is a medicine or procedure that stands in a span, and no problem beside it."""
    inside = [m for m in found if m.span.overlaps(span)]
    sick = any(m.label is Label.PROBLEM and m.span != span for m in inside)
    treated = (m.label for m in inside if m.label in _TREATMENTS and _alike(m.span, span))
    return None if sick else next(treated, None)


def _alike(one: TextSpan, other: TextSpan) -> bool:
    """Whether one of two spans lies within the other and is most of it: "TKA" of "left TKA"."""
    low, high = sorted((one, other), key=len)
    return high.start <= low.start and low.end <= high.end and 2 * len(low) >= len(high)


def _single_cues(openings: frozenset[str]) -> frozenset[str]:
    """Cues of one word: they are no part of a problem's name, whatever their ending."""
    return frozenset(opening for opening in openings if " " not in opening)
