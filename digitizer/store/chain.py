"""The hash chain of the audit trail: each row says what came before it, so nothing can be changed.

Pure. Whoever can write to the database could still build a whole new chain, or cut the newest rows
off: only a head that was kept elsewhere (`store.seal`) shows that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64
"""What stands for the row before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """`actor` did `action` ("search", "view", "export" …) on `subject` at `at` (UTC).

    `previous` is the hash of the row before, `hash` that of this row with it (SHA-256).
    """

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the trail had come: the number and the hash of its newest row."""

    seq: int = 0
    hash: str = START


def hash_of(*, seq: int, at: str, actor: str, action: str, subject: str, previous: str) -> str:
    """The hash of a row: SHA-256 over its fields as a JSON list, which no two rows share."""
    said = json.dumps([seq, at, actor, action, subject, previous], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


def faults(events: Iterable[AuditEvent], heads: Iterable[Head] = ()) -> list[str]:
    """What is wrong with the trail, oldest first; `heads` are those kept elsewhere."""
    found, before = [], Head()
    wanted = {head.seq: head.hash for head in heads if head.seq}
    for event in events:
        found += _faults_of(event, before)
        if wanted.pop(event.seq, event.hash) != event.hash:
            found.append(f"row {event.seq} is not the one that the exported head names")
        before = Head(seq=event.seq, hash=event.hash)
    return found + [f"row {seq} is gone: an exported head names it" for seq in sorted(wanted)]


def _faults_of(event: AuditEvent, before: Head) -> list[str]:
    said = hash_of(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        previous=event.previous,
    )
    found = []
    if event.seq != before.seq + 1:
        found.append(f"rows are missing between {before.seq} and {event.seq}")
    elif event.previous != before.hash:
        found.append(f"row {event.seq} does not follow row {before.seq}: one of them was changed")
    if said != event.hash:
        found.append(f"row {event.seq} was changed after it was written")
    return found
