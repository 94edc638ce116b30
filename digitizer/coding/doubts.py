"""How sure a suggestion is, by what stands around its words. Pure.

A code is right most of the time where the chart names it and nothing beside the name speaks of
denial, past, doubt or another person. What makes a suggestion unsure is said to the coder, and
keeps it out of the band that is called high.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from digitizer.chart.coding import BANDS, CodeKnowledge, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.coding.lexicon import Lexicon
from digitizer.coding.measures import BESIDE
from digitizer.coding.rules import IN_PREGNANCY, TOGETHER
from digitizer.coding.shorthand import implied
from digitizer.coding.statuses import TAKEN
from digitizer.coding.surroundings import sentence_of
from digitizer.coding.weigh import among_diagnoses
from digitizer.coding.words import stems

HIGH = dict(BANDS)["high"]

FIRM = 0.73
"""From this score on a suggestion without doubts is in the high band. Statuses that medicines and
turns of phrase say have less."""

UNSAID = 0.5
"""The share of the words of a title that the chart need not say. This cut and all words below were
chosen on the notes of our own to tune with and on half of the scanned charts of development."""

_NOT = (
    r"no|not|nor|non\w*|never|none|without|w/o|den(?:y|ies|ied)|exclu\w+|ruled? out|r/o"
    r"|neg(?:ative)?|absent|absence|unlikely"
)
_ELSEWHERE = (
    r"healed|cleared|recovered|gone|subsided|removed|excised|treated|completed|disproved?n?"
    r"|discarded|dismissed|consider\w*|entertained|question\w*|thought|suspect\w*|possibl[ey]"
    r"|probabl[ey]|likely|may|might|could|vs|versus|rather than|instead of|in error|mistak\w+"
    r"|rule|look(?:ed|ing)? for|test\w*|swab\w*|cultures?|serolog\w+|titers?|screen\w*|vaccin\w*"
    r"|immun(?:e|ity|ized|ization)|exposed|exposure|contact|carrier|order(?:ed|s)?|plan(?:ned|s)?"
    r"|schedul\w+|await\w*|pending|arranged|referr\w+|candidate|if|risks?|prophyla\w+|prevent\w*"
    r"|return|warn\w*|signs of|taught|teach\w*|counsel\w+|educat\w+|discuss\w*|explain\w*"
    r"|handout|leaflet|worr\w+|fear\w*|afraid|concern\w*|previous\w*|prior|past|former\w*|old"
    r"|remote|history|h/o|hx|ago|last (?:year|month|week|season|spring|summer|fall|winter)"
    r"|child(?:hood)?|infan\w+|newborn|baby|teen\w*|youth|at age|(?:in|of) (?:19|20)\d\d"
    r"|mother|father|parents?|brother|sister|siblings?|twin|son|daughter|children|husband|wife"
    r"|spouse|partner|roommate|friend|neighbou?r|coworker|aunt|uncle|grand\w+|cousin|nephew"
    r"|niece|maternal|paternal|family(?:'s)?(?: history| hx|:)"
)
NEAR = 60
"""How many characters away a cue still casts doubt."""

_BEFORE = re.compile(rf"\b(?:{_NOT}|{_ELSEWHERE})\b|\?", re.IGNORECASE)
_AFTER = re.compile(rf"^[^,;:]*?\b(?P<not>{_NOT})\b|\b(?:{_ELSEWHERE})\b|\?", re.IGNORECASE)
_AGE = re.compile(r"\d+[- ]years?[- ]old", re.IGNORECASE)
_KIND = re.compile(r"\b(?:type|stage|grade) ?([1-5]|i{1,3}|iv)\b", re.IGNORECASE)

_LAST = re.compile(r"([A-Za-z][\w'-]*)[ \t]+$")
_NEXT = re.compile(r"^[ \t]+([A-Za-z][\w'-]*)")
_DUE = re.compile(
    r"^ ?(?:due to|from|secondary to|caused by|d/t|2/2|with|w/) ([\w-]+)", re.IGNORECASE
)
_MEASURED = re.compile(r"^[A-Z\d]+$|\d")
_BESIDE = frozenset(
    {
        "the", "a", "an", "of", "in", "on", "at", "with", "and", "or", "to", "for", "by", "from",
        "under", "over", "above", "below", "due", "is", "are", "has", "have", "his", "her", "their",
        "he", "she", "it", "this", "that", "who", "which", "as", "but", "also", "then", "now",
        "today", "since", "status", "post", "s", "p", "type", "stage", "right", "left", "both",
        "bilateral", "acute", "chronic", "severe", "mild", "moderate", "stable", "controlled",
        "well", "poorly", "uncontrolled", "worsening", "improved", "improving", "new", "newly",
        "per", "active", "inactive", "ongoing", "persisting", "present", "confirm", "confirms",
        "confirmed", "shows", "showed", "diagnosed", "biopsy-proven", "noted", "found",
        "persistent", "recurrent", "known", "resolved", "disease", "deformity", "daily", "bid",
        "tid", "qid", "qd", "qhs", "prn", "po", "weekly", "qweek", "bedtime", "needed", "am", "pm",
        "mg", "continue", "takes", "taking",
    }
)  # fmt: skip
"""Words that may touch the name of a disease and are no part of it."""

_TELLING_NOTHING = frozenset(
    stems(
        "unspecified other without disease disorder not elsewhere classified uncomplicated initial"
        " encounter site type of and with in the or to due"
    )
)
_MADE = (TOGETHER, BESIDE, IN_PREGNANCY)
"""What the reason of a code says that is made of other codes or of a number: the words of its title
need not stand there."""

_MERE_STATUS = ("Z", "V", "W", "X", "Y")


def weighed(
    made: Mapping[str, CodeSuggestion],
    document: Document,
    knowledge: CodeKnowledge,
    lexicon: Lexicon,
) -> dict[str, CodeSuggestion]:
    """The suggestions, each with a score that says whether there is a doubt, and which."""
    doubts = _Doubts(document, knowledge, lexicon)
    return {code: _weighed(one, doubts) if one.suggested else one for code, one in made.items()}


def _weighed(one: CodeSuggestion, doubts: _Doubts) -> CodeSuggestion:
    if doubt := doubts.of(one):
        score = HIGH * min(one.score, 0.99)
        return replace(one, score=round(score, 4), why=f"{one.why}; unsure: {doubt}")
    if one.score < FIRM:
        return one
    return replace(one, score=round(HIGH + (1 - HIGH) * one.score, 4))


@dataclass(frozen=True, slots=True)
class _Doubts:
    document: Document
    knowledge: CodeKnowledge
    lexicon: Lexicon

    def of(self, one: CodeSuggestion) -> str:
        """What speaks against the suggestion, for the coder; "" where at one place nothing does."""
        if TAKEN in one.why:
            return "from a medicine alone"
        title = frozenset(stems(one.code.title))
        doubts = [self._around(evidence, title) for evidence in one.evidence]
        if all(doubts):
            return doubts[0]
        if any(part in one.why for part in _MADE):
            return ""
        text = " ".join(self._sentence(evidence) for evidence in one.evidence)
        if other := _other_kind(one.code.title, text):
            return f"the sentence says “{other}”"
        if one.code.code.startswith(_MERE_STATUS):
            return "a status or circumstance, which few charts are coded for"
        if any(among_diagnoses(self.document, evidence) for evidence in one.evidence):
            return ""
        return "the code says more than the chart" if self._unsaid(one, text) > UNSAID else ""

    def _sentence(self, evidence: Evidence) -> str:
        content = self.document.page(evidence.page).content
        return sentence_of(content, evidence.span).of(content)

    def _around(self, evidence: Evidence, title: frozenset[str]) -> str:
        """What stands beside the words: a cue of the sentence, or more of a longer name."""
        content = self.document.page(evidence.page).content
        around = sentence_of(content, evidence.span)
        start, end = evidence.span.start, evidence.span.end
        before = content[max(around.start, start - NEAR) : start]
        after = content[end : min(around.end, end + NEAR)]
        if cue := _cue(before, after):
            return f"the sentence says “{cue}”"
        if before[-1:].isalnum() or after[:1].isalnum():
            return "part of a longer word"
        if (cause := _DUE.match(after)) and not title & set(stems(implied(cause[1]))):
            return f"“{' '.join(cause[0].split())}” may call for a closer code"
        for touching in (_LAST.search(before), _NEXT.match(after)):
            if touching and not _no_part(touching[1], title):
                return f"“{touching[1]}” stands right beside it"
        return ""

    def _unsaid(self, one: CodeSuggestion, text: str) -> float:
        """The share of the telling words of the title that neither the text nor the lexicon has."""
        said = set(stems(implied(text)))
        for evidence in one.evidence:
            if term := self.lexicon.find(evidence.text):
                listed = (self.knowledge.code(code) for code in (term.code, *term.also))
                said |= {word for code in listed if code for word in stems(code.title)}
        own = set(stems(one.code.title)) - _TELLING_NOTHING
        return len(own - said) / len(own) if own else 0.0


def _cue(before: str, after: str) -> str:
    cue = _BEFORE.search(_AGE.sub(" ", before))
    if cue is None and (cue := _AFTER.search(after)) and cue["not"]:
        return cue["not"]
    return " ".join(cue[0].split()) if cue else ""


def _no_part(word: str, title: frozenset[str]) -> bool:
    """Whether a word that touches a name is no part of it, or is a part that the title has too."""
    return word.lower() in _BESIDE or bool(_MEASURED.search(word)) or bool(title & set(stems(word)))


def _other_kind(title: str, text: str) -> str:
    """A type, stage or grade of the text where the title has only others."""
    meant = {match[0].lower() for match in _KIND.finditer(title)}
    told = {match[0].lower() for match in _KIND.finditer(text)}
    return "" if not meant or not told or meant & told else min(told)
