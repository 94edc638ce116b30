"""What stands right beside a finding and makes its code more specific: side, type, stage, acuity.

Only words that touch the finding count: another finding's side must never be borrowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.chart.text import TextSpan
from digitizer.coding.words import singular, stem, stems

SIDES = {
    "right": "right",
    "rt": "right",
    "left": "left",
    "lt": "left",
    "bilateral": "bilateral",
    "bilat": "bilateral",
    "b/l": "bilateral",
    "both": "bilateral",
    "od": "right",
    "os": "left",
    "ou": "bilateral",
    "r": "right",
    "l": "left",
}
_SIDE = r"(?P<side>right|left|rt|lt|bilateral|bilat|b/l|both)"
_STAGE = r"(?:stage|stg|type|class|grade)\s*(?:[ivx]{1,4}|\d)[ab]?"
_ACUITY = r"acute on chronic|acute|chronic|subacute|mild|moderate|severe|recurrent|persistent"

_SIDE_INSIDE = re.compile(rf"\b{_SIDE}\b(?:[- ]sided)?", re.IGNORECASE)
_SIDE_BEFORE = re.compile(
    rf"\b{_SIDE}(?:(?<=[rl]t)\.|[- ]sided)?\s+$|(?<![\w/.])(?-i:(?P<letter>[RL]))\s+$",
    re.IGNORECASE,
)
_SIDE_AFTER = re.compile(
    rf"^\s*[,(]?\s*(?:(?:of|in|on)\s+)?(?:the\s+)?"
    rf"(?:{_SIDE}|(?-i:(?P<eye>O[DSU]|[RL](?= [a-z]))))\b(?!\s*[:=])",
    re.IGNORECASE,
)
_DEGREE = r"(?:1st|2nd|3rd|first|second|third)[- ]degree"
_QUALITY_BEFORE = re.compile(rf"\b({_ACUITY}|{_STAGE}|{_DEGREE})\s+$", re.IGNORECASE)
_STAGED = re.compile(rf"\s+{_STAGE}$", re.IGNORECASE)
_QUALITY_AFTER = re.compile(rf"^\s*[,(-]?\s*({_STAGE})\b", re.IGNORECASE)

_OPENS_PLACE = re.compile(
    r",|\b(?:of|in|on|at|with|due|from|following|after|involving|without)\b", re.IGNORECASE
)

_TO_PLACE = re.compile(
    rf" (?:(?:to|of|on|at|in) )?(?:(?:the|his|her) )?(?:(?:{_SIDE}|(?-i:[RL])) )?"
    r"(?:(?:index|middle|ring|little|long|great|big|distal|proximal) )?",
    re.IGNORECASE,
)
"""What may stand between a finding and the part of the body that it is at."""
_WORDS_BEFORE = re.compile(r"(?:(?<![\w.])(?!(?:and|or) )[\w'-]+ ){1,2}$")
_WORDS_AFTER = re.compile(r"(?: (?!(?:and|or)\b)[\w'-]+(?![\w.]\w)){1,2}")
_INVERTED = re.compile(r"(?: [\w-]+){0,3}, ((?:[\w'-]+ ?){1,3})(?=[,.;)\n]|$)")

_LOOSE = frozenset(
    stem(word)
    for words in (
        "closed known stable controlled well poorly moderately differentiated invasive primary",
        "severe mild moderate recent new onset ongoing persistent recurrent longstanding",
        "underlying significant chronic acute worsening progressive advanced early clinical",
        "symptomatic status right left bilateral both unilateral patient",
    )
    for word in words.split()
)
"""What may be left out of a term without changing the disease: tried only after the whole term."""

_IN_SITU = re.compile(r"\s+in[- ]situ\b", re.IGNORECASE)
_HEPATITIS = re.compile(r"\s+([A-E])\b")

_OTHER = re.compile(r"\bother\b", re.IGNORECASE)
_ONLY_SIDE = frozenset(stems("unilateral primary right left bilateral both"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A finding as it is printed: its own words, what touches it, and its side, if one is said.

    `place` is the part of the body that follows it directly: "laceration left forearm".
    """

    term: str
    qualities: tuple[str, ...] = ()
    side: str = ""
    place: str = ""

    def wordings(self) -> Iterator[str]:
        """Terms that say all that is printed, the most specific first."""
        if self.place:
            for extra in self.qualities:
                yield f"{extra} {self._bare} of {self.place}"
            yield f"{self._bare} of {self.side} {self.place}"
            yield f"{self._bare} of {self.place}"
        for extra in dict.fromkeys((" ".join(self.qualities), "")):
            yield f"{self.side} {extra} {self._bare}".strip()
            yield f"{extra} {self._bare}".strip()

    def loosened(self) -> str:
        """The term without words that change its degree but not the disease."""
        return " ".join(s for s in stems(_STAGED.sub("", self._bare)) if s not in _LOOSE)

    def head(self) -> str:
        """The term up to its first comma: charts name first and describe after."""
        return self._bare.partition(",")[0]

    def parts(self) -> Iterator[str]:
        """Endings of the name proper, longest first: "complete ACL tear", then "ACL tear"."""
        words = _OPENS_PLACE.split(self._bare)[0].split()
        for first in range(1, len(words)):
            yield " ".join(words[first:])
        if len(words) < len(self._bare.split()):
            yield " ".join(words)

    @property
    def whole(self) -> str:
        """The term as printed, led by its side where that stands outside."""
        return self.term if _SIDE_INSIDE.search(self.term) else f"{self.side} {self.term}".strip()

    @property
    def _bare(self) -> str:
        return " ".join(_SIDE_INSIDE.sub(" ", self.term).split())


def read_mention(content: str, span: TextSpan, anatomy: Sequence[TextSpan] = ()) -> Mention:
    """The finding at `span` of a page's text, with what stands right beside it on that page.

    `anatomy` are the places where parts of the body are named.
    """
    term = " ".join(span.of(content).split())
    before = " ".join(content[max(0, span.start - 40) : span.start].split()) + " "
    after = content[span.end : span.end + 40]
    if kind := _HEPATITIS.match(after) if term.lower().endswith("hepatitis") else None:
        term += f" {kind[1]}"
    if situ := _IN_SITU.match(after):
        term += situ[0].lower()
    side = _SIDE_INSIDE.search(term) or _SIDE_BEFORE.search(before) or _SIDE_AFTER.search(after)
    found = (_QUALITY_BEFORE.search(before), _QUALITY_AFTER.search(after))
    follows = (s for s in anatomy if _TO_PLACE.fullmatch(content, span.end, s.start))
    place = next((" ".join(_SIDE_INSIDE.sub(" ", s.of(content)).split()) for s in follows), "")
    return Mention(
        place=place,
        term=term,
        qualities=tuple(" ".join(match[1].lower().split()) for match in found if match),
        side=SIDES[next(word for word in side.groups() if word).lower()] if side else "",
    )


def wider(content: str, span: TextSpan, others: Sequence[TextSpan]) -> Iterator[str]:
    """Longer names that the finding at `span` may be part of, as printed.

    With what stands behind its comma as an index puts it ("dysphagia, oropharyngeal"), unless that
    is one of `others`, the findings beside it; then with up to two words on either side ("pulm
    HTN"), longest first.
    """
    term = " ".join(span.of(content).split())
    inverted = _INVERTED.match(content, span.end)
    if inverted and not any(TextSpan(*inverted.span(1)).overlaps(other) for other in others):
        yield f"{inverted[1]} {term}"
    before = _WORDS_BEFORE.search(content[max(0, span.start - 40) : span.start])
    after = _WORDS_AFTER.match(content[span.end : span.end + 40])
    left = before[0].split() if before else []
    right = after[0].split() if after else []
    sizes = [(b, a) for b in range(len(left) + 1) for a in range(len(right) + 1) if b + a]
    for b, a in sorted(sizes, key=sum, reverse=True):
        yield " ".join((*left[len(left) - b :], term, *right[:a]))


def on_side(knowledge: CodeKnowledge, code: Code, side: str) -> Code:
    """The code that says the same as `code` and names the side; `code` where there is none."""
    if not side or stem(side) in stems(code.title):
        return code
    for near in _relatives(knowledge, code):
        if _same_but_side(code.title, near.title, side):
            return knowledge.plain(near.code) or code
    return code


def _relatives(knowledge: CodeKnowledge, code: Code) -> Iterator[Code]:
    """The codes around `code`: beside it, then beside its parent and right below those."""
    above = knowledge.parent(code.code)
    for _ in range(2):
        if above is None:
            return
        beside = knowledge.children(above.code)
        yield from beside
        for near in beside:
            yield from knowledge.children(near.code)
        above = knowledge.parent(above.code)


def _same_but_side(title: str, other: str, side: str) -> bool:
    here, there = set(stems(singular(title))), set(stems(singular(other)))
    if len(_OTHER.findall(title)) != len(_OTHER.findall(other)):
        return False
    return stem(side) in there and here <= there and there - here <= _ONLY_SIDE
