"""Keeps what people do with the paper of a scan, and the documents that their arrangement makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from digitizer.chart.correction import grounds
from digitizer.chart.document import Document
from digitizer.chart.page import PageKind
from digitizer.chart.paper import ARRANGING, Group, Paper, PaperAct, PaperStep, fault_of, folded
from digitizer.chart.people import Permission, User
from digitizer.chart.review import (
    DECIDABLE,
    Action,
    Decision,
    Query,
    ReviewEvent,
    ReviewState,
    effective,
)
from digitizer.errors import OutdatedError, UsageError
from digitizer.operations.chart import chart_in, note_view
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.arrange import regrouped
from digitizer.store import Transaction, anew, documents, files, papers, reviews
from digitizer.store import audit as audit_store
from digitizer.store import pages as page_store
from digitizer.store.documents import StoredDocument
from digitizer.store.files import FileRow
from digitizer.store.outbox import page_changed
from digitizer.store.papers import PaperRow
from digitizer.text.assemble import document_of

Pages = Mapping[str, tuple[int, ...]]
"""The pages of each document of a scan, by its id."""

_WAS_PRINCIPAL = "it was the principal diagnosis of the chart that it came from"

_ARRANGED = Decision(action=Action.NOTE, target="", text="the pages of this chart were arranged")
"""Kept with each chart whose pages changed, so that nobody signs pages that they have not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheaf:
    """A scan as its paper is shown: `kinds` names every page, `documents` are without pages."""

    file_id: int
    source: str
    kinds: Mapping[int, PageKind]
    paper: Paper
    documents: Sequence[StoredDocument]

    @property
    def unchecked(self) -> Sequence[int]:
        """The pages that nobody has judged."""
        return [number for number in self.kinds if number not in self.paper.checks]

    @property
    def again(self) -> Sequence[int]:
        """The pages to be scanned again."""
        checks = self.paper.checks
        return [n for n in self.kinds if n in checks and checks[n].act is PaperAct.AGAIN]

    @property
    def may_go(self) -> bool:
        """Whether every page was judged to be scanned well, so that the paper is not needed."""
        return not self.unchecked and not self.again


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The paper of one scan as the list shows it; `good` and `again` count judged pages."""

    file_id: int
    source: str
    place: str
    pages: int
    good: int
    again: int

    @property
    def unchecked(self) -> int:
        """How many pages nobody has judged."""
        return self.pages - self.good - self.again

    @property
    def may_go(self) -> bool:
        """Whether every page was judged to be scanned well."""
        return self.good == self.pages


def stacks(house: House, who: User) -> Sequence[Stack]:
    """The paper of every scan that was digitized, oldest first.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        pages, known = page_store.counts(tx), papers.rows(tx)
        digitized = documents.by_file(tx)
        return [
            _stack(row, pages.get(row.id, 0), known.get(row.id))
            for row in files.every(tx)
            if row.id in digitized
        ]


def next_to_check(house: House, who: User, after: int = 0) -> int | None:
    """The scan whose pages are to be checked next, behind scan `after`; `None` where none is.

    Raises:
        AccessError: `who` may not see charts.
    """
    waiting = [stack.file_id for stack in stacks(house, who) if stack.unchecked]
    behind = [file_id for file_id in waiting if file_id > after]
    return next(iter([*behind, *waiting]), None)


def open_sheaf(house: House, who: User, file_id: int) -> Sheaf:
    """The scan, its documents noted in the audit trail as viewed.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such scan.
    """
    require(who, Permission.VIEW)
    with house.store.begin() as tx:
        sheaf = _sheaf(tx, file_id)
        for document in sheaf.documents:
            note_view(tx, who, document.id)
    return sheaf


def take_step(house: House, who: User, file_id: int, seen: int, step: PaperStep) -> Sheaf:
    """The scan after the step; `seen` is the version of its paper that `who` looked at.

    Raises:
        AccessError: `who` may not.
        OutdatedError: somebody took a step since; nothing was done.
        UsageError: it cannot be done so, or a chart that it changes is signed off.
    """
    require(who, Permission.CORRECT)
    with house.store.begin() as tx:
        take_step_in(tx, who, file_id, seen, step)
        return _sheaf(tx, file_id)


def take_step_in(tx: Transaction, who: User, file_id: int, seen: int, step: PaperStep) -> None:
    """The same within a transaction, for who may; raises as it."""
    read, paper = _paper(tx, file_id)
    if paper.version != seen:
        raise OutdatedError("somebody changed this scan meanwhile: look at it, then go on")
    if fault := fault_of(paper, step, sorted(page_store.all_numbers(tx, file_id))):
        raise UsageError(fault)
    made = papers.add(tx, file_id, seen + 1, step, who.name)
    after = folded([numbers for numbers, _ in read], (*paper.history, made))
    if after.groups != paper.groups or after.turns != paper.turns:
        _arrange(tx, file_id, read, after, who)
    if after.place != paper.place:
        _announce(tx, file_id)
    papers.summarise(tx, file_id, after)
    audit_store.note(tx, actor=who.name, action="paper", subject=_said(file_id, made))


def keep(tx: Transaction, file_id: int, sha256: str, read: Sequence[Document]) -> None:
    """Keep documents that were read, in the arrangement that people gave to their pages."""
    steps = papers.steps(tx, file_id)
    if not any(step.act in ARRANGING for step in steps):
        documents.replace_all(tx, file_id, sha256, read)
        _ask_anew(tx, file_id, [tuple(p.number for p in d.pages) for d in read])
        return
    sorting = [(tuple(page.number for page in document.pages), document) for document in read]
    papers.keep_sorting(tx, file_id, sorting)
    _regroup(tx, file_id, sorting, folded([numbers for numbers, _ in sorting], steps))
    _ask_anew(tx, file_id, [numbers for numbers, _ in sorting])


def _ask_anew(tx: Transaction, file_id: int, sorted_so: Sequence[Group]) -> None:
    """Have those documents understood anew that people arranged or whose text they corrected."""
    for key, pages in documents.pages_by_document(tx, file_id).items():
        if pages not in sorted_so or grounds(reviews.decisions(tx, key)):
            anew.ask(tx, key)


def _paper(tx: Transaction, file_id: int) -> tuple[papers.Sorting, Paper]:
    """How the machine sorted the scan, and its paper."""
    read = papers.sorting(tx, file_id) or documents.sorting(tx, file_id)
    return read, folded([numbers for numbers, _ in read], papers.steps(tx, file_id))


def _sheaf(tx: Transaction, file_id: int) -> Sheaf:
    kinds = page_store.kinds(tx, file_id)
    if not kinds:
        raise UsageError("there is no such scan")
    _, paper = _paper(tx, file_id)
    found = [documents.bare(tx, key) for key in documents.of_file(tx, file_id)]
    return Sheaf(
        file_id=file_id,
        source=files.get(tx, file_id).source,
        kinds=kinds,
        paper=paper,
        documents=tuple(each for each in found if each is not None),
    )


def _arrange(tx: Transaction, file_id: int, read: papers.Sorting, after: Paper, who: User) -> None:
    """Make the documents anew, and let decisions go with the pages that they are about."""
    if papers.sorting(tx, file_id) is None:
        papers.keep_sorting(tx, file_id, read)
    before = documents.pages_by_document(tx, file_id)
    _regroup(tx, file_id, read, after, dict(documents.sorting(tx, file_id)))
    now = documents.pages_by_document(tx, file_id)
    changed = {key for key, pages in before.items() if now.get(key) != pages}
    _check_open(tx, changed, now)
    _check_heads(tx, before, now)
    for key, pages in before.items():
        for home, has in now.items():
            if home != key and set(pages) & set(has):
                _move_decisions(tx, key, home, frozenset(has), who)
        _move_queries(tx, key, now, who)
    for key, pages in now.items():
        documents.correct(tx, key)
        if before.get(key) != pages:
            anew.ask(tx, key)
    for key in changed & set(now):
        reviews.decide(tx, reviews.get(tx, key), _ARRANGED, who.name)


def _regroup(
    tx: Transaction,
    file_id: int,
    read: papers.Sorting,
    paper: Paper,
    kept: Mapping[Group, Document] = MappingProxyType({}),
) -> None:
    pages = page_store.some(tx, file_id, page_store.all_numbers(tx, file_id))
    made = regrouped(read, paper.groups, pages, document_of, kept)
    sha256 = files.get(tx, file_id).sha256 or ""
    documents.replace_all(tx, file_id, sha256, made, paper.turns)


def _check_open(tx: Transaction, changed: Collection[str], now: Pages) -> None:
    """Refuse to change a chart that is signed, or to tear the words of an open query apart."""
    for key in changed:
        state = reviews.get(tx, key).state
        if state not in DECIDABLE:
            raise UsageError(f"the chart {key} is {state}: reopen it first")
        if any(query.open and not _lies_in(query, now) for query in reviews.queries(tx, key)):
            raise UsageError(
                f"a query on {key} cites pages that would lie in two charts: enter its answer or "
                "withdraw it first"
            )


def _lies_in(query: Query, now: Pages) -> str:
    """The document that has all pages which a query cites; "" where none has."""
    cited = {indicator.page for indicator in query.indicators}
    return next((key for key, pages in now.items() if cited <= set(pages)), "")


def _move_queries(tx: Transaction, key: str, now: Pages, who: User) -> None:
    """The queries of a chart go with the pages they cite; so does it that the chart waits."""
    for query in reviews.queries(tx, key):
        home = _lies_in(query, now) or (key if key in now else _first_cited(query, now))
        if home in (key, ""):
            continue
        reviews.move_query(tx, query, home)
        said = f"{key} query {query.id} to {home}"
        audit_store.note(tx, actor=who.name, action="query moved", subject=said)
        if query.open:
            _wait(tx, home)
            _wait_no_longer(tx, key)


def _first_cited(query: Query, now: Pages) -> str:
    """Where an answered query goes whose chart is gone and whose words lie in several."""
    first = query.indicators[0].page
    return next((key for key, pages in now.items() if first in pages), "")


def _wait(tx: Transaction, key: str) -> None:
    if reviews.get(tx, key).state is ReviewState.DIGITIZED:
        reviews.move(tx, reviews.get(tx, key), ReviewEvent.OPENED)
    reviews.move(tx, reviews.get(tx, key), ReviewEvent.ASKED)


def _wait_no_longer(tx: Transaction, key: str) -> None:
    if not any(query.open for query in reviews.queries(tx, key)):
        reviews.move(tx, reviews.get(tx, key), ReviewEvent.ANSWERED)


def _check_heads(tx: Transaction, before: Pages, now: Pages) -> None:
    """Refuse where a chart would keep its id but begin with another chart's pages, and people
    corrected either: what they said of one patient would be laid over the other's pages.
    """
    for key in set(before) & set(now):
        if before[key][0] == now[key][0] or set(before[key]) == set(now[key]):
            continue
        heads = {old for old, had in before.items() if now[key][0] in had}
        if any(_is_corrected(tx, each) for each in heads | {key}):
            raise UsageError(
                "patient, date or type of one of these charts was corrected: undo that first"
            )


def _is_corrected(tx: Transaction, key: str) -> bool:
    made = effective(reviews.decisions(tx, key))
    return any(d.action is Action.CORRECT and not d.evidence for d in made)


def _move_decisions(tx: Transaction, key: str, home: str, pages: frozenset[int], who: User) -> None:
    """What was decided on words of these pages goes to the document that they now lie in.

    A principal diagnosis that stands there stays it: the one that comes is noted on its line.
    """
    for decision in effective(reviews.decisions(tx, key)):
        spots = {evidence.page for evidence in decision.evidence}
        if spots and spots <= pages:
            if decision.action is Action.PRINCIPAL and _has_principal(tx, home):
                decision = replace(decision, action=Action.NOTE, text=_WAS_PRINCIPAL)
            reviews.carry(tx, reviews.get(tx, home), decision)
            undo = Decision(action=Action.UNDO, target=str(decision.version))
            reviews.decide(tx, reviews.get(tx, key), undo, who.name)


def _has_principal(tx: Transaction, key: str) -> bool:
    return any(line.principal for line in chart_in(tx, key).coding.confirmed)


def _stack(row: FileRow, pages: int, paper: PaperRow | None) -> Stack:
    return Stack(
        file_id=row.id,
        source=row.source,
        place=paper.place if paper else "",
        pages=pages,
        good=paper.good if paper else 0,
        again=paper.again if paper else 0,
    )


def _announce(tx: Transaction, file_id: int) -> None:
    for number in page_store.all_numbers(tx, file_id):
        page_changed(tx, file_id, number)


def _said(file_id: int, step: PaperStep) -> str:
    """The step for the audit trail; where the paper lies is no patient's word."""
    pages = ",".join(map(str, step.pages))
    return " ".join(
        filter(None, (f"scan {file_id} version {step.version}", step.act, pages, step.value))
    )
