"""The stage that says what a page's header and sections are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import ClassVar

from digitizer.chart.page import Header, Page, PageKind
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.errors import ConfigError
from digitizer.text.check_digit import METHODS, holds
from digitizer.text.headers import TWO_PATIENTS, HeaderRules, read_header
from digitizer.text.layout import printed_lines
from digitizer.text.sections import BODY, build_sections, find_headings
from digitizer.text.titles import Titles
from digitizer.text.vocabulary import Vocabulary

FAILED = "a record number fails its check digit: it was misread, or is none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Reads each page's own header and its sections; it infers nothing from other pages.

    `mrn_check` names how the last digit of a record number proves the others, one of METHODS, or is
    "" where it does not: a number that fails is not taken, and the page says so.
    """

    mrn_check: str = ""

    name: ClassVar[str] = "structure"
    version: ClassVar[str] = "5"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"text"})
    gives: ClassVar[frozenset[str]] = frozenset({"header", "sections"})

    def open(self, resources: Resources) -> PageReader:
        """Load the vocabularies of `models`; ConfigError where one is missing or malformed, or
        for a check that there is not.
        """
        if self.mrn_check and self.mrn_check not in METHODS:
            known = ", ".join(METHODS)
            raise ConfigError(f"no check digit {self.mrn_check!r}; there is: {known}")
        return PageStructure(
            headings=Vocabulary.load(resources.models / "sections" / "sections.tsv"),
            openings=Vocabulary.load(resources.models / "sections" / "openings.tsv"),
            rules=HeaderRules(
                labels=Vocabulary.load(resources.models / "headers" / "labels.tsv"),
                titles=Titles.load(resources.models / "doc_types"),
            ),
            mrn_check=self.mrn_check,
        )


def _today() -> date:
    return datetime.now(tz=UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStructure:
    """Fills `header` and `sections` of a page that has text; other pages pass unchanged."""

    headings: Vocabulary
    openings: Vocabulary
    rules: HeaderRules
    mrn_check: str = ""
    today: Callable[[], date] = _today

    def __call__(self, page: Page) -> Page:
        """The page with its header and sections."""
        if page.kind is not PageKind.CONTENT or page.text is None:
            return page
        lines = printed_lines(page.text)
        headings = find_headings(lines, self.headings, self.openings)
        top = read_header(page.text, headings, self.rules, today=self.today())
        header, failed = checked(top.header, self.mrn_check)
        body = self.rules.titles.bodies.get(top.header.doc_type or "", BODY)
        sections = build_sections(len(page.content), headings, top.end, body)
        two = ("patient", TWO_PATIENTS) in top.header.reasons
        told = (f"{TWO_PATIENTS} in the header" if two else "", FAILED if failed else "")
        warnings = (*page.warnings, *filter(None, told))
        return replace(page, header=header, sections=sections, warnings=warnings)


def checked(header: Header, method: str) -> tuple[Header, bool]:
    """The header without a record number that fails its check, and whether it had one."""
    number = header.patient.mrn
    if not method or number is None or holds(number, method):
        return header, False
    reasons = (*(r for r in header.reasons if r[0] != "mrn"), ("mrn", FAILED))
    return replace(header, patient=replace(header.patient, mrn=None), reasons=reasons), True
