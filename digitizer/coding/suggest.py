"""The stage that suggests codes: what the chart affirms, each with the ink that proves it.

Entity → term with what stands beside it → code → one suggestion a code, ranked. What is not said
of the patient now (denied, family, past, possible) is never suggested; it is returned as withheld,
with the reason, so that a coder sees that it was seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from digitizer.chart.clinical import Entity, Experiencer, Label, Presence, Time
from digitizer.chart.coding import ICD10CM, Code, CodeKnowledge, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.chart.stage import Resources, Scope
from digitizer.coding.combine import combinations, integral_to
from digitizer.coding.history import family_history, personal_history
from digitizer.coding.lexicon import Lexicon, read_lexicon
from digitizer.coding.resolve import Resolved, resolve
from digitizer.errors import ConfigError

LEXICON = "lexicon/problems.tsv"
SYSTEMS = {"icd10cm": ICD10CM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A code at one place of the document; `withheld` says why it is not a current one, or ""."""

    code: Code
    score: float
    evidence: Evidence
    withheld: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestCodes:
    """Options of the stage. `systems` names the code systems to suggest from: "icd10cm"."""

    name: ClassVar[str] = "suggest_codes"
    version: ClassVar[str] = "1"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    needs: ClassVar[frozenset[str]] = frozenset({"entities"})
    gives: ClassVar[frozenset[str]] = frozenset({"suggestions"})

    systems: tuple[str, ...] = ("icd10cm",)

    def open(self, resources: Resources) -> Callable[[Document], Document]:
        """Read the lexicon; ConfigError for an unknown system or where the knowledge is missing."""
        if unknown := set(self.systems) - set(SYSTEMS):
            known = ", ".join(SYSTEMS)
            raise ConfigError(f"no code system {', '.join(sorted(unknown))}; there is: {known}")
        knowledge = resources.knowledge
        if knowledge is None:
            raise ConfigError("suggest_codes needs the code knowledge; run: digitizer codes build")
        lexicon = read_lexicon(resources.models / LEXICON)
        return lambda document: replace(document, suggestions=suggest(document, knowledge, lexicon))


def suggest(
    document: Document, knowledge: CodeKnowledge, lexicon: Lexicon
) -> tuple[CodeSuggestion, ...]:
    """One suggestion for each code that the document's problems stand for, best first.

    Suggested ones come before withheld ones. A code that is affirmed anywhere is suggested with
    the evidence of those places alone.
    """
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for entity in document.entities or ():
        for finding in _findings(document, entity, knowledge, lexicon):
            by_code[finding.code.code].append(finding)
    made = {code: _suggestion(findings) for code, findings in by_code.items()}
    for rule in (_combined, _without_general, _without_symptoms):
        made = rule(made, knowledge)
    return tuple(sorted(made.values(), key=lambda s: (not s.suggested, -s.score, s.code.code)))


def _findings(
    document: Document, entity: Entity, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[Finding]:
    if entity.label is not Label.PROBLEM:
        return
    found = resolve(document.page(entity.page), entity, knowledge, lexicon)
    if found is None:
        return
    withheld = "" if _holds(entity, document) else entity.assertion.word
    evidence = _evidence(document, entity)
    yield _finding(found, evidence, withheld)
    if withheld and (option := _option(entity, found.code.code, knowledge)):
        yield _finding(replace(found, code=option), evidence, withheld)


def _holds(entity: Entity, document: Document) -> bool:
    """Whether the patient has it now. Of inpatients "possible" counts (guideline II.H)."""
    said = entity.assertion
    if document.inpatient and said.presence is Presence.POSSIBLE:
        return said.experiencer is Experiencer.PATIENT and said.time is Time.CURRENT
    return said.current


def _option(entity: Entity, code: str, knowledge: CodeKnowledge) -> Code | None:
    """The history code that a coder may want instead of a past disease or a relative's."""
    said = entity.assertion
    if said.presence is not Presence.AFFIRMED:
        return None
    if said.experiencer is Experiencer.FAMILY:
        option = family_history(code)
    else:
        option = personal_history(code) if said.time is Time.HISTORICAL else ""
    known = knowledge.code(option) if option and option != code else None
    return known if known and known.billable else None


def _evidence(document: Document, entity: Entity) -> Evidence:
    text = document.page(entity.page).text
    boxes = text.boxes_of(entity.span) if text else ()
    said = entity.span.of(text.content) if text else entity.text
    return Evidence(page=entity.page, span=entity.span, text=said, boxes=boxes)


def _finding(found: Resolved, evidence: Evidence, withheld: str) -> Finding:
    said = " ".join(evidence.text.split())
    return Finding(
        code=found.code,
        score=found.score,
        evidence=evidence,
        withheld=withheld,
        why=f"“{said}” {found.how} {found.code.title}",
    )


def _suggestion(findings: Sequence[Finding]) -> CodeSuggestion:
    """Of the findings of one code, those that hold; else all, with the first's reason."""
    held = [finding for finding in findings if not finding.withheld]
    shown = held or list(findings)
    best = max(shown, key=lambda finding: finding.score)
    places = {(f.evidence.page, f.evidence.span): f.evidence for f in shown}
    return CodeSuggestion(
        code=best.code,
        score=_agreed(best.score, len(places)),
        evidence=tuple(places[place] for place in sorted(places)),
        suggested=bool(held),
        withheld="" if held else shown[0].withheld,
        why=best.why,
    )


def _agreed(score: float, places: int) -> float:
    """Each further place (three at most) takes a tenth of the doubt away."""
    return round(1 - (1 - score) * 0.9 ** min(3, places - 1), 4)


Made = Mapping[str, CodeSuggestion]


def _current(made: Made) -> set[str]:
    return {code for code, suggestion in made.items() if suggestion.suggested}


def _combined(made: Made, knowledge: CodeKnowledge) -> dict[str, CodeSuggestion]:
    """Add the combination codes, and withhold what they replace."""
    result = dict(made)
    for rule in combinations(_current(made)):
        code = knowledge.code(rule.code)
        if code is None or not code.billable:
            continue
        parts = [made[part] for part in rule.parts]
        result[rule.code] = CodeSuggestion(
            code=code,
            score=min(part.score for part in parts),
            evidence=_together(part.evidence for part in parts),
            why=f"{' and '.join(rule.parts)} are coded together as {code.title}",
        )
        for part in rule.replaced:
            result[part] = _withhold(made[part], f"part of {rule.code}")
    return result


def _without_general(made: Made, knowledge: CodeKnowledge) -> dict[str, CodeSuggestion]:
    """Withhold a category's catch-all code where a more specific one of it is suggested."""
    result = dict(made)
    current = _current(made)
    for code in sorted(current):
        closer = [c for c in sorted(current) if c[:3] == code[:3] and c != code]
        catch_all = knowledge.plain(code[:3])
        if closer and catch_all and catch_all.code == code:
            result[code] = _withhold(made[code], f"{closer[0]} is more specific")
    return result


def _without_symptoms(made: Made, _: CodeKnowledge) -> dict[str, CodeSuggestion]:
    """Withhold symptoms that are part of a suggested disease."""
    result = dict(made)
    current = _current(made)
    for code in current:
        if disease := integral_to(code, current):
            result[code] = _withhold(made[code], f"symptom of {disease}")
    return result


def _withhold(suggestion: CodeSuggestion, reason: str) -> CodeSuggestion:
    return replace(suggestion, suggested=False, withheld=reason)


def _together(groups: Iterable[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    places = {(e.page, e.span): e for group in groups for e in group}
    return tuple(places[place] for place in sorted(places))
