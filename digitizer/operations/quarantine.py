"""What a person can do about files that were refused: list, retry, release, discard.

The daemon may run meanwhile: each act is one guarded change of the row, and the daemon finds what
was queued again by itself. Nothing here touches an original; a discarded file's bytes stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from digitizer.chart.job import JobEvent, JobState
from digitizer.errors import UsageError
from digitizer.operations.house import House
from digitizer.store import audit, files
from digitizer.store.engine import Transaction
from digitizer.store.files import FileRow

_REFUSED = (JobState.QUARANTINED, JobState.FAILED)
_LEAST_OF_A_HASH = 6  # digits of a hash that are enough to name a file
_BY_A_LIMIT = "limits."
"""A reason that a limit gave names the setting of config.yaml, so this stands in it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was refused, or discarded after that."""

    row: FileRow

    @property
    def fault(self) -> str:
        """Whose fault it is: "file", or "digitizer" where tries were used up or a bug struck."""
        return "digitizer" if self.row.state == JobState.FAILED else "file"

    @property
    def actions(self) -> tuple[str, ...]:
        """What may be done about it, the likeliest first."""
        if self.row.state == JobState.DISCARDED:
            return ("retry",)
        if _BY_A_LIMIT in self.row.reason:
            return ("release", "discard", "retry")
        return ("retry", "discard") if self.fault == "digitizer" else ("discard", "retry")

    def json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "id": self.row.id,
            "name": self.row.source,
            "sha256": self.row.sha256,
            "state": self.row.outcome,
            "since": self.row.finished_at,
            "fault": self.fault,
            "reason": self.row.reason,
            "actions": list(self.actions),
        }


def refused(house: House, *, discarded: bool = False) -> Sequence[Refused]:
    """The files that need a person, or those that were `discarded`, in the order of arrival."""
    states = (JobState.DISCARDED,) if discarded else _REFUSED
    with house.store.read() as tx:
        return [Refused(row) for row in files.in_states(tx, *states)]


def retry(house: House, keys: Iterable[str]) -> Sequence[FileRow]:
    """Read the files again, as if they had just arrived; discarded ones come back.

    Raises:
        UsageError: a key (number, hash or its beginning, or name) fits none or several of them;
            nothing was done then. So do `release` and `discard`.
    """
    return _act(house, "retry", keys, (*_REFUSED, JobState.DISCARDED), _queue_again)


def retry_all(house: House) -> Sequence[FileRow]:
    """Read all refused files again, not the discarded ones."""
    return retry(house, [str(each.row.id) for each in refused(house)])


def release(house: House, keys: Iterable[str]) -> Sequence[FileRow]:
    """Read the files again with far wider limits, because a person vouches for them.

    Raises:
        UsageError: as `retry` does; also where no limit stopped a file.
    """
    return _act(house, "release", keys, _REFUSED, _let_past)


def discard(house: House, keys: Iterable[str], because: str) -> Sequence[FileRow]:
    """Take the files off the list of what needs a person; `retry` brings them back.

    Raises:
        UsageError: as `retry` does; also where `because` is empty.
    """
    if not because.strip():
        raise UsageError('say why, for whoever asks later: --because "a test page"')

    def hide(tx: Transaction, row: FileRow) -> None:
        files.move(tx, row.job, JobEvent.DISCARDED, f"{because.strip()} (it was: {row.reason})")

    return _act(house, "discard", keys, _REFUSED, hide)


def _queue_again(tx: Transaction, row: FileRow) -> None:
    files.move(tx, row.job, JobEvent.RETRIED)


def _let_past(tx: Transaction, row: FileRow) -> None:
    if _BY_A_LIMIT not in row.reason:
        raise UsageError(
            f"no limit stopped {row.source}, so there is none to lift: {row.reason} "
            "(after a repair or an update: digitizer quarantine retry)"
        )
    files.release(tx, row.id)
    _queue_again(tx, row)


def _act(
    house: House,
    action: str,
    keys: Iterable[str],
    states: tuple[JobState, ...],
    act: Callable[[Transaction, FileRow], None],
) -> Sequence[FileRow]:
    """Do it to all files in one transaction, each with its audit event."""
    with house.store.begin() as tx:
        among = files.in_states(tx, *states)
        chosen = [_named(key, among) for key in keys]
        for row in chosen:
            act(tx, row)
            subject = f"file {row.id} {row.sha256}"
            audit.note(tx, actor=house.actor, action=action, subject=subject)
    return chosen


def _named(key: str, rows: Sequence[FileRow]) -> FileRow:
    """The row that a person means."""
    found = [row for row in rows if key in (str(row.id), row.source)]
    if not found and re.fullmatch(rf"[0-9a-f]{{{_LEAST_OF_A_HASH},64}}", key.lower()):
        found = [row for row in rows if (row.sha256 or "").startswith(key.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(row.id) for row in found)
        raise UsageError(f"{key!r} fits several files: use a number, one of {numbers}")
    raise UsageError(
        f"{key!r} fits no file that this can be done to: see digitizer quarantine list"
    )
