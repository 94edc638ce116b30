"""Statuses: what medicines, allergies and turns of phrase say beside the problems.

"On apixaban" is a long-term use of anticoagulants, "PCN allergy" an allergy status, "quit smoking"
a former dependence. The table is `models/lexicon/statuses.tsv`, with the lexicon's Z codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitizer.chart.clinical import Entity, Label, Presence, Time
from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import Finding, by_page, evidence_at
from digitizer.coding.history import TOLD
from digitizer.coding.lexicon import Lexicon
from digitizer.coding.phrases import Phrases, phrases, unsaid
from digitizer.coding.surgery import no_past_surgery
from digitizer.coding.surroundings import sentence_of
from digitizer.coding.tsv import rows_of
from digitizer.errors import ConfigError

KINDS = ("drug", "allergy", "phrase")
LISTED = 0.72
"""Score of a status that is said outright: medium, for of 35 on charts and notes 30 were right."""

TAKEN = "is taken"
"""Words of the reason of a status that taking a medicine is."""

ON_AN_ALLERGY_LIST = "on an allergy list only"
_HEADED = re.compile(r"\ballerg(?:ies|y)\b[^.\n]{0,40}:", re.IGNORECASE)
ON_A_LIST = "on a medication list only"
_LISTS = frozenset({"medications", "medication_list", "home_medications", "discharge_medications"})
_SHORT = re.compile(
    r"\b(?:taper|burst|x ?\d+ ?d|for \d+ (?:more )?days|\d+[- ]day|one dose|once\b|stat\b|prn"
    r"|as needed|x\d\b|iv push|bolus|today only|premed\w*|sliding scale|injection today)",
    re.IGNORECASE,
)
_ON_THE_SPOT = re.compile(
    r"\b(?:cream|ointment|lotion|gel|foam|shampoo|topical\w*|otic|ophthalmic|drops|nasal|spray|inhal\w*"
    r"|nebuli?[sz]\w*|suppositor\w+|rectal\w*|enema|intra-?articular|patch test|mouthwash|%)",
    re.IGNORECASE,
)
"""Forms of a medicine that act where they are put, and not on the whole body."""

_QUIT = re.compile(
    r"\b(?:former|ex|past|prior|previous)\b"
    r"|(?<!to )(?<!not )(?<!never )\b(?:quit|stopped|gave up)\b",
    re.IGNORECASE,
)
_QUIT_CODE = "Z87.891"
_VACCINATED, _GIVEN = "Z23", re.compile(r"\b(?:given|administered|received|today)\b", re.IGNORECASE)
_NOT_NOW = frozenset({"negated", "family", "possible", "hypothetical"})
_NOT_SAID = frozenset({"risks", "return_precautions", "instructions", "insurance"})
_PAST = ("Z86", "Z87", "Z80", "Z81", "Z82", "Z83", "Z84")


@dataclass(frozen=True, slots=True)
class Statuses:
    """The table, ready to be asked; `terms` are the lexicon's names of Z codes."""

    drugs: tuple[tuple[str, str], ...]
    allergens: tuple[tuple[str, str], ...]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    terms: Phrases

    def drug(self, name: str) -> str:
        """The status that taking a medicine for long is; "" where it is none."""
        return _named(name, self.drugs)

    def allergy(self, name: str) -> str:
        """The status of being allergic to something; "" where no code names it."""
        return _named(name, self.allergens)


def read_statuses(path: Path, lexicon: Lexicon) -> Statuses:
    """Read the table; ConfigError with the line where it is malformed or missing."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for kind, what, code in _rows(path):
        names = [what] if kind == "phrase" else [name.strip() for name in what.split(",")]
        found[kind] += [(name, code) for name in names]
    return Statuses(
        drugs=tuple(found["drug"]),
        allergens=tuple(found["allergy"]),
        patterns=tuple((_compiled(what), code) for what, code in found["phrase"]),
        terms=phrases(t.term for t in lexicon.terms if _stands_alone(t.term, t.code, t.context)),
    )


def _stands_alone(term: str, code: str, context: tuple[str, ...]) -> bool:
    return code.startswith("Z") and not context and (" " in term or len(term) > 4)


def _compiled(what: str) -> re.Pattern[str]:
    spaced = re.sub(r"(?<!\[) (?!\?|\||\))", r"\\s+", what)
    return re.compile(rf"(?<![\w-])(?:{spaced})(?![\w])", re.IGNORECASE)


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    for number, cells in rows_of(path):
        if cells[0] == "kind":
            continue
        if len(cells) != 3 or cells[0] not in KINDS:
            raise ConfigError(f"{path.name}, line {number}: expected kind, what, code")
        yield cells[0], cells[1], cells[2]


def _named(name: str, listed: Iterable[tuple[str, str]]) -> str:
    low = " ".join(name.lower().split())
    for pattern, code in listed:
        if low == pattern or (pattern.endswith("*") and low.startswith(pattern[:-1])):
            return code
    return ""


def statuses(
    document: Document, table: Statuses, knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[Finding]:
    """Every status that the document says, those that do not hold with the reason."""
    for entity in document.entities or ():
        if entity.label is Label.MEDICATION:
            yield from _medicine(document, entity, table, knowledge)
        elif entity.label is Label.ALLERGY:
            yield from _allergy(document, entity, table, knowledge)
    problems = by_page(e for e in document.entities or () if e.label is Label.PROBLEM)
    for page in document.pages:
        if page.text is not None:
            beside = problems.get(page.number, ())
            yield from _told(document, page, beside, table, knowledge, lexicon)


def _medicine(
    document: Document, entity: Entity, table: Statuses, knowledge: CodeKnowledge
) -> Iterator[Finding]:
    code = table.drug(entity.attribute("generic") or entity.text)
    said = entity.assertion
    if not code or said.presence is not Presence.AFFIRMED or said.time is not Time.CURRENT:
        return
    content = document.page(entity.page).content
    line = content[entity.span.start : _line_end(content, entity.span.end)]
    own = re.split(r"[,;.] ", line, maxsplit=1)[0]
    if _SHORT.search(line) or _ON_THE_SPOT.search(own) or entity.attribute("duration"):
        return
    withheld = unsaid(content, entity.span)
    if withheld:
        return
    if entity.section in _LISTS or document.doc_type == "medication_list":
        withheld = ON_A_LIST
    yield from _finding(document, entity.page, entity.span, code, withheld, knowledge, TAKEN)


def _allergy(
    document: Document, entity: Entity, table: Statuses, knowledge: CodeKnowledge
) -> Iterator[Finding]:
    if not entity.assertion.current:
        return
    code = table.allergy(entity.attribute("generic") or entity.text)
    code = code or table.allergy(entity.text)
    content = document.page(entity.page).content
    before = content[content.rfind("\n", 0, entity.span.start) + 1 : entity.span.start]
    listed = entity.section.startswith("allerg") or _HEADED.search(before)
    withheld = ON_AN_ALLERGY_LIST if listed else ""
    if code:
        yield from _finding(
            document, entity.page, entity.span, code, withheld, knowledge, "as an allergy is"
        )


def _told(
    document: Document,
    page: Page,
    problems: Sequence[Entity],
    table: Statuses,
    knowledge: CodeKnowledge,
    lexicon: Lexicon,
) -> Iterator[Finding]:
    content = page.content
    for pattern, code in table.patterns:
        for match in pattern.finditer(content):
            span = TextSpan(match.start(), match.end())
            yield from _phrase(document, page, problems, span, code, knowledge)
    for span, term in table.terms.find(content):
        listed = lexicon.find(term)
        if listed:
            yield from _phrase(document, page, problems, span, listed.code, knowledge)


def _phrase(
    document: Document,
    page: Page,
    problems: Sequence[Entity],
    span: TextSpan,
    code: str,
    knowledge: CodeKnowledge,
) -> Iterator[Finding]:
    withheld = unsaid(page.content, span)
    for entity in problems:
        if entity.span.overlaps(span) and not withheld:
            word = entity.assertion.word
            given_up = word == "negated" and code == _QUIT_CODE
            said_not = word in _NOT_NOW or (word == "historical" and code.startswith("Z22"))
            given = code == _VACCINATED and _GIVEN.search(span.of(page.content))
            withheld = word if said_not and not given_up and not given else ""
    if code.startswith("F17") and _QUIT.search(sentence_of(page.content, span).of(page.content)):
        withheld = "historical"
    kinds = {s.kind for s in page.sections or () if s.span.overlaps(span)}
    if "family_history" in kinds:
        withheld = "family"
    if not withheld and kinds & _NOT_SAID:
        withheld = "hypothetical"
    if not withheld and code.startswith(_PAST) and not code.startswith((*TOLD, _QUIT_CODE)):
        withheld = "historical"
    withheld = withheld or no_past_surgery(code, document, page, span)
    yield from _finding(document, page.number, span, code, withheld, knowledge, "is listed as")


def _finding(
    document: Document,
    page: int,
    span: TextSpan,
    code: str,
    withheld: str,
    knowledge: CodeKnowledge,
    how: str,
) -> Iterator[Finding]:
    known = knowledge.code(code)
    if known and known.billable:
        evidence = evidence_at(document, page, span)
        said = " ".join(evidence.text.split())
        why = f"\u201c{said}\u201d {how} {known.title}"
        yield Finding(code=known, score=LISTED, evidence=evidence, withheld=withheld, why=why)


def _line_end(content: str, at: int) -> int:
    end = content.find("\n", at)
    return end if end >= 0 else len(content)
