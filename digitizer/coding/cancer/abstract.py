"""The stage that finds reportable tumors and abstracts what the chart says of each.

The codes that the chart stands for say which tumors there are and where; histology, grade, TNM
and stage are what is printed nearest to them. A tumor that is denied, a relative's or past is
none. One of which the chart is unsure is kept where the word is one that registries count
("probable", "consistent with"), and is marked: a coder of outpatients must not code it, a registrar
must see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from digitizer.chart.cancer import (
    MAYBE_TWO,
    UNKNOWN_PLACE,
    Aspect,
    Behavior,
    Standing,
    Tumor,
)
from digitizer.chart.clinical import Entity, Label, Presence
from digitizer.chart.coding import ICD10CM, ICDO3, Code, CodeKnowledge, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.chart.stage import Resources, Scope
from digitizer.coding.cancer.nearest import Placed, best, owner, placed_in
from digitizer.coding.cancer.tables import UNKNOWN_SITE, Tables, paired, read_tables
from digitizer.coding.named import ONLY_NAMED
from digitizer.errors import ConfigError

_SIDE = re.compile(r"\b(left|right|bilateral)\b", re.IGNORECASE)
_LINES = 3
"""The line of the evidence and those before it in which its side is looked for."""

_SIDES = ("bilateral", "right", "left")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstract:
    """The stage; it has no options."""

    name: ClassVar[str] = "abstract"
    version: ClassVar[str] = "2"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    needs: ClassVar[frozenset[str]] = frozenset({"entities", "suggestions"})
    gives: ClassVar[frozenset[str]] = frozenset({"tumors"})

    def open(self, resources: Resources) -> Callable[[Document], Document]:
        """Read the tables; ConfigError where one or the code knowledge is missing."""
        knowledge = resources.knowledge
        if knowledge is None:
            raise ConfigError("abstract needs the code knowledge; run: digitizer codes build")
        tables = read_tables(resources.models)

        def abstracted(document: Document) -> Document:
            return replace(document, tumors=tumors(document, tables, knowledge))

        return abstracted


def tumors(document: Document, tables: Tables, knowledge: CodeKnowledge) -> tuple[Tumor, ...]:
    """The reportable tumors of a document, those of most evidence first."""
    pointing = [s for s in document.suggestions or () if s.code.system == ICD10CM]
    found = list(_told_once(_tumor(s, document, tables) for s in pointing))
    spreading = [s for s in pointing if _is_spread(s.code, tables)]
    if not any(tumor.behavior is Behavior.MALIGNANT for tumor in found):
        found += list(_unplaced(spreading, document, tables))[:1]
    if not found:
        return ()
    said = list(placed_in(document, found, tables))
    made = [_abstracted(tumor, found, said, document, tables) for tumor in found]
    made = _with_spread(made, tuple(s.code for s in spreading if s.suggested))
    made = [_classified(tumor, tables, knowledge) for tumor in made]
    return tuple(sorted(made, key=lambda t: (-len(t.evidence), t.site.code)))


def _tumor(suggestion: CodeSuggestion, document: Document, tables: Tables) -> Tumor | None:
    """The bare tumor that a suggested code points to; `None` where it points to none."""
    standing = _standing(suggestion, document, tables)
    if standing is None:
        return None
    bare = tumor_of(suggestion.code, suggestion.evidence, tables)
    return replace(bare, standing=standing) if bare else None


def tumor_of(code: Code, evidence: tuple[Evidence, ...], tables: Tables) -> Tumor | None:
    """The tumor that an ICD-10-CM code stands for, and nothing else said of it; `None` where it
    is not reportable.
    """
    what = tables.reportable(code.code)
    if what is None or what.behavior is None:
        return None
    title = code.title.lower()
    return Tumor(
        site=code,
        place=tables.topography(code.code)[:3],
        behavior=what.behavior,
        evidence=evidence,
        laterality=next((side for side in _SIDES if side in title), ""),
        remarks=(what.remark,) if what.remark else (),
    )


def _unplaced(
    metastases: Iterable[CodeSuggestion], document: Document, tables: Tables
) -> Iterator[Tumor]:
    """The tumor that metastases come from, where the chart names none: once for each of them."""
    for suggestion in metastases:
        standing = _standing(suggestion, document, tables)
        if standing is not None:
            yield Tumor(
                site=suggestion.code,
                place=UNKNOWN_PLACE,
                behavior=Behavior.MALIGNANT,
                evidence=suggestion.evidence,
                standing=standing,
                remarks=("only a metastasis is named: the primary site is not said",),
            )


def _with_spread(made: Sequence[Tumor], spread: tuple[Code, ...]) -> list[Tumor]:
    """The tumors, the malignant one with where it has gone to; of several nobody says which has."""
    malignant = [tumor for tumor in made if tumor.behavior is Behavior.MALIGNANT]
    return [replace(tumor, spread=spread) if malignant == [tumor] else tumor for tumor in made]


def _is_spread(code: Code, tables: Tables) -> bool:
    what = tables.reportable(code.code)
    return what is not None and what.behavior is None


def _standing(suggestion: CodeSuggestion, document: Document, tables: Tables) -> Standing | None:
    """How surely a chart speaks of what a code stands for; `None` where it does not count."""
    behind = [e for e in document.entities or () if _is_behind(e, suggestion.evidence)]
    if suggestion.withheld == ONLY_NAMED:
        return Standing.STATED if _is_kind(suggestion, behind, tables) else None
    if not suggestion.suggested and suggestion.withheld != Presence.POSSIBLE.value:
        return None
    unsure = [e for e in behind if e.assertion.presence is Presence.POSSIBLE]
    if suggestion.suggested and len(unsure) < max(1, len(behind)):
        return Standing.STATED
    cues = (e.assertion.cue_in(document.page(e.page).content) for e in unsure)
    return Standing.AMBIGUOUS if any(tables.counts(cue) for cue in cues) else None


def _is_kind(suggestion: CodeSuggestion, behind: Sequence[Entity], tables: Tables) -> bool:
    """Whether the chart says outright that there is a cancer of some kind, and nowhere its site."""
    names = [name for e in suggestion.evidence for _, name in tables.names.find(e.text)]
    return (
        tables.topography(suggestion.code.code) == UNKNOWN_SITE
        and any(not tables.histologies[name].vague for name in names)
        and any(e.label is Label.PROBLEM for e in behind)
        and all(e.assertion.current for e in behind)
    )


def _is_behind(entity: Entity, evidence: Iterable[Evidence]) -> bool:
    return any(e.page == entity.page and e.span.overlaps(entity.span) for e in evidence)


def _told_once(found: Iterable[Tumor | None]) -> Iterator[Tumor]:
    """One tumor for the codes that may be of one: of one place, and of sides that agree."""
    kept: list[Tumor] = []
    for tumor in found:
        if tumor is None:
            continue
        same = next((i for i, other in enumerate(kept) if tumor.may_be(other)), None)
        if same is None:
            kept.append(tumor)
        else:
            kept[same] = _joined(kept[same], tumor)
    return iter(kept)


def _joined(one: Tumor, other: Tumor) -> Tumor:
    """The closer of two readings of a tumor, with the evidence of both."""
    behaviors = list(Behavior)
    closer = max(
        (one, other),
        key=lambda t: (
            t.standing is Standing.STATED,
            t.place != UNKNOWN_PLACE,
            behaviors.index(t.behavior),
            bool(t.laterality),
            "unspecified" not in t.site.title,
            -t.evidence[0].page,
        ),
    )
    places = {(e.page, e.span): e for e in (*one.evidence, *other.evidence)}
    return replace(
        closer,
        evidence=tuple(places[place] for place in sorted(places)),
        remarks=(*closer.remarks, *([MAYBE_TWO] if one.beside(other) else [])),
    )


def _abstracted(
    tumor: Tumor,
    beside: Sequence[Tumor],
    placed: Sequence[Placed],
    document: Document,
    tables: Tables,
) -> Tumor:
    """The tumor with what is said of it, and of no tumor that stands nearer."""
    ours = [each for each in placed if owner(each, beside, document) is tumor]
    told = (best(tumor, ours, aspect, tables) for aspect in Aspect)
    asked = not tumor.laterality and paired(tables.topography(tumor.site.code))
    return replace(
        tumor,
        said=tuple(statement for statement in told if statement),
        laterality=_side(tumor, document) if asked else tumor.laterality,
    )


def _classified(tumor: Tumor, tables: Tables, knowledge: CodeKnowledge) -> Tumor:
    """The tumor with its codes of ICD-O-3, and a doubt where they do not go together."""
    site = tables.topography(tumor.site.code)
    placed = replace(tumor, topography=knowledge.code(site, ICDO3))
    kind = tables.histologies.get(tumor.stated(Aspect.HISTOLOGY))
    if kind is None:
        return placed
    number = f"{kind.morphology}/{tumor.behavior.digit}"
    doubt = (
        ()
        if kind.fits(site)
        else (f"{kind.name} does not usually arise in {site}: check the site",)
    )
    return replace(
        placed, morphology=knowledge.code(number, ICDO3), remarks=(*tumor.remarks, *doubt)
    )


def _side(tumor: Tumor, document: Document) -> str:
    """The one side that the lines of the evidence, or those just above, name."""
    sides = set[str]()
    for evidence in tumor.evidence:
        content = document.page(evidence.page).content
        over = content.find("\n", evidence.span.end)
        around = content[: over if over >= 0 else None].splitlines()[-_LINES:]
        sides |= {side.lower() for side in _SIDE.findall("\n".join(around))}
    return sides.pop() if len(sides) == 1 else ""
