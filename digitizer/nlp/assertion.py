"""What the text asserts of a finding: cues, their scopes, and what a section says by itself.

A ConText-like method (Harkema et al., 2009): cues open scopes, stops end them, the nearest cue of
each dimension (presence, whose, when) decides. When in doubt the safer reading wins: at the same
distance a negation goes before an affirmation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.vocab import Vocab

from digitizer.chart.clinical import Assertion, Experiencer, Label, Presence, Time
from digitizer.nlp.cues import TIMES, Cue, Kind
from digitizer.nlp.directions import Tails, speaking
from digitizer.nlp.findings import AROUND, Finding, Found, Others
from digitizer.nlp.past import Past
from digitizer.nlp.priors import heading_of, with_section
from digitizer.nlp.reading import Reading
from digitizer.nlp.scopes import reaches
from digitizer.nlp.terms import Terms

_PRESENCE = {
    Kind.NEGATED: Presence.NEGATED,
    Kind.POSSIBLE: Presence.POSSIBLE,
    Kind.HYPOTHETICAL: Presence.HYPOTHETICAL,
    Kind.NEEDED: Presence.HYPOTHETICAL,
    Kind.VACCINE: Presence.HYPOTHETICAL,
    Kind.CONDITIONAL: Presence.CONDITIONAL,
    Kind.AFFIRMED: Presence.AFFIRMED,
}
_DIMENSION = {kind: "presence" for kind in _PRESENCE} | {kind: "time" for kind in TIMES}
_DIMENSION[Kind.FAMILY] = "experiencer"
_SAFER = list(Kind)  # at the same distance the kind that is named first in Kind decides

# Which kinds can be said of what. A problem is neither planned nor discontinued, a medicine "as
# needed" is still taken; values are as measured.
_SAID_OF: dict[Label | None, frozenset[Kind]] = {
    Label.PROBLEM: frozenset(Kind) - {Kind.PLANNED, Kind.DISCONTINUED},
    Label.MEDICATION: frozenset({Kind.NEGATED, Kind.PLANNED, Kind.DISCONTINUED, Kind.AFFIRMED}),
    Label.PROCEDURE: frozenset(
        {Kind.NEGATED, Kind.PLANNED, Kind.HISTORICAL, Kind.HISTORY, Kind.HYPOTHETICAL}
    ),
    Label.ALLERGY: frozenset({Kind.NEGATED, Kind.FAMILY, Kind.AFFIRMED}),
}
_PARTS = frozenset({",", ";", "but", "and", "or", "(", ":"})


class Context:
    """Reads assertions.

    `roles` are those of `problem_words.tsv`: "event" (words of problems that end), "lasting"
    (those of them that a year alone does not end), "symptom" (what a medicine is taken for when
    needed) and "vaccine" (what one is vaccinated against).
    """

    def __init__(
        self, cues: Iterable[Cue], roles: Mapping[str, frozenset[str]], vocab: Vocab
    ) -> None:
        cues = list(cues)
        self._terms = Terms(vocab, ((cue.words, cue) for cue in cues))
        self._tails = Tails(cues)
        self._past = Past(roles)
        self._lacking = {
            Kind.NEEDED: roles.get("symptom", frozenset()),
            Kind.VACCINE: roles.get("vaccine", frozenset()),
        }
        self.phrases = frozenset(self._terms.phrases)

    def assertions(
        self, reading: Reading, findings: Sequence[Finding], beside: Sequence[Finding] = ()
    ) -> list[Assertion]:
        """What is asserted of each finding, in the order given; `beside` are others on the page."""
        others = Others.of([*findings, *beside])
        cues = self._cues(reading, frozenset(others.taken))
        return [self._assertion(reading, f, cues, others) for f in findings]

    def _cues(self, reading: Reading, taken: Collection[int]) -> dict[int, list[Found]]:
        """Cues and stops by sentence, in print order; what only looks like one is left out."""
        by_sentence: dict[int, list[Found]] = {}
        for start, last, cues in self._terms.longest(reading, _pseudo_bonus):
            first, speak = speaking(reading, start, last, cues, self._tails, taken)
            for cue in speak:
                if cue.kind is not Kind.PSEUDO:
                    found = Found(first, last, cue)
                    by_sentence.setdefault(reading.sentences[first], []).append(found)
        return by_sentence

    def _assertion(
        self,
        reading: Reading,
        finding: Finding,
        cues: dict[int, list[Found]],
        others: Others,
    ) -> Assertion:
        if finding.label in (Label.LAB, Label.VITAL, Label.DATE, Label.ANATOMY):
            return Assertion()
        inside = cues.get(reading.sentences[finding.first], [])
        stops = [c for c in inside if c.cue.kind in (Kind.STOP, Kind.RESTART)]
        reaching = [c for c in inside if reaches(reading, c, finding, stops, others)]
        said = self._said(reading, finding, reaching)
        if self._past.listed(reading, finding, said):
            said = replace(said, time=Time.HISTORICAL, cue=heading_of(reading, finding.first))
        return with_section(reading, finding, said, reaching)

    def _said(self, reading: Reading, finding: Finding, reaching: list[Found]) -> Assertion:
        """The nearest cue of each dimension, put together."""
        allowed = _SAID_OF.get(finding.label, frozenset(Kind))
        nearest: dict[str, Found] = {}
        for found in sorted(
            reaching, key=lambda c: (c.distance(finding), _SAFER.index(c.cue.kind))
        ):
            kind = found.cue.kind
            if kind in allowed and self._holds(kind, reading, finding):
                nearest.setdefault(_DIMENSION[kind], found)
        _exclude(reading, nearest, reaching, allowed)
        if (
            "time" not in nearest
            and finding.label is Label.PROBLEM
            and self._past.dated(reading, finding)
        ):
            return replace(_put_together(reading, nearest), time=Time.HISTORICAL)
        return _put_together(reading, nearest)

    def _holds(self, kind: Kind, reading: Reading, finding: Finding) -> bool:
        """Whether a kind that depends on what the finding is holds of this one."""
        if kind is Kind.HISTORY:
            return finding.label is Label.PROCEDURE or self._past.ended(reading, finding)
        lacking = self._lacking.get(kind)
        return lacking is None or not lacking.isdisjoint(finding.words(reading))


def _exclude(
    reading: Reading,
    nearest: dict[str, Found],
    reaching: Iterable[Found],
    allowed: frozenset[Kind],
) -> None:
    """A denial that a nearer cue does not undo: considered, then excluded; none positive for."""
    found = nearest.get("presence")
    if found is None or Kind.NEGATED not in allowed:
        return
    denials = [c for c in reaching if c.cue.kind is Kind.NEGATED and _undoes(reading, c, found)]
    if denials:
        nearest["presence"] = denials[0]


def _undoes(reading: Reading, denial: Found, found: Found) -> bool:
    """Whether a denial holds though `found` stands nearer: behind a doubt, or ahead of a "for"."""
    if found.cue.kind is Kind.POSSIBLE:
        return not denial.cue.forward
    affirms = found.cue.kind is Kind.AFFIRMED and found.cue.words.endswith(" for")
    return affirms and denial.cue.forward and _governs(reading, denial, found)


def _governs(reading: Reading, denial: Found, found: Found) -> bool:
    """Whether a denial speaks of an affirmation itself: "none of the nodes are positive for"."""
    between = reading.words[denial.last : found.first]
    return len(between) <= AROUND and _PARTS.isdisjoint(between)


def _pseudo_bonus(cues: list[Cue]) -> float:
    """What only looks like a cue goes before cues that overlap it and are a word longer."""
    return 1.5 if any(cue.kind is Kind.PSEUDO for cue in cues) else 0


def _put_together(reading: Reading, nearest: dict[str, Found]) -> Assertion:
    said = Assertion()
    if found := nearest.get("presence"):
        said = replace(said, presence=_PRESENCE[found.cue.kind])
    if found := nearest.get("time"):
        said = replace(said, time=TIMES[found.cue.kind])
    if "experiencer" in nearest:
        said = replace(said, experiencer=Experiencer.FAMILY)
    decisive = _decisive(said)
    found = nearest.get(decisive) or nearest.get("presence")
    return replace(said, cue=reading.span(found.first, found.last)) if found else said


def _decisive(said: Assertion) -> str:
    """The dimension that `Assertion.word` names."""
    if said.experiencer is Experiencer.FAMILY:
        return "experiencer"
    if said.presence is not Presence.NEGATED and said.time is not Time.CURRENT:
        return "time"
    return "presence"
