"""What the codes of a document do to one another, each rule from suggestions to suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from digitizer.chart.coding import CodeKnowledge, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.coding.circumstances import circumstances, of_one_type
from digitizer.coding.combine import combinations, integral_to
from digitizer.coding.finding import Finding
from digitizer.coding.measures import measures
from digitizer.coding.obstetrics import REPLACES, complicating, stage
from digitizer.coding.refine import refines
from digitizer.coding.weigh import weigh

Made = Mapping[str, CodeSuggestion]

TOGETHER = "are coded together as"
_OF_THE_PREGNANT = ("O", "Z3A", "Z37")
_NEWBORN = re.compile(
    r"\bday of life\b|\bDOL\b|\b(?:h|hrs?|hours) of life\b"
    r"|^(?:full |pre)?-?term (?:\w+ )?(?:male|female|boy|girl|infant|neonate)\b(?![^.\n]*delivered)"
    r"|\bnewborn (?:male|female|boy|girl|exam|nursery)\b|\bbaby (?:boy|girl)'?s? [A-Z]",
    re.IGNORECASE | re.MULTILINE,
)
"""What only a newborn's own chart says."""

IN_PREGNANCY = "in pregnancy:"
"""Words of the reasons of codes that are made of other codes."""


def apply_rules(
    made: Made, document: Document, knowledge: CodeKnowledge
) -> dict[str, CodeSuggestion]:
    """All rules in turn; a code is never taken away, only withheld with the reason."""
    made = of_one_type(circumstances(made, document, knowledge), document, knowledge)
    made = _of_pregnancy(made, document, knowledge)
    made = _without_given_up(made)
    for rule in (_combined, _without_general, _without_integral):
        made = rule(made, knowledge)
    made = _of_the_mother(made, document)
    result = dict(made)
    for code, reason in weigh(made, document).items():
        result[code] = _withhold(made[code], reason) if reason else made[code]
    for finding in measures(document, _current(result), knowledge):
        result.setdefault(finding.code.code, _alone(finding))
    return result


def _of_the_mother(made: Made, document: Document) -> dict[str, CodeSuggestion]:
    """On the chart of a mother nothing of her newborn, and only there what came of the birth.

    On the newborn's nothing of the mother. Causes of injury beside an injury only.
    """
    mother = any(code.startswith("O") for code in _current(made))
    newborn = any(_NEWBORN.search(page.content) for page in document.pages)
    injured = any(code.startswith(("S", "T")) and code[-1] in "ABC" for code in _current(made))
    result = dict(made)
    for code in _current(made):
        if code.startswith("P") and mother and not newborn:
            result[code] = _withhold(made[code], "of the newborn")
        if newborn and code.startswith(_OF_THE_PREGNANT):
            result[code] = _withhold(made[code], "of the mother")
        if code.startswith("Z37") and not mother:
            result[code] = _withhold(made[code], "of the mother's chart")
        if code[0] in "VWXY" and not injured:
            result[code] = _withhold(made[code], "no current injury")
    return result


def _without_given_up(made: Made) -> dict[str, CodeSuggestion]:
    """Withhold a dependence on tobacco that is read only where the chart tells of its end."""
    result = dict(made)
    former = made.get("Z87.891")
    if former is None or not former.suggested:
        return result
    for code in _current(made):
        if code.startswith("F17") and all(_among(e, former.evidence) for e in made[code].evidence):
            result[code] = _withhold(made[code], "historical")
    return result


def _among(one: Evidence, others: Iterable[Evidence]) -> bool:
    return any(one.page == o.page and one.span.overlaps(o.span) for o in others)


def _of_pregnancy(
    made: Made, document: Document, knowledge: CodeKnowledge
) -> dict[str, CodeSuggestion]:
    """Add the obstetric code of what complicates a pregnancy."""
    result = dict(made)
    when = stage("\n".join(page.content for page in document.pages))
    for code in sorted(_current(made)):
        target = knowledge.code(complicating(code, when))
        if target is None or not target.billable:
            continue
        why = f"{made[code].code.title}, {IN_PREGNANCY} {target.title}"
        result[target.code] = replace(made[code], code=target, why=why)
        if code.startswith(REPLACES):
            result[code] = _withhold(made[code], f"part of {target.code}")
    return result


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
            why=f"{' and '.join(rule.parts)} {TOGETHER} {code.title}",
        )
        for part in rule.replaced:
            result[part] = _withhold(made[part], f"part of {rule.code}")
    return result


def _without_general(made: Made, knowledge: CodeKnowledge) -> dict[str, CodeSuggestion]:
    """Withhold a category's catch-all code where a more specific one of it is suggested."""
    result = dict(made)
    current = _current(made)
    for code in sorted(current):
        closer = [c for c in sorted(current) if c != code and c[:3] == code[:3]]
        catch_all = knowledge.plain(code[:3])
        if not (catch_all and catch_all.code == code):
            closer = [c for c in closer if refines(made[code].code, made[c].code)]
        if closer:
            result[code] = _withhold(made[code], f"{closer[0]} is more specific")
    return result


def _without_integral(made: Made, _: CodeKnowledge) -> dict[str, CodeSuggestion]:
    """Withhold symptoms of a suggested disease, and what another suggested code says too."""
    result = dict(made)
    current = _current(made)
    for code in current:
        if whole := integral_to(code, current):
            result[code] = _withhold(made[code], whole)
    return result


def _withhold(suggestion: CodeSuggestion, reason: str) -> CodeSuggestion:
    return replace(suggestion, suggested=False, withheld=reason)


def _together(groups: Iterable[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    places = {(e.page, e.span): e for group in groups for e in group}
    return tuple(places[place] for place in sorted(places))


def _alone(finding: Finding) -> CodeSuggestion:
    return CodeSuggestion(
        code=finding.code, score=finding.score, evidence=(finding.evidence,), why=finding.why
    )
