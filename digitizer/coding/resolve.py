"""From one finding to its code: the lexicon first, then the wordings of the code system itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digitizer.chart.clinical import Entity
from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.coding.lexicon import Lexicon, LexiconTerm
from digitizer.coding.specify import Mention, on_side, read_mention
from digitizer.coding.words import fold, stems

LIKELY = 0.75
"""From this score on, a wording that is only similar counts. Of gold terms of our own notes that
the lexicon lacks, those found above it are in the right category four times of five."""

LISTED, SHORT_LISTED = 0.95, 0.85
"""Scores of a listed term, and of a listed abbreviation of up to three letters."""

NEAR = 120
"""Within how many characters on either side a context word of an ambiguous term must stand."""

SAME = 0.97
"""The score of a wording of the same words in another order."""

_PLACE = re.compile(r",|\b(?:of|in|on|at|with|due|from|following|after|involving)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:without|w/o|with no|no|not)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a finding: NEAR characters on either side, and its section's kind."""

    surroundings: str
    section: str

    def admits(self, listed: LexiconTerm) -> bool:
        """Whether a term that needs a context has it here."""
        if not listed.context or self.section in listed.context:
            return True
        words = set(fold(self.surroundings).split()) - set(fold(listed.term).split())
        return any(fold(word) in words for word in listed.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A billable code for a finding; `how` continues “CHF” with "is listed as"."""

    code: Code
    score: float
    how: str


def resolve(
    page: Page, entity: Entity, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Resolved | None:
    """The code that the entity stands for; `None` where nothing is likely enough."""
    content = page.content or entity.text
    span = entity.span if page.content else TextSpan(0, len(entity.text))
    mention = read_mention(content, span)
    surroundings = content[max(0, span.start - NEAR) : span.end + NEAR]
    for found in _candidates(mention, entity, surroundings, knowledge, lexicon):
        code = on_side(knowledge, found.code, mention.side)
        sure = page.text.confidence_of(span) if page.text else 1.0
        return Resolved(code=code, score=round(found.score * (0.5 + sure / 2), 4), how=found.how)
    return None


def _candidates(
    mention: Mention,
    entity: Entity,
    surroundings: str,
    knowledge: CodeKnowledge,
    lexicon: Lexicon,
) -> Iterator[Resolved]:
    """Codes for the mention, the most trustworthy first; all are billable."""
    said = Context(surroundings=surroundings, section=entity.section)
    for term in mention.wordings():
        yield from _listed(term, said, knowledge, lexicon)
    if _out_of_context(mention, said, lexicon):
        return
    if not lexicon.find(mention.whole):
        yield from _worded(mention.whole, SAME, knowledge)
    yield from _listed(mention.loosened(), said, knowledge, lexicon)
    # Of what is said not to be there ("iron deficiency without anemia") nothing may be matched.
    said_to_be = _WITHOUT.split(mention.whole)[0]
    yield from _listed(said_to_be, said, knowledge, lexicon)
    if not lexicon.find(said_to_be):  # what is listed has been looked up, with its context
        yield from _worded(said_to_be, LIKELY, knowledge)
    yield from _listed(mention.head(), said, knowledge, lexicon)


def _listed(
    term: str, said: Context, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[Resolved]:
    """The lexicon's code for the term, where its context is met."""
    listed = lexicon.find(term) if term else None
    if listed and said.admits(listed):
        code = knowledge.code(listed.code)
        if code and code.billable:
            yield Resolved(code=code, score=_listed_score(listed), how="is listed as")


def _worded(term: str, least: float, knowledge: CodeKnowledge) -> Iterator[Resolved]:
    """The code whose own wording is most like the term, if it is at least so alike."""
    match = next(iter(knowledge.search(term, 1)), None) if stems(term) else None
    if match is None or not match.code.billable or match.score < least:
        return
    if match.score >= SAME or _same_disease(term, match.wording):
        yield Resolved(code=match.code, score=0.8 * match.score, how="reads like")


def _same_disease(term: str, wording: str) -> bool:
    """Whether a wording that is only similar names the disease that the term does.

    One word alone is too little to go by ("cyst"), and the word that names the disease, the last
    before a preposition or comma, must be in the wording: "polyp of colon" is no injury of it.
    """
    named = stems(_PLACE.split(term)[0])
    return len(set(stems(term))) > 1 and bool(named) and named[-1] in stems(wording)


def _out_of_context(mention: Mention, said: Context, lexicon: Lexicon) -> bool:
    """Whether the term is a listed ambiguous one in another sense: titles could only mislead."""
    listed = [lexicon.find(term) for term in mention.wordings()]
    return any(term is not None and not said.admits(term) for term in listed)


def _listed_score(listed: LexiconTerm) -> float:
    return SHORT_LISTED if len(listed.term) <= 3 else LISTED
