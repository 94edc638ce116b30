"""Shows the audit trail, exports its signed head, and says whether anybody changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digitizer.errors import ConfigError
from digitizer.operations.house import House
from digitizer.store import audit as audit_store
from digitizer.store.chain import AuditEvent, faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many rows the trail has, and what is wrong with it, oldest first."""

    rows: int
    faults: tuple[str, ...]


def newest(
    house: House, limit: int, *, actor: str = "", action: str = "", before: int | None = None
) -> Sequence[AuditEvent]:
    """At most `limit` rows, newest first; looking is itself noted, after the look."""
    with house.store.begin() as tx:
        rows = audit_store.newest(tx, limit, actor=actor, action=action, before=before)
        audit_store.note(tx, actor=house.actor, action="audit list", subject=f"{len(rows)} rows")
    return rows


def export_head(house: House) -> str:
    """The signed head as one line of JSON, to be kept where nobody here can write.

    Raises:
        ConfigError: the key in the private folder cannot be used.
    """
    from digitizer.store.seal import signed  # heavy

    house.note("audit head", "")
    with house.store.read() as tx:
        head = audit_store.head(tx)
    return signed(head, datetime.now(UTC).isoformat(timespec="seconds"), _key(house))


def verify(house: House, heads: Sequence[Path] = (), public: str = "") -> Verdict:
    """Look for edited and deleted rows and, given heads that were kept elsewhere, for a cut tail.

    `public` is the public key in hex where it too was kept elsewhere; else the home's own is used.

    Raises:
        UsageError: one of `heads` is no exported head, or was changed.
        ConfigError: one of `heads` or the key cannot be read.
    """
    from digitizer.store.seal import checked  # heavy

    kept = [checked(line, public or _key(house)) for path in heads for line in _lines(path)]
    with house.store.read() as tx:
        rows = audit_store.every(tx)
    return Verdict(rows=len(rows), faults=tuple(faults(rows, kept)))


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path} cannot be read as exported heads") from None


def _key(house: House) -> Path:
    return house.home.data / "audit.key"
