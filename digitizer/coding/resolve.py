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

_HEAD = re.compile(r"\b(without|w/o|with no|no|not)\b", re.IGNORECASE)


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
    for term in dict.fromkeys(mention.wordings()):
        listed = lexicon.find(term) if term else None
        if listed and _in_context(listed, surroundings, entity.section):
            code = knowledge.code(listed.code)
            if code and code.billable:
                yield Resolved(code=code, score=_listed_score(listed), how="is listed as")
        elif listed:
            return  # a known word in another sense: what the titles make of it is a guess
    yield from _similar(mention, knowledge)


def _similar(mention: Mention, knowledge: CodeKnowledge) -> Iterator[Resolved]:
    """The code whose own wording is most like the mention's.

    Of what is said not to be there ("iron deficiency without anemia") nothing may be matched
    unless the code says the same.
    """
    whole = mention.term if mention.side in fold(mention.term) else f"{mention.side} {mention.term}"
    head = _HEAD.split(whole)[0]
    for term in dict.fromkeys((whole, head)):
        if not stems(term):
            continue
        match = next(iter(knowledge.search(term, 1)), None)
        same = match is not None and match.score >= 0.97
        if match and match.code.billable and (same or (term == head and match.score >= LIKELY)):
            yield Resolved(code=match.code, score=0.8 * match.score, how="reads like")


def _in_context(listed: LexiconTerm, surroundings: str, section: str) -> bool:
    if not listed.context or section in listed.context:
        return True
    words = set(fold(surroundings).split()) - set(fold(listed.term).split())
    return any(fold(word) in words for word in listed.context)


def _listed_score(listed: LexiconTerm) -> float:
    return SHORT_LISTED if len(listed.term) <= 3 else LISTED
