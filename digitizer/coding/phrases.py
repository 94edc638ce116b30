"""Turns of phrase in a text: where they stand, and whether they are so of the patient now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digitizer.chart.text import TextSpan
from digitizer.coding.surroundings import sentence_of

_TOKEN = re.compile(r"[a-z0-9]+")
_DENIES = re.compile(
    r"\b(?:no|not|never|non|denies|denied|without|negative|neg|declines?|declined|refus\w+|nor|none"
    r"|absent|rather than|ruled out|nkda)\b[^,;.]{0,50}$",
    re.IGNORECASE,
)
_DENIES_AFTER = re.compile(
    r"^[^,;.\n]{0,12}(?:\?|\b(?:never|none|denie[sd]|declined?|refused|negative|no\b|ruled out|"
    r"discussed|considered|if|candidate|evaluation|waiting|wait-?list|list|referral|makes|causes|gives)\b)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:if|should|would|could|consider\w*|discuss\w*|offer\w*|may|might"
    r"|(?<!assessment and )(?<!assessment & )(?<!assessment/)plan\w*|recommend\w*"
    r"|schedul\w+|await\w+|candidate|risk of|counsel\w+|encourag\w+|advis\w+|due for|eligible"
    r"|next|switch to|start(?:ing)?|needs?|wants?|hold|avoid|stop)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\n\s*[A-Z]")
"""What a phrase does not run across."""

_TO_COME = re.compile(r"\b(?:will|would|to|should|can) be\b|\bdeclin|\bnot\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:mother|father|mom|dad|brother|bro|sister|sis|son|daughter|wife|husband|partner|spouse"
    r"|aunt|uncle|cousin|grand\w+|girlfriend|boyfriend|roommate|family|fhx?|fam|sibling"
    r"|parents?|maternal|paternal|twin|fob)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Terms of several words, looked up token by token; `terms` are folded to small letters."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]

    def find(self, content: str) -> Iterator[tuple[TextSpan, str]]:
        """Every longest term as (where, term), none overlapping another."""
        tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(content.lower())]
        words = [token for token, _, _ in tokens]
        at = 0
        while at < len(words):
            size, term = self._longest(words, at)
            if size and not _HEADING.search(content, tokens[at][1], tokens[at + size - 1][2]):
                yield TextSpan(tokens[at][1], tokens[at + size - 1][2]), term
            at += size or 1

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, str]:
        for wanted, term in self.by_first.get(words[at], ()):
            if tuple(words[at : at + len(wanted)]) == wanted:
                return len(wanted), term
        return 0, ""


def phrases(terms: Iterable[str]) -> Phrases:
    """A table of terms; longer ones are found before those that they begin with."""
    made: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for term in terms:
        words = tuple(_TOKEN.findall(term.lower()))
        if words:
            made.setdefault(words[0], []).append((words, term))
    return Phrases({k: tuple(sorted(v, key=lambda pair: -len(pair[0]))) for k, v in made.items()})


def unsaid(content: str, span: TextSpan) -> str:
    """Why what stands at `span` is not so of the patient now: "family", "negated" … or ""."""
    around = sentence_of(content, span)
    before = " ".join(content[around.start : span.start].split())
    after = " ".join(content[span.end : around.end].split())
    if _ANOTHER.search(before):
        return "family"
    if _TO_COME.search(span.of(content)):
        return "hypothetical"
    if _DENIES.search(before) or _DENIES_AFTER.search(after):
        return "negated"
    return "hypothetical" if _NOT_YET.search(before) else ""
