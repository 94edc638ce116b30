"""Feeds the index from the outbox, and rebuilds it from the store, from which it is derived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from digitizer.chart.correction import corrected_text
from digitizer.chart.page import Page, PageKind
from digitizer.chart.search import PageRecord
from digitizer.config import Home
from digitizer.errors import TransientError
from digitizer.operations.house import House
from digitizer.operations.progress import Rebuilding, Report, quiet
from digitizer.registry import OURSELVES, SEARCH_BACKENDS, load
from digitizer.search.backend import IndexBroken, SearchBackend
from digitizer.search.synonyms import load_synonyms
from digitizer.store import Transaction, documents, files, outbox, papers, reviews
from digitizer.store import pages as page_store

_REPORT_PAGES = 200
"""Pages between reports of a rebuild: about half a second's work."""


def uid_of(file_id: int, number: int) -> str:
    """The index's name for a page."""
    return f"{file_id}-{number}"


def place_of(uid: str) -> tuple[int, int]:
    """The file and page that a uid names."""
    file_id, _, number = uid.partition("-")
    return int(file_id), int(number)


@contextmanager
def open_index(home: Home) -> Iterator[SearchBackend]:
    """The index of a home, by the backend that config.yaml names."""
    settings = home.settings
    backend_of = load(
        SEARCH_BACKENDS, settings.search.backend, OURSELVES | frozenset(settings.plugins)
    )
    home.index.mkdir(mode=0o700, parents=True, exist_ok=True)
    synonyms = load_synonyms(
        home.models / "lexicon" / "problems.tsv", home.models / "clinical-en" / "medications.tsv"
    )
    backend: SearchBackend = backend_of(home.index, synonyms=synonyms)
    try:
        yield backend
    finally:
        backend.close()


def feed(house: House, index: SearchBackend, report: Report = quiet) -> int:
    """Bring one batch of changed pages into the index; returns how many changes that settled.

    A change is settled only after the index has committed it, so a kill repeats it at worst.

    Raises:
        TransientError: the index is locked or its disk full; the changes wait.
    """
    try:
        return _settle(house, index)
    except IndexBroken:
        return reindex(house, index, report)


def catch_up(house: House, index: SearchBackend) -> int:
    """Bring the few changes in that wait, so that what was just decided counts for every later
    search; returns how many still wait. A backlog, and a broken index, are left to the daemon.
    """
    with house.store.read() as tx:
        waiting = outbox.count(tx)
    if 0 < waiting <= house.home.settings.search.commit_pages:
        with suppress(TransientError):
            return max(0, waiting - _settle(house, index))
    return waiting


def _settle(house: House, index: SearchBackend) -> int:
    """Bring one batch in. Pages are looked up while nobody else writes: none is put in as it was
    before somebody else put it in as it is.
    """
    with house.store.read() as tx:
        changes = outbox.waiting(tx, house.home.settings.search.commit_pages)
    if not changes:
        return 0
    places = {(change.file_id, change.number) for change in changes}
    gone: list[str] = []

    def records() -> Iterator[PageRecord]:
        with house.store.read() as tx:
            for place in sorted(places):
                record = record_of(tx, *place)
                if record is None:
                    gone.append(uid_of(*place))
                else:
                    yield record

    index.update(records(), gone)
    with house.store.begin() as tx:
        outbox.settled(tx, changes[-1].seq)
    return len(changes)


def tend(house: House, index: SearchBackend, report: Report = quiet) -> bool:
    """Let the index keep itself fast and whole, in idle moments; returns whether there was work."""
    try:
        return index.tend()
    except IndexBroken:
        reindex(house, index, report)
        return True


def check(house: House, index: SearchBackend, report: Report = quiet) -> int:
    """See that the index is undamaged and holds what the store says; rebuild it where not.

    Returns the pages in the rebuilt index; 0 where nothing was amiss.
    """
    with house.store.read() as tx:
        wanted, waiting = frozenset(outbox.searchable(tx)), outbox.places(tx)
    try:
        index.verify()
        held = frozenset(place_of(uid) for uid in index.uids())
    except IndexBroken:
        return reindex(house, index, report)
    return reindex(house, index, report) if (held ^ wanted) - waiting else 0


def lay_out(house: House, index: SearchBackend) -> None:
    """Make the index of a home that has read nothing yet: a search there finds nothing."""
    with house.store.read() as tx:
        nothing_read = not outbox.anything_searchable(tx)
    if nothing_read:
        with suppress(TransientError):
            index.open()


def mend(house: House, index: SearchBackend, report: Report = quiet) -> None:
    """Rebuild an index that cannot be searched in whole, unless somebody else is about it."""
    try:
        index.count()
    except IndexBroken:
        with suppress(TransientError):
            reindex(house, index, report)


def reindex(house: House, index: SearchBackend, report: Report = quiet) -> int:
    """Build the index anew from the store while the old one serves; returns the pages in it.

    Raises:
        TransientError: somebody else writes the index, or the disk is full.
    """
    with house.store.read() as tx:
        upto = outbox.last(tx)
        places = outbox.searchable(tx)
    index.rebuild(_records(house, places, report))
    with house.store.begin() as tx:
        outbox.settled(tx, upto)
    return len(places)


def record_of(tx: Transaction, file_id: int, number: int) -> PageRecord | None:
    """What the index shall know of a page; `None` where it has no text or is gone."""
    page = page_store.get(tx, file_id, number)
    if page is None or page.kind is not PageKind.CONTENT:
        return None
    return _record(tx, file_id, page)


def _records(
    house: House, places: Sequence[tuple[int, int]], report: Report
) -> Iterator[PageRecord]:
    for done, (file_id, number) in enumerate(places):
        if done % _REPORT_PAGES == 0:
            report(Rebuilding(done=done, pages=len(places)))
        with house.store.read() as tx:
            record = record_of(tx, file_id, number)
        if record is not None:
            yield record


def _record(tx: Transaction, file_id: int, page: Page) -> PageRecord:
    bare = PageRecord(
        uid=uid_of(file_id, page.number),
        document="",
        source=files.get(tx, file_id).source,
        number=page.number,
        text=page.content,
        confidence=page.confidence,
        paper=papers.row(tx, file_id).place,
    )
    found = documents.of_page(tx, file_id, page.number)
    if found is None:
        return bare
    key, document = found
    patient, here = document.patient, page.number
    return replace(
        bare,
        text=corrected_text(page.content, here, reviews.decisions(tx, key)),
        document=key,
        name=patient.name or "",
        dob=patient.dob,
        mrn=patient.mrn or "",
        also=patient.also,
        doc_type=document.doc_type,
        encounter_date=document.encounter_date,
        codes=tuple(
            suggestion.code.code
            for suggestion in document.suggestions or ()
            if suggestion.suggested and any(e.page == here for e in suggestion.evidence)
        ),
        entities=tuple(
            (entity.label.value, entity.text, entity.assertion.word)
            for entity in document.entities or ()
            if entity.page == here
        ),
    )
