"""The stage that suggests codes: what the chart affirms, each with the ink that proves it.

Entity → term with what stands beside it → code → one suggestion a code, ranked. What is not said
of the patient now (denied, family, past, possible) is never suggested; it is returned as withheld,
with the reason, so that a coder sees that it was seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from digitizer.chart.coding import (
    CPT,
    HCPCS,
    ICD10CM,
    ICD10PCS,
    LOCAL,
    CodeKnowledge,
    CodeSuggestion,
)
from digitizer.chart.document import Document
from digitizer.chart.stage import Resources, Scope
from digitizer.coding.affirm import findings
from digitizer.coding.asked import missing
from digitizer.coding.doubts import weighed
from digitizer.coding.finding import Finding
from digitizer.coding.learned import read_learned
from digitizer.coding.lexicon import read_lexicon
from digitizer.coding.named import Named, named, only_named
from digitizer.coding.neoplasms import read_sites
from digitizer.coding.procedures import open_procedures
from digitizer.coding.resolve import Meanings
from digitizer.coding.rules import apply_rules
from digitizer.coding.statuses import Statuses, read_statuses, statuses
from digitizer.errors import ConfigError

LEXICON = "lexicon/problems.tsv"
SITES = "lexicon/neoplasms.tsv"
STATUSES = "lexicon/statuses.tsv"
SYSTEMS = {"icd10cm": ICD10CM, "icd10pcs": ICD10PCS, "hcpcs": HCPCS, "cpt": CPT, "local": LOCAL}

NOT_IN_FORCE = "not in force on the day of service"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestCodes:
    """Options of the stage. `systems` names the code systems to suggest from, one of SYSTEMS.

    Those that are there only where they were imported are passed over where they were not.
    """

    name: ClassVar[str] = "suggest_codes"
    version: ClassVar[str] = "3"
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
        wanted = {SYSTEMS[name] for name in self.systems}
        diagnoses = open_suggester(resources.models, knowledge, resources.learned)
        done = open_procedures(resources.models, knowledge, wanted)

        def suggested(document: Document) -> Document:
            found = diagnoses(document) if ICD10CM in wanted else ()
            every = in_force((*found, *done(document)), document, knowledge)
            return replace(document, suggestions=tuple(asking(s, knowledge) for s in every))

        return suggested


def asking(suggestion: CodeSuggestion, knowledge: CodeKnowledge) -> CodeSuggestion:
    """The suggestion, which says what the chart would have to say for a closer code."""
    code = suggestion.code
    lacks = missing(code, knowledge) if suggestion.suggested and code.system == ICD10CM else ()
    if not lacks:
        return suggestion
    return replace(suggestion, why=f"{suggestion.why}; not said: {', '.join(lacks)}")


def in_force(
    suggestions: Sequence[CodeSuggestion], document: Document, knowledge: CodeKnowledge
) -> tuple[CodeSuggestion, ...]:
    """The suggestions, those withheld that no list of the day of service has."""
    day = document.encounter_date
    return tuple(
        replace(s, suggested=False, withheld=NOT_IN_FORCE)
        if day and s.suggested and knowledge.in_force(s.code, day) is False
        else s
        for s in suggestions
    )


def open_suggester(
    models: Path, knowledge: CodeKnowledge, learned: Path | None = None
) -> Callable[[Document], tuple[CodeSuggestion, ...]]:
    """Read the lexicons and what was learned; returns what suggests."""
    lexicon = read_lexicon(models / LEXICON)
    table = read_statuses(models / STATUSES, lexicon)
    meanings = Meanings(knowledge, lexicon, read_sites(models / SITES))
    experience = read_learned(learned, knowledge)

    def suggested(document: Document) -> tuple[CodeSuggestion, ...]:
        found = named(document, knowledge, lexicon)
        own = suggest(document, meanings, table, found)
        return experience.weigh(document, own, found, knowledge) if experience else own

    return suggested


def suggest(
    document: Document, meanings: Meanings, table: Statuses, found: Mapping[str, Named]
) -> tuple[CodeSuggestion, ...]:
    """One suggestion for each code that the document stands for, best first.

    Suggested ones come before withheld ones. A code that is affirmed anywhere is suggested with
    the evidence of those places alone. What is only named (`found`) is withheld.
    """
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for finding in (
        *findings(document, meanings),
        *statuses(document, table, meanings.knowledge, meanings.lexicon),
    ):
        by_code[finding.code.code].append(finding)
    made = apply_rules(
        {c: _suggestion(f) for c, f in by_code.items()}, document, meanings.knowledge
    )
    made = weighed(made, document, meanings.knowledge, meanings.lexicon)
    every = (*made.values(), *only_named(document, made, found))
    return tuple(sorted(every, key=lambda s: (not s.suggested, -s.score, s.code.code)))


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
