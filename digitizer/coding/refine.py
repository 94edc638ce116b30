"""From the code of a name to the code of all that is said: "narcolepsy" and "with cataplexy".

The codes of a category differ by words of their titles. The one is taken whose title says the most
of what the text says beside the finding, and nothing that the text does not say or denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.coding.shorthand import implied
from digitizer.coding.words import singular, stem, stems

_NEUTRAL = frozenset(
    stem(word)
    for words in (
        "type site part region disorder disease condition stage side eye ear limb initial",
        "encounter acquired female male degree having achieved mention episode disturbance body",
        "area native bronchus single status specified classified elsewhere level eyelid defined",
        "current presentation manifestation present organism complication complicated",
        "use injury patient identified intractable status whether affecting simple following after",
        "radical radicular diseases phase deep",
    )
    for word in words.split()
)
"""Words of titles that tell nothing apart, or that charts leave out."""

NEAR_ONLY = frozenset(
    stem(word)
    for words in (
        "right left bilateral both acute chronic subacute mild moderate severe recurrent",
        "persistent intermittent 1 2 3 4 5 6 a b primary upper lower anterior posterior medial",
        "lateral displaced nondisplaced open closed early late first second third trimester total",
        "partial",
        "complete incomplete unilateral nonproliferative proliferative multiple",
    )
    for word in words.split()
)
"""Words that belong to what they touch: another finding's are never borrowed."""

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_DENIED = re.compile(
    r"\b(?:without|with no|not|nonfatal)\b("
    r" (?:foreign body|\w+ extension|\w+ fracture|complications)(?= (?:of|in)\b)"
    r"|(?:(?!,| with\b).)*(?:, (?:and|or) (?:(?!,| with\b).)*)?)"
)
"""What a title says is not so: "without foreign body" of a hand, and the hand is."""
_SHORTENED = (("unspecified occlusion or stenosis of", "of"), ("ankle and foot", "anklefoot"))
"""Words of titles, and what they are read as; `implied` has "anklefoot" for each of the two."""
_OTHER = re.compile(r"\bother\b")
_VAGUE = re.compile(
    r"\bunspecified whether\b[^,]*|^unspecified\b"
    r"|(?<!^)\bunspecified(?: as to)?\b(?: (?!thigh|calf|ankle|heel|foot|hand|wrist|finger|thumb"
    r"|toe|knee|hip|shoulder|elbow|forearm|upper|lower|deep|lung|kidney|breast|ovary|bronchus"
    r"|testis|adrenal|ureter|artery|vein|renal)\w+)?"
    r"|,? not elsewhere classified|\bnot specified\b[^,]*"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a title says, what it denies, and how often it leaves something open."""

    says: frozenset[str]
    denies: frozenset[str]
    vague: int
    other: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Stems that stand right beside a finding, in its sentence, and that are said not to be."""

    near: frozenset[str] = frozenset()
    sentence: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def holds(self, word: str) -> bool:
        """Whether the text says the word of the finding."""
        return word in self.near or (word in self.sentence and word not in NEAR_ONLY)


@lru_cache(maxsize=20_000)
def wording(title: str) -> Wording:
    """A title taken apart."""
    plain = _ASIDE.sub(" ", singular(title.lower()))
    for long, short in _SHORTENED:
        plain = plain.replace(long, short)
    denied = " ".join(match[1] for match in _DENIED.finditer(plain))
    positive = _VAGUE.sub(" ", _DENIED.sub(" ", plain))
    return Wording(
        says=frozenset(stems(positive)) - _NEUTRAL,
        denies=frozenset(stems(denied)) - _NEUTRAL,
        vague=len(_VAGUE.findall(plain)),
        other=bool(_OTHER.search(plain)),
    )


def refine(knowledge: CodeKnowledge, code: Code, term: str, said: Said) -> Code:
    """The code of the same category that says most of what is said; `code` where none says more.

    `term` is the finding itself: what a title shares with it needs no saying beside it.
    """
    base = wording(code.title)
    words = frozenset(stems(implied(term)))
    said = replace(said, near=said.near | words, sentence=said.sentence | words)
    best, rank = code, _rank(base, said)
    for node in _nodes(knowledge, code.code[:3]):
        title = wording(node.title)
        if not _fits(title, base, said):
            continue
        better = _rank(title, said)
        if better > rank and (leaf := knowledge.plain(node.code)):
            best, rank = leaf, better
    return best


def refines(general: Code, special: Code) -> bool:
    """Whether `special` says all that `general` of the same category says, and more."""
    if general.code[:3] != special.code[:3] or general.code == special.code:
        return False
    here, there = wording(general.title), wording(special.title)
    if here.other and not here.vague:
        return False
    if here.says == there.says:
        return here.vague > there.vague or bool(here.denies - there.denies)
    return here.says < there.says


def closer(knowledge: CodeKnowledge, code: Code) -> tuple[Code, ...]:
    """The codes of the category that say all that `code` says, and more."""
    return tuple(node for node in _nodes(knowledge, code.code[:3]) if refines(code, node))


def _fits(title: Wording, base: Wording, said: Said) -> bool:
    """Nothing unsaid, nothing denied, nothing lost that was said, no catch-all by the way."""
    if title.other and not base.other:
        return False
    if not all(said.holds(word) for word in title.says - base.says):
        return False
    if (title.says - base.says) & said.denied:
        return False
    if (title.denies & base.says) - base.denies - said.denied:
        return False
    lost = base.says - title.says
    return not any(said.holds(word) for word in lost) and not (lost - said.denied and title.vague)


def _rank(title: Wording, said: Said) -> tuple[int, int, int]:
    """What it denies against the text, what it says of the text, and what it denies with it."""
    against = sum(word in said.sentence and word not in said.denied for word in title.denies)
    return -against, sum(said.holds(word) for word in title.says), len(title.denies & said.denied)


def _nodes(knowledge: CodeKnowledge, category: str) -> tuple[Code, ...]:
    return _cached(knowledge, category)  # type: ignore[arg-type]  # by identity


@lru_cache(maxsize=400)
def _cached(knowledge: CodeKnowledge, category: str) -> tuple[Code, ...]:
    return tuple(_below(knowledge, category))


def _below(knowledge: CodeKnowledge, code: str) -> Iterator[Code]:
    """The last codes below, taken without their seventh character where it adds all they say."""
    children = knowledge.children(code)
    above = knowledge.code(code)
    if above and (not children or _only_sevenths(above, children)):
        yield above
        return
    for child in children:
        yield from _below(knowledge, child.code)


def _only_sevenths(above: Code, children: Sequence[Code]) -> bool:
    return all(
        c.title.startswith(f"{above.title}, ")
        and len(c.code) == 8
        and ("encounter" in c.title or "sequela" in c.title)
        for c in children
    )
