"""Whether a finding is the patient's now: its assertion, and what stands right beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitizer.chart.clinical import Entity, Experiencer, Presence, Time
from digitizer.chart.coding import Code
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.history import TOLD
from digitizer.coding.passages import listed
from digitizer.coding.surgery import no_past_surgery
from digitizer.coding.surroundings import sentence_of

_ASKED_AFTER = re.compile(r"^\s?\?")
_ASKED_BEFORE = re.compile(r"\?\s?$")
_HAD = re.compile(
    r"\b(?:had|suffered|underwent|treated for|hospitalized for|after|following|recovered from)\b"
    r"[^.;:]{0,40}$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"^[^.;,]{0,25}\b(?:in|of|since)? ?\(?(?:(?:19|20)\d\d|at (?:the )?age|in childhood"
    r"|as an? (?:child|infant|teen\w*|toddler|baby)|\d+ years ago)",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"^\s*(?:as an?|in her|in his) "
    r"(?:newborn|infant|child|baby|teen\w*|toddler|youth|childhood|twenties)"
    r"|^\s*(?:in|during) (?:(?:high|grade|middle|elementary) school|college|childhood|infancy)\b"
    r"|^\s*(?:was |were )?(?:fully |successfully )?treated (?:\w+ ){0,4}(?:in|back in|around)"
    r" (?:19|20)\d\d",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"^[^.;,]{0,30}\b(?:removed|excised|resected|cured)\b(?! (?:today|from the specimen))",
    re.IGNORECASE,
)
_TO_BE = re.compile(
    r"\b(?:to be|will be|plan\w*|await\w*|for) (?:\w+ )?(?:removed|excised|resected)", re.IGNORECASE
)
_TREATED = re.compile(
    r"\w+(?:ectomy|plasty)\b|\bresect\w+|\bexcis\w+|\bconserv\w+ (?:therapy|surgery)"
    r"|\bradi(?:ation|otherapy)|\bXRT\b|\bchemo\w*|\bbrachytherapy|\bsurgery\b|\btreated\b",
    re.IGNORECASE,
)
_SAID_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOLD_AS_PAST = re.compile(
    r"\b(?:was|were|had|underwent|treated|completed|diagnosed|s/p|status[- ]post)\b", re.IGNORECASE
)
_GONE = re.compile(
    r"\b(?:no|without)(?: evidence of| sign of)? (?:recurren\w+|disease|metasta\w+|residual)",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:current\w*|now|today|ongoing|active|recur\w*|relaps\w*|progress\w*|metasta\w+|mets"
    r"|residual|persist\w*|refractory|continu\w+|receiv(?:es|ing)|undergoing|maintenance|cycle"
    r"|scheduled|plan\w*|will|await\w*|new(?:ly)?|stage iv|untreated|remains?|takes?|on)\b",
    re.IGNORECASE,
)
"""What says that a cancer of long ago is there or is treated still."""

YEARS = 2
"""After so many years a cancer that was treated is told as past."""

_FAVOURED = re.compile(r"^\s*(?:is |was )?(?:favou?red|suspected)\b", re.IGNORECASE)
_TUMOR = re.compile(r"\b(?:tumou?rs?|mass(?:es)?|lesions?|growth|nodules?)\b", re.IGNORECASE)
_MALIGNANT = re.compile(
    r"malig|cancer|carcin|sarcoma|metast|neuroendocrine|germ cell|stromal|wilms|ewing|klatskin"
    r"|pancoast|phyllodes|brain tumou?r|blastoma",
    re.IGNORECASE,
)
_NODES = re.compile(r"\bnodes?\b", re.IGNORECASE)
_METS = re.compile(r"\bmets?\b|\bpositive\b|\binvolve", re.IGNORECASE)
_SPREAD = ("C77", "C78", "C79")
"""Beginnings of the codes of metastases."""

_NO_SPREAD = re.compile(
    r"[^:.;,\n]{0,60}:\s*(?:[yr]?[cp]?[NM][0Xx]\b"
    r"|(?i:not|no(?! change| new)|n/?a|none|negative|absent|cannot|unknown|0)\b)"
)
_SOME_SPREAD = re.compile(
    r"\bp?N[1-3]|\b[1-9]\d*\s*(?:/|(?:out )?of)\s*\d|\b(?i:positive|involved)\b"
)
"""What rows of a pathologist's report answer: "Regional Lymph Nodes (pN): pN0"."""

_BOX = re.compile(r"\[ ?[xX]? ?\]")
_FORM = 6
"""From so many check-boxes on, a page is a form."""
_JOINS = re.compile(r"[,/&]|\b(?:with|and|or|due|of|in)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:,? ?(?:and )?[A-Z]{2,5})*\s*(?:is |was |are )?"
    r"(?:neg\b|negative|immune|non-?immune|vaccin\w+"
    r"|booster|shots?\b|titers?|screen(?:ing)? (?:was )?neg\w*|serolog\w+|test\w* neg\w*|mechanism)"
)
"""What follows a name that is only tested for or guarded against: "rubella immune", "HCV neg"."""

_LASTING = (
    "C",
    "E10",
    "E11",
    "E78",
    "I10",
    "I48",
    "I50",
    "J44",
    "N18",
    "F2",
    "G20",
    "G35",
    "G40",
    "M05",
    "M06",
    "K50",
    "K51",
    "D86",
)
"""Beginnings of what goes on, though it began in a year that is past."""

_ONLY_LOOKED_FOR = re.compile(
    r"\b(?:consider\w*|screen\w*|test\w*|check\w*|evaluat\w*|assess\w*|work-?up|ddx|differential)\b",
    re.IGNORECASE,
)
"""Cues of what was thought of, which do not make a diagnosis probable at discharge (II.H)."""

_SPREAD_OR_BLOOD = ("C77", "C78", "C79", "C8", "C9")
"""Beginnings of cancers that have spread, or have codes of their own for what is in remission."""

_OLD = (*TOLD, "M23.2")
"""Beginnings of codes that are of old events."""


def withheld(entity: Entity, document: Document, found: Code) -> str:
    """Why the finding is not a current one of the patient: "family", "possible" …; "" if it is.

    Of inpatients "possible" counts (guideline II.H), a question mark does not.
    """
    said, code = entity.assertion, found.code
    content = document.page(entity.page).content
    if not _holds(entity, document, content) and not _past_by_itself(entity, found, content):
        return said.word
    around = sentence_of(content, entity.span)
    before = content[around.start : entity.span.start]
    after = content[entity.span.end : around.end + 2]
    if code.startswith("C") and _TUMOR.search(entity.text) and not _MALIGNANT.search(entity.text):
        return "not said to be malignant"
    if code.startswith(_SPREAD) and (reason := _no_spread(entity, content)):
        return reason
    if _unboxed(content, entity, document.entities or ()):
        return "its check-box was not read"
    if _ABOUT.search(after):
        return Presence.NEGATED.value
    if _ASKED_AFTER.search(after) or _ASKED_BEFORE.search(before):
        return Presence.POSSIBLE.value
    if _FAVOURED.search(after) and not document.inpatient:
        return Presence.POSSIBLE.value
    if _gone_by(code, before, after) or _treated_then(code, document, entity):
        return Time.HISTORICAL.value
    return no_past_surgery(code, document, document.page(entity.page), entity.span)


def _no_spread(entity: Entity, content: str) -> str:
    """Why a row that names where a tumor may spread to does not say that it has; "" if it does."""
    over = content.find("\n", entity.span.end)
    row = content[entity.span.start : over if over >= 0 else None]
    if _NO_SPREAD.match(row):
        return Presence.NEGATED.value
    said = _MALIGNANT.search(entity.text) or _METS.search(entity.text) or _SOME_SPREAD.search(row)
    return "" if said or not _NODES.search(entity.text) else "not said to be malignant"


def _gone_by(code: str, before: str, after: str) -> bool:
    """Whether the words around a finding tell of a time when it was there, or that it was cut."""
    if code.startswith(("C4", "D0")) and _REMOVED.search(after) and not _TO_BE.search(after):
        return True
    then = _THEN.search(after) or (_HAD.search(before) and _YEAR.search(after))
    return bool(then) and not code.startswith(_LASTING)


def _treated_then(code: str, document: Document, entity: Entity) -> bool:
    """Whether a solid cancer was treated in a year long past, and nothing says that it goes on.

    The year and the treatment stand in the finding's sentence or in the one before it: "In 2006 she
    had a lumpectomy. This was for a ductal carcinoma." Such a cancer is a history (I.C.2.m).
    """
    if not code.startswith("C") or code.startswith(_SPREAD_OR_BLOOD):
        return False
    content = document.page(entity.page).content
    own = sentence_of(content, entity.span)
    last = sentence_of(content, TextSpan(max(0, own.start - 1), own.start))
    told = _GONE.sub(" ", content[last.start : own.end])
    if _STILL.search(told) or not _TOLD_AS_PAST.search(own.of(content)):
        return False
    now = document.encounter_date.year if document.encounter_date else _latest_year(content)
    return any(
        _TREATED.search(part.of(content))
        and any(int(year[0]) + YEARS <= now for year in _SAID_YEAR.finditer(part.of(content)))
        for part in (last, own)
    )


def _latest_year(content: str) -> int:
    return max((int(year[0]) for year in _SAID_YEAR.finditer(content)), default=0)


def _resolved_in_this_stay(entity: Entity, content: str) -> bool:
    """Whether a diagnosis of a stay is told as resolved: it was treated here, and is coded."""
    past = entity.assertion.time is Time.HISTORICAL
    if not past or not entity.assertion.cue_in(content).endswith("resolved"):
        return False
    return entity.section == "hospital_course" or listed(content, entity.span.start)


def _past_by_itself(entity: Entity, code: Code, content: str) -> bool:
    """Whether a code says itself what puts the finding into the past: "old", "in remission"."""
    quiet = "remission" in entity.assertion.cue_in(content) and "remission" in code.title.lower()
    past = entity.assertion.time is Time.HISTORICAL
    return past and _of_the_patient(entity) and (quiet or code.code.startswith(_OLD))


def _of_the_patient(entity: Entity) -> bool:
    said = entity.assertion
    return said.presence is Presence.AFFIRMED and said.experiencer is Experiencer.PATIENT


def _unboxed(content: str, entity: Entity, entities: Sequence[Entity]) -> bool:
    """Whether a finding stands in a row of check-boxes behind another finding's box.

    Its own box was then lost in reading, and nobody knows whether it is ticked.
    """
    span = entity.span
    start = content.rfind("\n", 0, span.start) + 1
    end = content.find("\n", span.end)
    boxes = list(_BOX.finditer(content, start, end if end >= 0 else len(content)))
    last = next((box.end() for box in reversed(boxes) if box.end() <= span.start), -1)
    if last < 0 or len(_BOX.findall(content)) < _FORM:
        return False
    between = [
        e
        for e in entities
        if e.page == entity.page and last <= e.span.start < e.span.end <= span.start
    ]
    return bool(between) and not _JOINS.search(content[between[-1].span.end : span.start])


def _holds(entity: Entity, document: Document, content: str) -> bool:
    said = entity.assertion
    if document.inpatient and _resolved_in_this_stay(entity, content):
        return _of_the_patient(entity)
    if document.inpatient and said.presence is Presence.POSSIBLE:
        if _ONLY_LOOKED_FOR.search(entity.assertion.cue_in(content)):
            return False
        return said.experiencer is Experiencer.PATIENT and said.time is Time.CURRENT
    return said.current
