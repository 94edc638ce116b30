"""Codes, suggestions with their evidence, and the knowledge that stages may ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from digitizer.chart.clinical import stable_id
from digitizer.chart.geometry import Box
from digitizer.chart.text import TextSpan

ICD10CM, ICD10PCS, HCPCS, CPT = "ICD-10-CM", "ICD-10-PCS", "HCPCS", "CPT"
ICDO3, LOCAL = "ICD-O-3", "local"
"""Code systems; LOCAL is the house's own charge list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An entry of a code system, with its official title."""

    system: str
    code: str
    title: str
    billable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The printed words that a suggestion rests on.

    `text` equals the page's text at `span`, or is part of what people corrected it to; `boxes` are
    where those words are printed, one a line, in upright pixels (empty only for text that never was
    on paper).
    """

    page: int
    span: TextSpan
    text: str
    boxes: tuple[Box, ...] = ()


BANDS = (("high", 0.8), ("medium", 0.5), ("low", 0.0))
"""How sure the engine is, in a word, from which score on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSuggestion:
    """A code that the text speaks of, never without evidence.

    `score` is from 0 to 1. `suggested` says whether a coder is offered it as a current code; where
    not, `withheld` says why ("negated", "family" …) and the finding is only shown. `why` is one
    line for the coder.
    """

    code: Code
    score: float
    evidence: tuple[Evidence, ...]
    suggested: bool = True
    withheld: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a suggestion that nothing printed stands for."""
        if not self.evidence:
            raise ValueError("a suggestion needs evidence")
        if self.suggested == bool(self.withheld):
            raise ValueError("a withheld code says why, a suggested one is not withheld")

    @property
    def id(self) -> str:
        """The same for the same code on the same words, over every re-run."""
        spots = [(e.page, e.span.start, e.span.end) for e in self.evidence]
        return stable_id(self.code.system, self.code.code, spots)

    @property
    def band(self) -> str:
        """How sure the engine is: one of BANDS."""
        return next(name for name, least in BANDS if self.score >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMatch:
    """A code that a term may mean, and how well it fits (higher is better).

    `wording` is the published title or term that fits, "" where the code was found otherwise.
    """

    code: Code
    score: float
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCover:
    """How much of a name of a billable code a text says, `wording` the name that is said best.

    `share` is what one sentence says of it (0 to 1), the `sentence` of that number; `of_text` what
    the whole text does, `strength` grows with the share and with how telling the name is, `times`
    counts the sentences that say all.
    """

    code: str
    wording: str
    share: float
    of_text: float
    strength: float
    times: int
    sentence: int

    def joined(self, other: NameCover) -> NameCover:
        """The most that is said by either of two names of a code; the place is the first's."""
        return replace(
            self,
            share=max(self.share, other.share),
            of_text=max(self.of_text, other.of_text),
            strength=max(self.strength, other.strength),
            times=max(self.times, other.times),
        )


class CodeKnowledge(Protocol):
    """What a stage may ask about code systems. Read-only, safe to use from one thread."""

    def code(self, code: str, system: str = ICD10CM) -> Code | None:
        """The entry with exactly this code, dots included; `None` where there is none."""

    @property
    def systems(self) -> Sequence[str]:
        """The code systems that there are codes of."""

    def beginning(self, start: str, system: str) -> Sequence[Code]:
        """The codes of another system than ICD-10-CM that begin so, in order."""

    def search(self, term: str, limit: int = 10, system: str = ICD10CM) -> Sequence[CodeMatch]:
        """Codes that `term` may mean, best first."""

    def in_force(self, code: Code, on: date) -> bool | None:
        """Whether the code is valid on a day of service; `None` where no list of that day is."""

    def called(self, keys: Collection[str]) -> Mapping[str, Sequence[str]]:
        """For each of these keys of words that is a whole title or term, the codes so called."""

    def covered(self, sentences: Sequence[Collection[str]]) -> Sequence[NameCover]:
        """The codes of whose names the sentences (sets of stems) say most, with how much."""

    def plain(self, code: str) -> Code | None:
        """The billable code to use for `code` when nothing more is said; `None` where none is."""

    def parent(self, code: str) -> Code | None:
        """The code right above; `None` for a category."""

    def children(self, code: str) -> Sequence[Code]:
        """The codes right below, in order."""
