"""Takes one started job to its end: pages read and kept one by one, then documents understood."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from digitizer.chart.document import SHEET_TYPES, Document
from digitizer.chart.job import JobEvent
from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import Scope
from digitizer.errors import DigitizerError, InputError, TransientError
from digitizer.operations import paper
from digitizer.operations.collate import collated
from digitizer.operations.crew import Crew, read_document
from digitizer.operations.house import House
from digitizer.operations.progress import Finished, PageRead, Report
from digitizer.operations.read_page import read_page
from digitizer.pipeline import Runner
from digitizer.store import files
from digitizer.store import pages as page_store
from digitizer.store.files import FileRow
from digitizer.work.folder import work_folder

_NO_BACKS = "no back sides came in time: it was read as scanned, fronts only"
_OUR_FAULT = "digitizer failed on it ({}): the original is safe; report this, then try it again"


@dataclass(frozen=True, slots=True)
class Digitizing:
    """The work on one file."""

    house: House
    crew: Crew
    row: FileRow
    report: Report

    def run(self) -> None:
        """Do it all, and move the job to where it ends; raises nothing that a file can cause."""
        started = time.monotonic()
        try:
            with work_folder(self.house.home.work, str(self.row.id)) as folder:
                self._read_pages(folder)
            finished = self._understand()
        except InputError as error:
            finished = self._end(JobEvent.REJECTED, str(error))
        except TransientError as error:
            finished = self._stumble(str(error))
        except DigitizerError as error:
            finished = self._end(JobEvent.GAVE_UP, str(error))
        except Exception as error:  # noqa: BLE001 - our bug must not stop the other files
            finished = self._end(JobEvent.GAVE_UP, _OUR_FAULT.format(type(error).__name__))
        self.report(replace(finished, seconds=time.monotonic() - started))

    @property
    def _runner(self) -> Runner:
        return self.crew.runner(self.row.pipeline, released=bool(self.row.released))

    # reading

    def _read_pages(self, folder: Path) -> None:
        """Read every page that earlier tries have not kept; keep each as soon as it is read."""
        read_by = self._runner.pipeline.fingerprint(Scope.READ, Scope.PAGE)
        with self.house.store.read() as tx:
            kept = page_store.numbers(tx, self.row.id, read_by)
        for page in self._read_side_by_side(folder, kept):
            with self.house.store.begin() as tx:
                page_store.save(tx, self.row.id, page, read_by)
            self.report(PageRead(source=self.row.source, number=page.number, kind=page.kind))

    def _read_side_by_side(self, folder: Path, kept: frozenset[int]) -> Iterator[Page]:
        """Pages in order, with a few being read ahead: enough for all workers, never the file."""
        ahead = 2 * self.house.home.settings.work.workers
        under_way: deque[tuple[Page, Future[Page]]] = deque()
        for page in self._open(folder):
            if page.number in kept:
                _drop_image(page)
                continue
            under_way.append((page, self.crew.pages.submit(read_page, self.row.pipeline, page)))
            if len(under_way) >= ahead:
                yield self._collect(*under_way.popleft())
        while under_way:
            yield self._collect(*under_way.popleft())

    def _open(self, folder: Path) -> Iterator[Page]:
        fronts = self._open_one(self.row, folder)
        if not self.row.backs:
            return fronts
        with self.house.store.read() as tx:
            backs = files.get(tx, self.row.backs)
        turned = folder / "backs"
        turned.mkdir()
        return collated(fronts, self._open_one(backs, turned))

    def _open_one(self, row: FileRow, folder: Path) -> Iterator[Page]:
        return self._runner.open_file(self.house.blobs.path(row.sha256 or ""), folder)

    def _collect(self, page: Page, future: Future[Page]) -> Page:
        """The page as it was read; one that fails by itself is unreadable, its file goes on."""
        try:
            try:
                return self.crew.pages.result(future)
            except TransientError:  # perhaps another page's worker died: this one gets its own try
                return self.crew.pages.result(
                    self.crew.pages.submit(read_page, self.row.pipeline, page)
                )
        except InputError as error:
            return _unreadable(page, str(error))
        except TransientError as error:
            if self.row.attempts < self.house.home.settings.work.tries:
                raise
            return _unreadable(page, str(error))
        finally:
            _drop_image(page)

    # understanding

    def _understand(self) -> Finished:
        """Group the pages, analyse each document, and keep all of it with the job's last move."""
        with self.house.store.read() as tx:
            pages = tuple(page_store.every(tx, self.row.id))
        warnings = _warnings(pages)
        if self.row.backs == files.NO_BACKS:
            warnings = (_NO_BACKS, *warnings)
        documents = tuple(self._analyse(d) for d in self._runner.assemble(pages))
        with self.house.store.begin() as tx:
            paper.keep(tx, self.row.id, self.row.sha256 or "", documents)
            files.move(tx, self.row.job, JobEvent.FINISHED, "; ".join(warnings))
        suggested = [s for d in documents for s in d.suggestions or () if s.suggested]
        return replace(
            self._finished(),
            pages=len(pages),
            documents=len(documents),
            suggestions=len(suggested),
        )

    def _analyse(self, document: Document) -> Document:
        if document.doc_type in SHEET_TYPES:
            return replace(document, entities=(), suggestions=(), tumors=(), phi=())
        return self.crew.analysis.result(
            self.crew.analysis.submit(read_document, self.row.pipeline, document)
        )

    # ending

    def _stumble(self, reason: str) -> Finished:
        work = self.house.home.settings.work
        if self.row.attempts >= work.tries:
            return self._end(JobEvent.GAVE_UP, f"{reason} (tried {self.row.attempts} times)")
        wait = work.retry_seconds * 2 ** (self.row.attempts - 1)
        return self._end(JobEvent.STUMBLED, reason, not_before=time.time() + wait)

    def _end(self, event: JobEvent, reason: str, not_before: float = 0.0) -> Finished:
        with self.house.store.begin() as tx:
            files.move(tx, self.row.job, event, reason, not_before)
        return self._finished()

    def _finished(self) -> Finished:
        with self.house.store.read() as tx:
            row = files.get(tx, self.row.id)
        return Finished(source=row.source, outcome=row.outcome, reason=row.reason)


def _drop_image(page: Page) -> None:
    if page.image is not None:
        for image in page.image.parent.glob(f"{page.image.stem}*"):
            image.unlink(missing_ok=True)


def _unreadable(page: Page, why: str) -> Page:
    warning = f"page {page.number} could not be read: {why}"
    return replace(page, kind=PageKind.UNREADABLE, image=None, warnings=(*page.warnings, warning))


def _warnings(pages: Sequence[Page]) -> tuple[str, ...]:
    """What is wrong with the file; InputError where not one of its pages could be read."""
    warnings = tuple(warning for page in pages for warning in _damage(page))
    if all(page.kind is PageKind.UNREADABLE for page in pages):
        raise InputError(warnings[0] if warnings else "it has no pages: scan the paper again")
    return warnings


def _damage(page: Page) -> tuple[str, ...]:
    """What is missing of a page: all that was said of an unreadable one, else what opening said."""
    if page.kind is PageKind.UNREADABLE:
        return page.warnings
    return page.steps[0].warnings if page.steps else ()
