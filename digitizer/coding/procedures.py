"""Procedures that were done at this visit: ICD-10-PCS of stays, HCPCS, CPT and charges of others.

ICD-10-PCS goes by our own table. The other systems are there only where they were imported, and a
code of them is suggested where its published words hold all that the chart says. A procedure that
is past, planned or only offered is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from digitizer.chart.clinical import Entity, Label, Presence, Time
from digitizer.chart.coding import (
    CPT,
    HCPCS,
    ICD10PCS,
    LOCAL,
    Code,
    CodeKnowledge,
    CodeMatch,
    CodeSuggestion,
)
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import Finding, evidence_at
from digitizer.coding.phrases import unsaid
from digitizer.coding.procedure_table import LENGTH, Procedures, coded, read_procedures
from digitizer.coding.surroundings import sentence_of
from digitizer.coding.words import stems

TABLE = "lexicon/procedures.tsv"
LISTED = 0.7
"""Score of a listed procedure, medium: too few are on the charts at hand to measure it."""
WORDED = 0.6
MOST_UNSAID = 2
"""Words of a published title that the chart may leave unsaid."""

NO_SETTING = "ICD-10-PCS is of inpatient stays, and the setting is not known"

_HEADED = frozenset({"procedure"})
_NOT_NOW = frozenset(
    {
        "past_surgical_history", "past_medical_history", "family_history", "plan", "instructions",
        "indication", "risks", "social_history", "allergies", "return_precautions", "follow_up",
        "history_of_present_illness", "problem_list", "reason_for_visit", "chief_complaint",
        "health_maintenance", "preoperative_diagnosis", "advance_directives",
    }
)  # fmt: skip
_DONE = re.compile(
    r"\b(?:underwent|undergone|performed|was done|were done|was placed|were placed|inserted|placed"
    r"|received|taken (?:back )?to (?:the )?(?:or\b|operating|cath)|was given|were given|transfused"
    r"|intubated|delivered|implanted|deployed|completed|s/p|status post|pod ?#?\d)",
    re.IGNORECASE,
)
_BEFORE_NOW = re.compile(
    r"\b(?:in (?:19|20)\d\d|years? ago|months? ago|previous\w*|prior|history of|h/o|hx|remote\w*"
    r"|outside hospital|last year|as a child|childhood)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:given|administered|received|inject(?:ed|ion)|infus(?:ed|ion)|im x ?1|iv x ?1)\b",
    re.IGNORECASE,
)
_ROUTE = re.compile(r"\b(?:iv|im|sc|sq|subq|subcut\w*|intraven\w*|intramusc\w*|inject\w*)\b", re.I)


def open_procedures(
    models: Path, knowledge: CodeKnowledge, systems: Collection[str]
) -> Callable[[Document], tuple[CodeSuggestion, ...]]:
    """Read the table where ICD-10-PCS is wanted; returns what suggests procedures of `systems`."""
    table = read_procedures(models / TABLE) if ICD10PCS in systems else None
    worded = tuple(s for s in (HCPCS, CPT, LOCAL) if s in systems and s in knowledge.systems)
    return lambda document: procedures(document, table, worded, knowledge)


def procedures(
    document: Document,
    table: Procedures | None,
    worded: Sequence[str],
    knowledge: CodeKnowledge,
) -> tuple[CodeSuggestion, ...]:
    """One suggestion for each code of a procedure that was done, those that hold first."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in _found(document, table, worded, knowledge):
        found.setdefault((finding.code.system, finding.code.code), []).append(finding)
    made = [_suggestion(findings) for findings in found.values()]
    return tuple(sorted(made, key=lambda s: (not s.suggested, -s.score, s.code.code)))


def _found(
    document: Document, table: Procedures | None, worded: Sequence[str], knowledge: CodeKnowledge
) -> Iterator[Finding]:
    if table and (document.inpatient or document.setting is None):
        withheld = "" if document.inpatient else NO_SETTING
        for page in document.pages:
            if page.text is not None:
                yield from _listed(document, page, table, knowledge, withheld)
    if document.inpatient:
        return
    for system in worded:
        yield from _named(document, system, knowledge)
    if HCPCS in worded:
        yield from _given(document, knowledge)


def _listed(
    document: Document, page: Page, table: Procedures, knowledge: CodeKnowledge, withheld: str
) -> Iterator[Finding]:
    content = page.content
    for span, name in table.names.find(content):
        if not _done_now(document, page, span):
            continue
        text = _around(page, span)
        for template in table.codes[name]:
            made, lacking = coded(template, text)
            code = _code(knowledge, made)
            if code:
                why = f"\u201c{_said(content, span)}\u201d is {code.title}"
                reason = f"the chart does not say the {lacking}" if lacking else withheld
                evidence = evidence_at(document, page.number, span)
                yield Finding(code=code, score=LISTED, evidence=evidence, withheld=reason, why=why)


def _code(knowledge: CodeKnowledge, made: str) -> Code | None:
    """The code, or of a beginning what its codes have in common, which is not billable."""
    if len(made) == LENGTH:
        return knowledge.code(made, ICD10PCS)
    below = knowledge.beginning(made, ICD10PCS)
    if not below:
        return None
    shared = [
        one
        for one, other in zip(below[0].title.split(), below[-1].title.split(), strict=False)
        if one == other
    ]
    title = f"{' '.join(shared).rstrip(',')} …"
    return Code(system=ICD10PCS, code=made, title=title, billable=False)


def _done_now(document: Document, page: Page, span: TextSpan) -> bool:
    """Whether what stands at `span` was done at this visit, as far as the text says."""
    kinds = {s.kind for s in page.sections or () if s.span.overlaps(span)}
    around = sentence_of(page.content, span)
    sentence = around.of(page.content)
    if kinds & _NOT_NOW or unsaid(page.content, span) or _BEFORE_NOW.search(sentence):
        return False
    if kinds & _HEADED:
        return True
    operative = document.doc_type == "operative_note"
    inside = document.doc_type == "discharge_summary" or "hospital_course" in kinds or operative
    return inside and bool(_DONE.search(sentence))


def _around(page: Page, span: TextSpan) -> str:
    """The words that may decide: of the sentence, and under a heading of procedures of all."""
    headed = [s for s in page.sections or () if s.kind in _HEADED and s.span.overlaps(span)]
    if headed:
        return headed[0].span.of(page.content)
    return sentence_of(page.content, span).of(page.content)


def _named(document: Document, system: str, knowledge: CodeKnowledge) -> Iterator[Finding]:
    """Procedures whose words a title of the system holds, all of them and few others."""
    for entity in document.entities or ():
        if entity.label is not Label.PROCEDURE or not _current(entity):
            continue
        page = document.page(entity.page)
        if not page.content or not _done_now_or_headed(document, page, entity.span):
            continue
        if match := _closest(knowledge.search(entity.text, 10, system), stems(entity.text)):
            yield _worded(document, entity, match)


def _done_now_or_headed(document: Document, page: Page, span: TextSpan) -> bool:
    sentence = sentence_of(page.content, span).of(page.content)
    return _done_now(document, page, span) or (
        bool(_DONE.search(sentence))
        and not unsaid(page.content, span)
        and not _BEFORE_NOW.search(sentence)
    )


def _given(document: Document, knowledge: CodeKnowledge) -> Iterator[Finding]:
    """Medicines given by a needle at the visit, by HCPCS's own names for injections."""
    for entity in document.entities or ():
        if entity.label is not Label.MEDICATION or not _current(entity):
            continue
        content = document.page(entity.page).content
        sentence = sentence_of(content, entity.span).of(content)
        if not (_GIVEN.search(sentence) and _ROUTE.search(sentence)):
            continue
        if not content or unsaid(content, entity.span):
            continue
        name = entity.attribute("generic") or entity.text
        matches = knowledge.search(f"injection {name}", 10, HCPCS)
        injections = [m for m in matches if m.wording.lower().startswith("injection")]
        if match := _closest(injections, stems(name), most=99):
            yield _worded(document, entity, match)


def _closest(
    matches: Sequence[CodeMatch], words: Sequence[str], most: int = MOST_UNSAID
) -> CodeMatch | None:
    """The title that holds all the words and fewest others; `None` where two hold as few."""
    wanted = set(words)
    fit = [
        (len(set(stems(match.wording)) - wanted), match)
        for match in matches
        if match.code.billable and wanted and wanted <= set(stems(match.wording))
    ]
    fit = sorted((pair for pair in fit if pair[0] <= most), key=lambda pair: pair[0])
    if not fit or (len(fit) > 1 and fit[0][0] == fit[1][0]):
        return None
    single = len(wanted) == 1 and most == MOST_UNSAID and fit[0][0]
    return None if single else fit[0][1]


def _worded(document: Document, entity: Entity, match: CodeMatch) -> Finding:
    evidence = evidence_at(document, entity.page, entity.span)
    said = " ".join(evidence.text.split())
    why = f"\u201c{said}\u201d reads like \u201c{match.wording}\u201d"
    return Finding(code=match.code, score=WORDED, evidence=evidence, withheld="", why=why)


def _current(entity: Entity) -> bool:
    said = entity.assertion
    return said.presence is Presence.AFFIRMED and said.time is Time.CURRENT


def _said(content: str, span: TextSpan) -> str:
    return " ".join(span.of(content).split())


def _suggestion(findings: Sequence[Finding]) -> CodeSuggestion:
    held = [finding for finding in findings if not finding.withheld]
    shown = held or list(findings)
    places = {(f.evidence.page, f.evidence.span): f.evidence for f in shown}
    return CodeSuggestion(
        code=shown[0].code,
        score=shown[0].score,
        evidence=tuple(places[place] for place in sorted(places)),
        suggested=bool(held),
        withheld="" if held else shown[0].withheld,
        why=shown[0].why,
    )
