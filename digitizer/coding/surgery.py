"""What past operations leave behind, such as a missing organ or an implant. Pure."""

from __future__ import annotations

import re

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan

_LEFT_BY_SURGERY = ("Z90", "Z95.2", "Z95.3", "Z95.4", "Z96.6", "Z98")
_DONE = re.compile(
    r"\b(?:s/p|status[- ]post|prior|previous|old|hx|h/o|history|had|after|following|since|post)\b"
    r"|\b(?:19|20)\d\d\b|\bage (?:of )?\d|\b\d+ (?:years?|yrs?|months?) ago\b|\bsurgical(?:ly)?\b"
    r"|\b(?:absence|status|presence|replaced|prosthe\w+|implant\w*)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:plan\w*|schedul\w+|await\w*|pending|consider\w*|candidate|suitable|needs?|offered|for)\b"
    r"[^.;\n]*$",
    re.IGNORECASE,
)
"""What stands before an operation that is to come."""


def no_past_surgery(code: str, document: Document, page: Page, span: TextSpan) -> str:
    """Why an operation that is named leaves no status to code: it is done now, or only listed.

    "" where it does, and of every code that is no such status.
    """
    if not code.startswith(_LEFT_BY_SURGERY):
        return ""
    if any(s.kind == "past_surgical_history" for s in page.sections or () if s.span.overlaps(span)):
        return "past surgery, on a list only"
    around = page.content[max(0, span.start - 40) : span.end + 20]
    before = page.content[max(0, span.start - 30) : span.start]
    done = _DONE.search(around) and not _NOT_YET.search(before)
    if document.doc_type in ("operative_note", "consent_form") or not done:
        return "no past operation"
    return ""
