"""Which pages are cover or separator sheets by their bar codes, and what that means behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from digitizer.chart.document import DOC_TYPES, MISFILE, OTHER, SHEET_TYPES, Document
from digitizer.chart.page import Header, Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.sheet import COVER, SEPARATOR, Sheet, sheet_of
from digitizer.text.identity import Match, compare, differ

MRN = r"(?!\d{4}-\d\d-\d\d$)[A-Z]{0,3}-?\d[\d-]{4,12}\d"
"""Six digits or more, with hyphens and up to three letters before them; no date."""

SEPARATORS = ("PATCHT", "PATCH T", "PATCH I", "PATCH II", "SEPARATOR")
"""Patch T parts documents; it and its siblings are what document scanners print and look for."""

CONTENT_WORDS = 60
"""Of 60 sample files, 38 sheets were read as 40 words at most, and 17 of 245 pages of charts as 60
or fewer: on these a sticker that parts documents makes a sheet of its page."""

MISFILE_BEHIND = f"{MISFILE}: the page names another patient than the sheet before it"
UNLIKE_ITS_CODE = f"{MISFILE}: the sheet prints another record number than its bar code says"
FROM_SHEET = "from the bar code of the sheet before it"


@dataclass(frozen=True, slots=True)
class SheetRules:
    """How a hospital's own bar codes read: `mrn` is a pattern, `separators` are whole values.

    A value may have several fields, parted by "|", "^", ";" or ","; the first that fits `mrn` is
    the record number.
    """

    mrn: re.Pattern[str] = re.compile(MRN)
    separators: frozenset[str] = frozenset(SEPARATORS)

    def sheet(self, page: Page) -> Sheet | None:
        """The sheet that the page is, by its bar codes or its print; `None` for other pages.

        A page that prints a chart's text is no sheet, whatever sticks to it. A bare record number
        makes no sheet: it counts where the page prints as one.
        """
        coded = None if _is_content(page) else self.coded(page)
        printed = (page.header or Header()).doc_type
        if printed not in SHEET_TYPES:
            return coded
        kind = COVER if COVER in (printed, coded.kind if coded else None) else SEPARATOR
        sheet = replace(coded, kind=kind) if coded else Sheet(kind=kind)
        return sheet if sheet.mrn or kind != COVER else replace(sheet, mrn=self._number(page))

    def coded(self, page: Page) -> Sheet | None:
        """What a bar code of ours, or one configured, says; a cover before a separator."""
        ours = [sheet for code in page.barcodes if (sheet := sheet_of(code.value))]
        covers = {sheet for sheet in ours if sheet.kind == COVER}
        if len(covers) > 1:  # two sheets in one: neither is to be believed
            return Sheet(kind=COVER)
        if covers:
            return covers.pop()
        configured = any(code.value in self.separators for code in page.barcodes)
        return Sheet() if ours or configured else None

    def _number(self, page: Page) -> str | None:
        """The record number in the page's bar codes, where they say one and no other."""
        values = [re.split(r"[|^;,]", code.value) for code in page.barcodes]
        found = {next(filter(self.mrn.fullmatch, fields), None) for fields in values} - {None}
        return found.pop() if len(found) == 1 else None


def _is_content(page: Page) -> bool:
    printed = (page.header or Header()).doc_type
    return printed not in SHEET_TYPES and len(page.content.split()) > CONTENT_WORDS


def sheet_document(document: Document, sheet: Sheet) -> Document:
    """The document of a sheet: its bar code outweighs its print, and a contradiction is said."""
    document = replace(document, doc_type=sheet.kind, encounter=sheet.encounter)
    coded = PatientRef(mrn=sheet.mrn)
    if not sheet.mrn or compare(coded, document.patient) is Match.SAME:
        return document
    nearly = replace(document.patient, dob=None), replace(coded, name=document.patient.name)
    if document.patient.mrn and compare(*nearly) is not Match.MISREAD:
        return replace(document, warnings=(*document.warnings, UNLIKE_ITS_CODE))
    patient = replace(document.patient, mrn=sheet.mrn)
    reasons = (*document.reasons, ("mrn", "from the sheet's bar code"))
    return replace(document, patient=patient, reasons=reasons)


def behind(cover: Document, sheet: Sheet, documents: Sequence[Document]) -> list[Document]:
    """The documents behind a cover sheet, with what its bar code adds to what they print.

    Nothing that a page prints is changed but how a record number is written, and one misread
    character of it. Where
    any document names another patient than the sheet, or two of them differ, the stack is in
    doubt: then nobody's number is filled in. One that only a bad scan tells from the sheet's
    patient is not called misfiled.
    """
    if not sheet.mrn or UNLIKE_ITS_CODE in cover.warnings:
        return list(documents)
    matches = [compare(cover.patient, document.patient) for document in documents]
    pairs = combinations([document.patient for document in documents], 2)
    doubt = Match.OTHER in matches or any(compare(*pair) is Match.OTHER for pair in pairs)
    told = [_told(d, cover.patient, m, doubt) for d, m in zip(documents, matches, strict=True)]
    return told if doubt else [_typed(d, sheet, alone=len(told) == 1) for d in told]


def _told(document: Document, patient: PatientRef, match: Match, doubt: bool) -> Document:  # noqa: FBT001 - private
    if match is Match.OTHER and differ(patient, document.patient):
        reasons = (*document.reasons, ("patient", MISFILE_BEHIND))
        warnings = tuple(dict.fromkeys((*document.warnings, MISFILE_BEHIND)))
        return replace(document, reasons=reasons, warnings=warnings)
    if doubt or document.patient.mrn == patient.mrn:
        return document
    filled = replace(document.patient, mrn=patient.mrn)
    return replace(document, patient=filled, reasons=(*document.reasons, ("mrn", FROM_SHEET)))


def _typed(document: Document, sheet: Sheet, *, alone: bool) -> Document:
    """With the sheet's encounter, and its type where the document has none and is the only one."""
    document = replace(document, encounter=sheet.encounter)
    if not alone or document.doc_type != OTHER or sheet.doc_type not in DOC_TYPES:
        return document
    reasons = (*document.reasons, ("doc_type", FROM_SHEET))
    return replace(document, doc_type=sheet.doc_type, reasons=reasons)
