"""Suggestions weighed by what coders of this place gave before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digitizer.chart.coding import ICD10CM, Code, CodeKnowledge, CodeSuggestion
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.boost import Trees
from digitizer.coding.covered import Covered, covered
from digitizer.coding.experience import Experience
from digitizer.coding.finding import evidence_at
from digitizer.coding.memory import Example, Memory, keys_at, keys_of, marks
from digitizer.coding.named import Named
from digitizer.coding.phrases import unsaid
from digitizer.coding.rank import engine_features, ranked

_Place = tuple[int, TextSpan]
"""A page's number, and where on it."""

LIKELY = 0.6
"""From this likelihood on, a code that only memory names is suggested; below it is shown.

One that is nearly named and was never given is only shown."""

SHOWN = 0.01
"""Below this likelihood a code that only memory names is not shown."""

UNSURE = "given on like charts, not sure here"


@dataclass(frozen=True, slots=True)
class Learned:
    """What a home has learned, open."""

    memory: Memory
    trees: Trees

    def weigh(
        self,
        document: Document,
        suggestions: Sequence[CodeSuggestion],
        found: Mapping[str, Named],
        knowledge: CodeKnowledge,
    ) -> tuple[CodeSuggestion, ...]:
        """The suggestions with the likelihood as their score, and codes that only memory names.

        What is denied, past or a relative's stays withheld, however often such words were coded.
        `found` is what the document names.
        """
        near = covered(document, knowledge)
        example = example_of(document, suggestions, found, near, frozenset())
        mine = {s.code.code: s for s in suggestions}
        places = _places(document, suggestions, found)
        result = []
        for code, likely in ranked(self.memory, self.trees, example):
            if known := mine.get(code):
                result.append(replace(known, score=round(likely, 4)))
            elif likely >= SHOWN and (place := self._place(code, places, found, near)):
                grounded = code in found or self.memory.given(code) > 0
                sure = grounded and likely >= LIKELY
                made = self._remembered(document, code, likely, place, knowledge, sure=sure)
                result.append(made)
        return tuple(sorted(result, key=lambda s: (not s.suggested, -s.score, s.code.code)))

    def _place(
        self,
        code: str,
        places: Mapping[str, _Place],
        found: Mapping[str, Named],
        near: Mapping[str, Covered],
    ) -> _Place | None:
        """The words that a code which the engine did not suggest is due to."""
        if one := found.get(code):
            return one.page, one.span
        if place := places.get(self.memory.best_key(code, places)):
            return place
        one_near = near.get(code)
        return (one_near.page, one_near.span) if one_near else None

    def _remembered(
        self,
        document: Document,
        code: str,
        likely: float,
        place: _Place,
        knowledge: CodeKnowledge,
        *,
        sure: bool,
    ) -> CodeSuggestion:
        evidence = evidence_at(document, *place)
        known = knowledge.code(code)
        content = document.page(evidence.page).content
        withheld = unsaid(content, evidence.span) if sure and known else UNSURE
        if known and not known.billable:
            withheld = withheld or UNSURE
        said = " ".join(evidence.text.split())
        return CodeSuggestion(
            code=known or Code(system=ICD10CM, code=code, title="", billable=False),
            score=round(likely, 4),
            evidence=(evidence,),
            suggested=not withheld,
            withheld=withheld,
            why=f"\u201c{said}\u201d: {self._ground(code)}",
        )

    def _ground(self, code: str) -> str:
        charts = self.memory.given(code)
        return f"given on {charts} coded charts" if charts else "near to its name, not given before"


def _places(
    document: Document, suggestions: Sequence[CodeSuggestion], found: Mapping[str, Named]
) -> Mapping[str, _Place]:
    """Every key of the document with its first place."""
    places: dict[str, _Place] = {}
    for page in document.pages:
        if page.text is not None:
            for key, span in keys_at(page.content):
                places.setdefault(key, (page.number, span))
    read = [(s.code.code, s.evidence[0].page, s.evidence[0].span) for s in suggestions]
    for code, number, span in (*read, *((code, n.page, n.span) for code, n in found.items())):
        for mark in marks(code):
            places.setdefault(mark, (number, span))
    return places


def example_of(
    document: Document,
    suggestions: Sequence[CodeSuggestion],
    found: Mapping[str, Named],
    near: Mapping[str, Covered],
    codes: frozenset[str],
) -> Example:
    """A chart as an example, with the codes that a coder gave it."""
    return Example(
        keys=frozenset(key for page in document.pages for key in keys_of(page.content)),
        codes=codes,
        suggested=engine_features(suggestions),
        named={code: one.features for code, one in found.items()},
        covered={code: one.features for code, one in near.items()},
    )


def read_learned(path: Path | None, knowledge: CodeKnowledge) -> Learned | None:
    """What was learned at `path`; `None` where nothing is in force."""
    experience = Experience(path) if path else None
    if experience is None or not experience.exists():
        return None
    trees, examples = experience.trees(), experience.examples()
    if trees is None or not examples:
        return None
    return Learned(Memory(examples, titles_of(examples, knowledge)), trees)


def titles_of(examples: Sequence[Example], knowledge: CodeKnowledge) -> dict[str, str]:
    """The titles of all codes that the examples have."""
    codes = {code for example in examples for code in example.codes}
    known = ((code, knowledge.code(code)) for code in codes)
    return {code: entry.title for code, entry in known if entry}
