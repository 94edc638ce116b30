"""The stage that says what a page's header and sections are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import ClassVar

from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.text.headers import TWO_PATIENTS, HeaderRules, read_header
from digitizer.text.layout import printed_lines
from digitizer.text.sections import BODY, build_sections, find_headings
from digitizer.text.titles import Titles
from digitizer.text.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Reads each page's own header and its sections; it infers nothing from other pages."""

    name: ClassVar[str] = "structure"
    version: ClassVar[str] = "4"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"text"})
    gives: ClassVar[frozenset[str]] = frozenset({"header", "sections"})

    def open(self, resources: Resources) -> PageReader:
        """Load the vocabularies of `models`; ConfigError where one is missing or malformed."""
        return PageStructure(
            headings=Vocabulary.load(resources.models / "sections" / "sections.tsv"),
            openings=Vocabulary.load(resources.models / "sections" / "openings.tsv"),
            rules=HeaderRules(
                labels=Vocabulary.load(resources.models / "headers" / "labels.tsv"),
                titles=Titles.load(resources.models / "doc_types"),
            ),
        )


def _today() -> date:
    return datetime.now(tz=UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStructure:
    """Fills `header` and `sections` of a page that has text; other pages pass unchanged."""

    headings: Vocabulary
    openings: Vocabulary
    rules: HeaderRules
    today: Callable[[], date] = _today

    def __call__(self, page: Page) -> Page:
        """The page with its header and sections."""
        if page.kind is not PageKind.CONTENT or page.text is None:
            return page
        lines = printed_lines(page.text)
        headings = find_headings(lines, self.headings, self.openings)
        top = read_header(page.text, headings, self.rules, today=self.today())
        body = self.rules.titles.bodies.get(top.header.doc_type or "", BODY)
        sections = build_sections(len(page.content), headings, top.end, body)
        two = ("patient", TWO_PATIENTS) in top.header.reasons
        warnings = (*page.warnings, *([f"{TWO_PATIENTS} in the header"] if two else []))
        return replace(page, header=top.header, sections=sections, warnings=warnings)
