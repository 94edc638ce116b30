"""From one finding to its code: the lexicon first, then the wordings of the code system itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from digitizer.chart.clinical import Entity
from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.items import SECTION
from digitizer.coding.lexicon import Lexicon, LexiconTerm
from digitizer.coding.neoplasms import FOLLOWS, NO_ORIGIN, UNPLACED, Sites
from digitizer.coding.refine import NEAR_ONLY, Said, refine
from digitizer.coding.shorthand import written_out
from digitizer.coding.specify import Mention, on_side, read_mention, wider
from digitizer.coding.surroundings import said_of, sentence_of
from digitizer.coding.whole import Whole
from digitizer.coding.words import fold, key, stem, stems

LIKELY = 0.75
"""From this score on, a wording that is only similar counts. Of gold terms of our own notes that
the lexicon lacks, those found above it are in the right category four times of five."""

LISTED, SHORT_LISTED = 0.95, 0.85
"""Scores of a listed term, and of a listed abbreviation of up to three letters."""

NEAR = 120
"""Within how many characters on either side a context word of an ambiguous term must stand."""

SIGN = 0.8
"""Share of the score of signs and symptoms: of 13 suggested on notes 9 were right."""

SLIP = 0.88
"""How alike (of 1) a misspelt word is to the one meant."""

_SIDES = frozenset(stem(side) for side in ("right", "left", "bilateral", "both"))

NEXT = 3
"""How many wordings are looked through for one that is about the term itself."""

_BY_NAME = frozenset(
    stem(word) for word in ("history", "obstetric", "postprocedural", "newborn", "puerperal")
)
"""Words that a chart says where it means them: a polyp is no history of polyps."""

SAME = 0.97
"""The score of a wording of the same words in another order."""

_PLACE = re.compile(r",|\b(?:of|in|on|at|with|due|from|following|after|involving)\b", re.IGNORECASE)
_SPECIMEN = re.compile(
    r"^\s*(?:[A-Z]|\d{1,2})[.)]\s+(?P<listed>.*):\s*$"
    r"|^\s*(?P<taken>(?i:[^:\n]*\b(?:biops\w*|excision|resection|\w+ectomy|shave|punch|core"
    r"|curettings?|aspirat\w*|washings?|margins?)\b[^:\n]*)):\s*$"
    r"|^\s*(?i:specimens?|tissue|source)\b[^:\n]{0,20}:[ \t]*(?P<sent>\S[^\n]*)$",
    re.MULTILINE,
)
_WITHOUT = re.compile(r"\b(?:without|w/o|with no|no|not)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a finding: NEAR characters on either side, and its section's kind."""

    surroundings: str
    section: str

    def admits(self, listed: LexiconTerm) -> bool:
        """Whether a term that needs a context has it here."""
        if not listed.context or self.section in (*listed.context, SECTION):
            return True
        words = set(fold(self.surroundings).split()) - set(fold(listed.term).split())
        return any(fold(word) in words for word in listed.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A billable code for a finding; `how` continues “CHF” with "is listed as"."""

    code: Code
    score: float
    how: str
    also: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Meanings:
    """What tells the code of a term: the code system, the lexicon, the sites of neoplasms."""

    knowledge: CodeKnowledge
    lexicon: Lexicon
    sites: Sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The problems of a page, in order, and where it names parts of the body."""

    problems: Sequence[Entity] = ()
    anatomy: Sequence[TextSpan] = ()


def resolve(
    document: Document,
    entity: Entity,
    page_has: Beside,
    meanings: Meanings,
    whole: Whole,
) -> Iterator[Resolved]:
    """The codes that the entity stands for, most often one; none where nothing is likely enough."""
    page = document.page(entity.page)
    content = page.content or entity.text
    span = entity.span if page.content else TextSpan(0, len(entity.text))
    mention = read_mention(content, span, page_has.anatomy if page.content else ())
    beside = [e.span for e in page_has.problems if page.content and e.span != entity.span]
    around = content[max(0, span.start - NEAR) : span.end + NEAR]
    context = Context(surroundings=around, section=entity.section)
    found = _whole_name(context, content, span, beside, meanings)
    found = found or _first_of(mention, context, meanings)
    pathology = document.doc_type == "pathology_report"
    found = _placed(mention, content, span, found, meanings, pathology=pathology)
    if found is None:
        return
    said = said_of(content, entity, page_has.problems) if page.content else Said()
    if pathology and found.code.code.startswith(("C", "D0")):
        said = replace(said, near=said.near | _specimen(content, span))
    sure = page.text.confidence_of(span) if page.text else 1.0
    spread = _spread(found, mention, content[span.end : span.end + FOLLOWS], meanings)
    for code in (found.code, *found.also, *spread):
        near = replace(said, near=said.near | whole.words(code.code))
        for best in _sided(meanings.knowledge, code, mention, near):
            share = SIGN if best.code.startswith("R") else 1.0
            score = round(found.score * share * (0.5 + sure / 2), 4)
            yield Resolved(code=best, score=score, how=found.how)


def _specimen(content: str, span: TextSpan) -> frozenset[str]:
    """The stems of the line that says what a pathologist looked at: "A. Left breast, core biopsy:".

    Of one that names both sides, nothing: which of the two it is must be said elsewhere.
    """
    heads = list(_SPECIMEN.finditer(content, 0, span.start))
    if not heads:
        return frozenset()
    words = frozenset(stems(heads[-1][heads[-1].lastgroup or 0]))
    return words if len(words & _SIDES) < 2 else frozenset()


def _sided(knowledge: CodeKnowledge, code: Code, mention: Mention, said: Said) -> tuple[Code, ...]:
    """The refined code; for both sides, where no code says both, one of each."""
    sided = replace(said, near=said.near | {stem(mention.side)}) if mention.side else said
    best = refine(knowledge, on_side(knowledge, code, mention.side), mention.term, sided)
    if mention.side != "bilateral" or "bilateral" in best.title.lower():
        return (best,)
    pair = []
    for side in ("right", "left"):
        near = replace(said, near=said.near - {stem("both"), stem("bilateral")} | {stem(side)})
        pair.append(refine(knowledge, on_side(knowledge, code, side), mention.term, near))
    both = all(side in one.title for side, one in zip(("right", "left"), pair, strict=True))
    return tuple(pair) if both else (best,)


def _spread(found: Resolved, mention: Mention, after: str, meanings: Meanings) -> tuple[Code, ...]:
    """Where a cancer with a site of its own has gone to, as the words behind it say."""
    if found.code.code.startswith(NO_ORIGIN):
        return ()
    codes = meanings.sites.spread(mention.whole, after)
    return tuple(known for code in codes if (known := meanings.knowledge.code(code)))


def _whole_name(
    said: Context, content: str, span: TextSpan, beside: Sequence[TextSpan], meanings: Meanings
) -> Resolved | None:
    """The code of a listed name that the finding is only a part of.

    A history is none: whether the finding is past is for its assertion to say.
    """
    own = key(span.of(content))
    names = [name for name in wider(content, span, beside) if key(name) != own]
    for term in dict.fromkeys((*names, *map(written_out, names))):
        for found in _listed(term, said, meanings.knowledge, meanings.lexicon):
            if not found.code.code.startswith("Z8"):
                return found
    return None


def _first_of(mention: Mention, context: Context, meanings: Meanings) -> Resolved | None:
    full = replace(mention, term=written_out(mention.term))
    for said in dict.fromkeys((mention, full)):
        found = _candidates(said, context, meanings.knowledge, meanings.lexicon)
        if first := next(found, None):
            return first
    return None


def _placed(
    mention: Mention,
    content: str,
    span: TextSpan,
    found: Resolved | None,
    meanings: Meanings,
    *,
    pathology: bool,
) -> Resolved | None:
    """A neoplasm with its site, where the name alone says none."""
    if found and not found.code.code.startswith(UNPLACED):
        return found
    around = sentence_of(content, span)
    before, after = content[around.start : span.start], content[span.end : around.end]
    code = meanings.sites.code(mention.whole, before, after)
    if not code and pathology:
        code = meanings.sites.above(mention.whole, content[: span.start])
    known = meanings.knowledge.code(code) if code else None
    return Resolved(code=known, score=LISTED, how="with its site is") if known else found


def _candidates(
    mention: Mention, said: Context, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[Resolved]:
    """Codes for the mention, the most trustworthy first; all are billable."""
    for term in mention.wordings():
        yield from _listed(term, said, knowledge, lexicon)
    if _out_of_context(mention, said, lexicon):
        return
    if not lexicon.find(mention.whole) and not (
        said.section == SECTION and " " not in mention.whole
    ):
        yield from _worded(mention.whole, SAME, knowledge)
    yield from _listed(mention.loosened(), said, knowledge, lexicon)
    # Of what is said not to be there ("iron deficiency without anemia") nothing may be matched.
    said_to_be = _WITHOUT.split(mention.whole)[0]
    yield from _listed(said_to_be, said, knowledge, lexicon)
    listed = lexicon.find(said_to_be)  # what is listed has been looked up, with its context
    if not listed and said.section != SECTION:
        yield from _worded(said_to_be, LIKELY, knowledge)
    yield from _listed(mention.head(), said, knowledge, lexicon)
    for part in mention.parts():
        yield from _listed(part, said, knowledge, lexicon)


def _listed(
    term: str, said: Context, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[Resolved]:
    """The lexicon's code for the term, where its context is met."""
    listed = lexicon.find(term) if term else None
    if listed and said.admits(listed):
        code = knowledge.code(listed.code)
        if code and code.billable:
            others = [known for c in listed.also if (known := knowledge.code(c)) and known.billable]
            score = _listed_score(listed)
            yield Resolved(code=code, score=score, how="is listed as", also=tuple(others))


def _worded(term: str, least: float, knowledge: CodeKnowledge) -> Iterator[Resolved]:
    """The code whose own wording is most like the term, if it is at least so alike."""
    said = set(stems(term))
    found = knowledge.search(term, NEXT) if said else ()
    match = next((m for m in found if not _BY_NAME & (set(stems(m.wording)) - said)), None)
    if match is None or not match.code.billable or match.score < least:
        return
    if match.score >= SAME or _same_disease(term, match.wording):
        yield Resolved(code=match.code, score=0.8 * match.score, how="reads like")


def _same_disease(term: str, wording: str) -> bool:
    """Whether a wording that is only similar names the disease that the term does.

    One word alone is too little to go by ("cyst"), and the word that names the disease, the last
    before a preposition or comma, must be in the wording: "polyp of colon" is no injury of it. Of
    what the wording names before its own first preposition the term must say something: "fat layer
    exposed" is no name of an ulcer, and "acute bleed" none of an acute gastritis with bleeding.
    """
    named = stems(_PLACE.split(term)[0])
    words = set(stems(term)) - _SIDES
    if not (words - NEAR_ONLY) & set(stems(_PLACE.split(wording)[0])):
        return False
    return len(words) > 1 and bool(named) and any(_alike(named[-1], w) for w in stems(wording))


def _alike(one: str, other: str) -> bool:
    """Whether two stems are the same but for a slip of the pen."""
    if one == other:
        return True
    return len(one) > 6 and SequenceMatcher(None, one, other).ratio() >= SLIP


def _out_of_context(mention: Mention, said: Context, lexicon: Lexicon) -> bool:
    """Whether the term is a listed ambiguous one in another sense: titles could only mislead."""
    listed = [lexicon.find(term) for term in mention.wordings()]
    return any(term is not None and not said.admits(term) for term in listed)


def _listed_score(listed: LexiconTerm) -> float:
    return SHORT_LISTED if len(listed.term) <= 3 else LISTED
