"""The ledger of files: one row for every thing ever seen in the inbox, and the job on it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from digitizer.chart.job import OPEN_STATES, Job, JobEvent, JobState
from digitizer.store import pages
from digitizer.store.engine import Transaction
from digitizer.store.tables import FILES

IGNORED = "ignored"
DUPLICATE = "duplicate"
BACKS = "backs"
NO_BACKS = 0
_SAME_BYTES = "the same bytes were digitized before"
_AWAITED = "waits for the back sides of the stack: scan them next"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A thing that was seen in the inbox.

    `state` is a JobState, or "ignored", "duplicate", or "backs": the back sides of the file that
    has its id as `backs`, with which it is read. `name` is relative to the inbox, as the bytes that
    the file system had; `released` is 1 for a file that may pass the limits.
    """

    id: int
    name: bytes
    sha256: str | None
    state: str
    attempts: int
    reason: str
    duplicate_of: int | None
    released: int
    finished_at: str | None
    priority: int
    pipeline: str | None
    scanner: str | None
    department: str | None
    backs: int | None

    @property
    def source(self) -> str:
        """The name for showing: bytes that are no UTF-8 and control characters replaced."""
        text = self.name.decode("utf-8", "replace")
        return "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in text)

    @property
    def job(self) -> Job:
        """The work on it."""
        return Job(
            id=self.id, state=JobState(self.state), attempts=self.attempts, reason=self.reason
        )

    @property
    def outcome(self) -> str:
        """The word for people: digitized, digitized_with_warning, quarantined, ignored … ."""
        return _outcome(self.state, warned=bool(self.reason))


def _outcome(state: str, *, warned: bool) -> str:
    if state == JobState.DONE:
        return "digitized_with_warning" if warned else "digitized"
    return "quarantined" if state == JobState.FAILED else state


_COLUMNS = (
    FILES.c.id,
    FILES.c.name,
    FILES.c.sha256,
    FILES.c.state,
    FILES.c.attempts,
    FILES.c.reason,
    FILES.c.duplicate_of,
    FILES.c.released,
    FILES.c.finished_at,
    FILES.c.priority,
    FILES.c.pipeline,
    FILES.c.scanner,
    FILES.c.department,
    FILES.c.backs,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the rule of its folder says about a file; see `config.settings.FolderRule`."""

    priority: int = 0
    pipeline: str | None = None
    scanner: str | None = None
    department: str | None = None


def arrived(
    tx: Transaction,
    *,
    claim: str,
    name: bytes,
    sha256: str,
    size: int,
    written: float = 0.0,
    origin: Origin = Origin(),
    backs_seconds: float | None = None,
) -> FileRow:
    """Enter a claimed file whose bytes are safe: queued, or a known duplicate.

    With `backs_seconds`, out of a scanner that reads one side: it is the backs of the fronts that
    wait, and where none do, it is fronts that wait so long. Entering the same claim again returns
    the row that is there, so recovery may repeat it.
    """
    known = tx.execute(sa.select(*_COLUMNS).where(FILES.c.claim == claim)).one_or_none()
    if known is not None:
        return FileRow(**known._asdict())
    facts = {"name": name, "claim": claim, "sha256": sha256, "size": size, "written": written}
    facts |= asdict(origin)
    if backs_seconds is not None and (fronts := _waiting_fronts(tx, origin.scanner)):
        return _join(tx, fronts, facts)
    first = _digitized(tx, sha256)
    if first is not None:
        return _insert(tx, state=DUPLICATE, reason=_SAME_BYTES, duplicate_of=first, **facts)
    if backs_seconds is None:
        return _insert(tx, state=JobState.QUEUED, **facts)
    until = time.time() + backs_seconds
    return _insert(tx, state=JobState.WAITING, reason=_AWAITED, not_before=until, **facts)


def _waiting_fronts(tx: Transaction, scanner: str | None) -> FileRow | None:
    """The fronts, out of one scanner, whose backs come next."""
    query = sa.select(*_COLUMNS).where(
        FILES.c.state == JobState.WAITING, FILES.c.scanner == scanner
    )
    found = tx.execute(query.order_by(FILES.c.id).limit(1)).one_or_none()
    return None if found is None else FileRow(**found._asdict())


def _join(tx: Transaction, fronts: FileRow, facts: dict[str, Any]) -> FileRow:
    """Enter the backs of waiting fronts, which can be read now."""
    backs = _insert(tx, state=BACKS, reason=f"the back sides of {fronts.source}", **facts)
    tx.execute(sa.update(FILES).where(FILES.c.id == fronts.id).values(backs=backs.id))
    move(tx, fronts.job, JobEvent.JOINED)
    return backs


def wait_no_longer(tx: Transaction) -> None:
    """Let fronts be read alone whose backs have not come in time."""
    for row in in_states(tx, JobState.WAITING):
        late = sa.and_(FILES.c.id == row.id, FILES.c.not_before <= time.time())
        if tx.execute(sa.update(FILES).where(late).values(backs=NO_BACKS)).rowcount:
            move(tx, row.job, JobEvent.JOINED)


def ignored(tx: Transaction, name: bytes, reason: str) -> None:
    """Note, once, something in the inbox that is no document and is left alone."""
    seen = sa.select(FILES.c.id).where(FILES.c.name == name, FILES.c.state == IGNORED)
    if tx.execute(seen).first() is None:
        _insert(tx, name=name, state=IGNORED, reason=reason)


def get(tx: Transaction, file_id: int) -> FileRow:
    """One row; sqlalchemy.exc.NoResultFound where there is none."""
    found = tx.execute(sa.select(*_COLUMNS).where(FILES.c.id == file_id)).one()
    return FileRow(**found._asdict())


def every(tx: Transaction) -> Sequence[FileRow]:
    """All rows in the order of arrival."""
    return [
        FileRow(**row._asdict()) for row in tx.execute(sa.select(*_COLUMNS).order_by(FILES.c.id))
    ]


def newest(tx: Transaction, limit: int) -> Sequence[FileRow]:
    """What is being read first, then what arrived last."""
    running = FILES.c.state == JobState.RUNNING
    query = sa.select(*_COLUMNS).order_by(running.desc(), FILES.c.id.desc()).limit(limit)
    return [FileRow(**row._asdict()) for row in tx.execute(query)]


def in_states(tx: Transaction, *states: JobState) -> Sequence[FileRow]:
    """The rows in one of the states, in the order of arrival."""
    query = sa.select(*_COLUMNS).where(FILES.c.state.in_(states)).order_by(FILES.c.id)
    return [FileRow(**row._asdict()) for row in tx.execute(query)]


def counts(tx: Transaction) -> dict[str, int]:
    """Number of rows by outcome."""
    warned = sa.and_(FILES.c.state == JobState.DONE, FILES.c.reason != "")
    query = sa.select(FILES.c.state, warned, sa.func.count()).group_by(FILES.c.state, warned)
    found: Counter[str] = Counter()
    for state, with_warning, number in tx.execute(query):
        found[_outcome(state, warned=with_warning)] += number
    return dict(found)


class Lane(StrEnum):
    """Whose turn it is when several jobs wait; a higher priority goes first in both."""

    OLDEST = "oldest"  # who waits longest
    SMALL = "small"  # only small files, the last written first: never behind a burst or thick chart


SMALL_BYTES = 4 << 20
"""A file that may overtake: a few pages, even as uncompressed gray at 300 dpi."""


def take_next(tx: Transaction, lane: Lane = Lane.OLDEST) -> FileRow | None:
    """Start the next job of a lane that may be tried now; `None` when there is none.

    Of several files with the same bytes one is worked on at a time; once it is digitized, the
    others turn out as duplicates, and if it is bad, so is each of them.
    """
    while found := tx.execute(_ready(lane)).one_or_none():
        row = FileRow(**found._asdict())
        first = _digitized(tx, row.sha256)
        if first is None:
            return get(tx, row.id) if move(tx, row.job, JobEvent.STARTED) else None
        _is_duplicate(tx, row.id, first)
    return None


def _is_duplicate(tx: Transaction, file_id: int, first: int) -> None:
    """What earlier tries have kept of it goes: it is all there under the first."""
    pages.drop(tx, file_id)
    tx.execute(
        sa.update(FILES)
        .where(FILES.c.id == file_id)
        .values(state=DUPLICATE, reason=_SAME_BYTES, duplicate_of=first, finished_at=_now())
    )


def _ready(lane: Lane) -> sa.Select[Any]:
    other = FILES.alias("other")
    same_bytes_first = sa.exists().where(
        other.c.sha256 == FILES.c.sha256,
        other.c.id != FILES.c.id,
        sa.or_(
            other.c.state == JobState.RUNNING,
            sa.and_(other.c.id < FILES.c.id, other.c.state.in_(OPEN_STATES)),
        ),
    )
    ready = sa.select(*_COLUMNS).where(
        FILES.c.state.in_([JobState.QUEUED, JobState.RETRYING]),
        FILES.c.not_before <= time.time(),
        ~same_bytes_first,
    )
    if lane is Lane.SMALL:
        ready = ready.where(FILES.c.size <= SMALL_BYTES).order_by(
            FILES.c.priority.desc(), FILES.c.written.desc(), FILES.c.id.desc()
        )
    else:
        ready = ready.order_by(FILES.c.priority.desc(), FILES.c.not_before, FILES.c.id)
    return ready.limit(1)


def _digitized(tx: Transaction, sha256: str | None) -> int | None:
    """The file that was digitized from these bytes, as its own or as its back sides."""
    backs = FILES.alias("backs")
    its_backs = sa.exists().where(backs.c.id == FILES.c.backs, backs.c.sha256 == sha256)
    done = sa.select(FILES.c.id).where(
        FILES.c.state == JobState.DONE, sa.or_(FILES.c.sha256 == sha256, its_backs)
    )
    return tx.scalar(done.order_by(FILES.c.id).limit(1))


def move(
    tx: Transaction, job: Job, event: JobEvent, reason: str = "", not_before: float = 0.0
) -> bool:
    """Make a move of the job, if it is still in the state it was read in; says whether it was."""
    after = job.after(event, reason)
    done = tx.execute(
        sa.update(FILES)
        .where(FILES.c.id == job.id, FILES.c.state == job.state)
        .values(
            state=after.state,
            attempts=after.attempts,
            reason=after.reason,
            not_before=not_before,
            finished_at=None if after.state in OPEN_STATES else _now(),
        )
    )
    return done.rowcount == 1


def recover(tx: Transaction) -> int:
    """Queue again what a killed process was running; returns how many."""
    return sum(move(tx, row.job, JobEvent.LOST) for row in in_states(tx, JobState.RUNNING))


def release(tx: Transaction, file_id: int) -> None:
    """Let a file past the limits from now on: a person vouches for it."""
    tx.execute(sa.update(FILES).where(FILES.c.id == file_id).values(released=1))


def open_jobs(tx: Transaction) -> int:
    """How many jobs are queued, running or waiting for another try."""
    query = sa.select(sa.func.count()).where(FILES.c.state.in_(OPEN_STATES))
    return int(tx.scalar(query) or 0)


def oldest_waiting(tx: Transaction) -> str | None:
    """When the file arrived that has waited longest; `None` where none waits."""
    query = sa.select(sa.func.min(FILES.c.arrived_at)).where(FILES.c.state.in_(OPEN_STATES))
    found: str | None = tx.scalar(query)
    return found


def finished_a_day(tx: Transaction) -> Sequence[tuple[str, bool, int]]:
    """How many files ended on each day (UTC, ISO 8601), digitized or refused."""
    day = sa.func.substr(FILES.c.finished_at, 1, 10)
    good = FILES.c.state == JobState.DONE
    ended = FILES.c.state.in_([JobState.DONE, JobState.QUARANTINED, JobState.FAILED])
    query = sa.select(day, good, sa.func.count()).where(ended).group_by(day, good)
    return [(when, bool(well), number) for when, well, number in tx.execute(query)]


def _insert(tx: Transaction, **values: object) -> FileRow:
    row = {"attempts": 0, "not_before": 0.0, "reason": "", "arrived_at": _now(), **values}
    done = tx.execute(sa.insert(FILES).values(**row))
    (key,) = done.inserted_primary_key or (None,)
    return get(tx, int(key or 0))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
