"""From pages to documents: where each begins, and whose it is.

A page joins the document before it only for a reason that is kept, and never against what it
prints. Where the reasons run out, the page becomes a document of its own without a patient: a
person can join what was parted, but hardly sees what was joined wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import ClassVar

from digitizer.chart.document import MISFILE, OTHER, Document
from digitizer.chart.page import Header, Page, PageKind
from digitizer.chart.patient import PatientRef
from digitizer.chart.sheet import Sheet
from digitizer.chart.stage import Assembler, Resources, Scope
from digitizer.chart.text import Section
from digitizer.errors import ConfigError
from digitizer.text.headers import TWO_PATIENTS
from digitizer.text.identity import Match, compare
from digitizer.text.misfile import flagged
from digitizer.text.reconcile import consolidate, prints_within, reconcile
from digitizer.text.sections import BODY, HEADER
from digitizer.text.sheets import MRN, SEPARATORS, SheetRules, behind, sheet_document

EVERYDAY = SheetRules()
# Titles that are as often the heading of a part of another document.
_PARTS = frozenset({"medication_list", "problem_list", "lab_report"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assemble:
    """Groups the pages of a file into documents.

    `mrn` is the pattern of the record numbers in the hospital's own bar codes, `separators` are the
    values of bar codes that part documents; our own sheets need neither.
    """

    mrn: str = MRN
    separators: tuple[str, ...] = SEPARATORS

    name: ClassVar[str] = "assemble"
    version: ClassVar[str] = "5"
    scope: ClassVar[Scope] = Scope.ASSEMBLE
    needs: ClassVar[frozenset[str]] = frozenset({"text", "header", "sections"})
    gives: ClassVar[frozenset[str]] = frozenset({"documents"})

    def open(self, _resources: Resources) -> Assembler:
        """Read the pattern; ConfigError where it is none."""
        try:
            rules = SheetRules(re.compile(self.mrn), frozenset(self.separators))
        except re.error as error:
            raise ConfigError(f"the assemble option mrn is no pattern: {error}") from None
        return partial(assemble, rules=rules)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a page joins the document before it, why, and what a person should look at."""

    joins: bool
    why: str
    warning: str = ""


def _joined(why: str, warning: str = "") -> _Verdict:
    return _Verdict(joins=True, why=why, warning=warning)


def _apart(why: str, warning: str = "") -> _Verdict:
    return _Verdict(joins=False, why=why, warning=warning)


@dataclass(frozen=True, slots=True)
class _Draft:
    """Pages that belong together so far, and why each of them is here."""

    pages: tuple[Page, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def patient(self) -> PatientRef:
        """What the pages so far print, the first page that prints a field first."""
        return consolidate(self.pages)[0]


def assemble(pages: Sequence[Page], rules: SheetRules = EVERYDAY) -> tuple[Document, ...]:
    """The documents of a file, in page order.

    Blank and unreadable pages belong to none. A cover or separator sheet is a document of its own,
    and nothing that was known before it holds after it.
    """
    content = [page for page in pages if page.kind is PageKind.CONTENT]
    return tuple(chain.from_iterable(_stack(*parts) for parts in _batches(content, rules)))


def document_of(pages: Sequence[Page]) -> Document:
    """The document that these pages are when a person says that they belong together."""
    return _document(_Draft(tuple(pages), ("by a person",) * len(pages)))


def _header(page: Page) -> Header:
    return page.header or Header()


def _stack(first: Page | None, sheet: Sheet, batch: Sequence[Page]) -> Iterator[Document]:
    """The documents of a sheet and of the pages behind it."""
    documents = flagged(reconcile([_document(draft) for draft in _drafts(batch)]))
    if first is None:
        yield from documents
        return
    cover = sheet_document(_document(_Draft((first,), ("a sheet",))), sheet)
    yield cover
    yield from behind(cover, sheet, documents)


def _batches(
    pages: Sequence[Page], rules: SheetRules
) -> Iterator[tuple[Page | None, Sheet, list[Page]]]:
    """Each sheet with the pages behind it, up to the next.

    A bar code that parts documents may also stick to a page of a chart: that begins a batch too.
    """
    first, current = None, Sheet()
    batch: list[Page] = []
    for page in pages:
        sheet = rules.sheet(page)
        if sheet or rules.coded(page):
            yield first, current, batch
            first, current = (page, sheet) if sheet else (None, Sheet())
            batch = [] if sheet else [page]
        else:
            batch.append(page)
    yield first, current, batch


def _drafts(batch: Sequence[Page]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for page, following in _with_rest(batch):
        verdict = _verdict(drafts, page, following) if drafts else _apart("first page")
        warnings = (verdict.warning,) if verdict.warning else ()
        if drafts and verdict.joins:
            last = drafts[-1]
            drafts[-1] = replace(
                last,
                pages=(*last.pages, page),
                reasons=(*last.reasons, verdict.why),
                warnings=(*last.warnings, *warnings),
            )
        else:
            drafts.append(_Draft((page,), (verdict.why,), warnings))
    return drafts


def _with_rest(batch: Sequence[Page]) -> Iterator[tuple[Page, Sequence[Page]]]:
    for index, page in enumerate(batch):
        yield page, batch[index + 1 :]


def _verdict(drafts: Sequence[_Draft], page: Page, following: Sequence[Page]) -> _Verdict:
    """Whether `page` belongs to the document of the pages before it, the last of `drafts`."""
    draft = drafts[-1]
    header, last = _header(page), _header(draft.pages[-1])
    match = compare(_known_of(drafts), header.patient)
    if ("patient", TWO_PATIENTS) in header.reasons:
        return _apart("it names two patients", f"{MISFILE}: {TWO_PATIENTS}")
    if why := _why_apart(drafts, header, match):
        return _apart(why)
    if _only_born(draft, header.patient):
        return _apart("the page before it tells a birth date alone, and may be another patient's")
    if header.page_number:
        return _by_number(header.page_number, last.page_number, len(draft.pages))
    if header.doc_type and header.patient.known:
        return _apart("its own title and patient header")
    if match is not Match.UNKNOWN:
        return _joined(f"no title of its own, and the patient is the {match}")
    return _unnamed(drafts, page, following)


def _why_apart(drafts: Sequence[_Draft], header: Header, match: Match) -> str | None:
    """What a page prints that keeps it from the pages before it, whatever else it prints."""
    if match is Match.OTHER:
        return "another patient"
    if header.page_number == 1:
        return "printed page number 1"
    if _other_kind(drafts[-1], header, match):
        return "a title of another kind"
    if _other_day(drafts[-1], header):
        return "another encounter date"
    if header.patient.known and not _may_name(drafts, header.patient):
        return "the page before it names nobody and may be another patient's"
    return None


def _only_born(draft: _Draft, patient: PatientRef) -> bool:
    """Whether a page names its patient, and the pages before it print nothing but a birth date.

    Unless its record number stands there within another word, nothing says that they are one.
    """
    before = draft.patient
    if before.name or before.mrn or not before.dob or patient.dob or not patient.known:
        return False
    return not (patient.mrn and any(prints_within(page, patient.mrn) for page in draft.pages))


def _known_of(drafts: Sequence[_Draft]) -> PatientRef:
    """What is printed of the last document's patient, on its pages or on the patient's before."""
    patient = drafts[-1].patient
    alike = (d.patient for d in reversed(drafts[:-1]) if compare(d.patient, patient) is Match.SAME)
    before = next(alike, patient)
    return PatientRef(
        name=patient.name or before.name,
        dob=patient.dob or before.dob,
        mrn=patient.mrn or before.mrn,
        sex=patient.sex,
    )


def _may_name(drafts: Sequence[_Draft], patient: PatientRef) -> bool:
    """Whether a page of `patient` may say whose the pages of the last draft are.

    Pages that name nobody are named by a later page only where they began a document, and no
    other patient came before them.
    """
    *before, last = drafts
    if last.patient.known:
        return True
    header = _header(last.pages[0])
    named = next((d.patient for d in reversed(before) if d.patient.known), PatientRef())
    begun = header.doc_type or header.page_number
    return bool(begun) and compare(named, patient) is not Match.OTHER


def _other_kind(draft: _Draft, header: Header, match: Match) -> bool:
    """Whether the page has a title of another kind, and not a heading that reads like one."""
    types = {_header(page).doc_type for page in draft.pages} - {None}
    if not header.doc_type or header.doc_type in types:
        return False
    return bool(types) and (header.doc_type not in _PARTS or match is not Match.UNKNOWN)


def _other_day(draft: _Draft, header: Header) -> bool:
    days = [day for page in draft.pages if (day := _header(page).encounter_date)]
    return bool(days and header.encounter_date and header.encounter_date not in days)


def _by_number(number: int, before: int | None, pages: int) -> _Verdict:
    """A page with a printed number above one goes behind the page before it, if that has less."""
    expected = (before or pages) + 1
    if number == expected:
        return _joined("its printed page number follows")
    if before and number <= before:
        return _apart("its printed page number starts over", "a page may be out of order")
    return _joined("its printed page number is higher", "a page may be missing")


def _unnamed(drafts: Sequence[_Draft], page: Page, following: Sequence[Page]) -> _Verdict:
    """A page that names nobody joins what surely goes on, or what no other patient follows."""
    draft = drafts[-1]
    if _runs_on(draft.pages[-1], page):
        return _joined("the sentence of the page before runs on")
    named = next((p for p in following if _header(p).patient.known), None)
    if named and compare(draft.patient, _header(named).patient) is Match.OTHER:
        return _apart("it names nobody and stands between two patients", _NOBODY)
    if _stands_alone(drafts):
        return _apart("it names nobody and follows the only pages of a patient", _NOBODY)
    if not draft.patient.known:
        return _joined("neither it nor the page before names a patient")
    return _joined("it has no header, and no other patient follows")


def _stands_alone(drafts: Sequence[_Draft]) -> bool:
    """Whether the last document is its patient's only one, and others before it another's."""
    *before, last = (draft.patient for draft in drafts)
    named = [patient for patient in before if patient.known]
    alike = (Match.SAME, Match.MISREAD)
    return last.known and bool(named) and all(compare(p, last) not in alike for p in named)


_NOBODY = "the page names no patient and stands between two: none was taken"


def _runs_on(before: Page, page: Page) -> bool:
    """Whether the text before stops within a sentence that this page takes up in lower case."""
    ends = before.content.rstrip()[-1:]
    starts = re.search(r"[^\W\d_]", page.content)
    return ends.isalpha() and ends.islower() and bool(starts and starts.group().islower())


def _document(draft: _Draft) -> Document:
    patient, reasons = consolidate(draft.pages)
    headers = [_header(page) for page in draft.pages]
    return Document(
        pages=tuple(_carried(draft.pages)),
        doc_type=_first(header.doc_type for header in headers) or OTHER,
        patient=patient,
        encounter_date=next((h.encounter_date for h in headers if h.encounter_date), None),
        provider=_first(header.provider for header in headers),
        facility=_first(header.facility for header in headers),
        reasons=(*_page_reasons(draft), *reasons),
        warnings=tuple(dict.fromkeys(draft.warnings)),
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _page_reasons(draft: _Draft) -> Iterator[tuple[str, str]]:
    for page, why in zip(draft.pages, draft.reasons, strict=True):
        yield f"page {page.number}", why
    for header in map(_header, draft.pages[:1]):
        yield from header.reasons


def _carried(pages: Sequence[Page]) -> Iterator[Page]:
    """The pages, where text under no heading goes on with the section of the page before."""
    yield pages[0]
    kind = _last_kind(pages[0], BODY)
    for page in pages[1:]:
        sections = tuple(
            replace(section, kind=kind) if _is_bare(section) else section
            for section in page.sections or ()
        )
        carried = page if page.sections is None else replace(page, sections=sections)
        kind = _last_kind(carried, kind)
        yield carried


def _is_bare(section: Section) -> bool:
    return section.kind == BODY and not len(section.heading)


def _last_kind(page: Page, before: str) -> str:
    """The kind of section that a page ends in; a signature or header ends every section."""
    kinds = [section.kind for section in page.sections or () if section.kind != HEADER]
    if not kinds:
        return before
    return kinds[-1] if kinds[-1] != "signature" else BODY
