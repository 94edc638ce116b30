"""Users and their sessions. Rows of people are never deleted, so no name is ever given twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from digitizer.chart.people import Role, User
from digitizer.store.engine import Transaction
from digitizer.store.tables import SESSIONS, USERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a login is checked against; see `people` for what the values mean."""

    id: int
    password: str
    totp: str | None
    totp_step: int
    disabled: bool
    failures: int
    locked_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login that is under way; times in Unix seconds."""

    user_id: int
    started: float
    seen: float


def add(tx: Transaction, name: str, roles: frozenset[Role], password: str) -> int:
    """Enter a person whose password somebody else has set; sqlalchemy IntegrityError if known."""
    done = tx.execute(
        sa.insert(USERS).values(
            name=name,
            roles=_line(roles),
            password=password,
            must_change=1,
            totp_step=0,
            disabled=0,
            failures=0,
            locked_until=0.0,
            glass_until=0.0,
            created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
    )
    (key,) = done.inserted_primary_key or (None,)
    return int(key or 0)


def by_name(tx: Transaction, name: str, now: float) -> User | None:
    """The person of this name; `None` where there is none."""
    row = tx.execute(sa.select(USERS).where(USERS.c.name == name)).one_or_none()
    return None if row is None else _user(row, now)


def by_id(tx: Transaction, user_id: int, now: float) -> User:
    """One person; sqlalchemy.exc.NoResultFound where there is none."""
    return _user(tx.execute(sa.select(USERS).where(USERS.c.id == user_id)).one(), now)


def every(tx: Transaction, now: float) -> Sequence[User]:
    """All people, those who left too, by name."""
    return [_user(row, now) for row in tx.execute(sa.select(USERS).order_by(USERS.c.name))]


def credentials(tx: Transaction, name: str) -> Credentials | None:
    """What a login under this name is checked against."""
    columns = (USERS.c[name] for name in Credentials.__dataclass_fields__)
    row = tx.execute(sa.select(*columns).where(USERS.c.name == name)).one_or_none()
    return None if row is None else Credentials(**row._asdict())


def update(tx: Transaction, user_id: int, **values: object) -> None:
    """Change columns of one person."""
    tx.execute(sa.update(USERS).where(USERS.c.id == user_id).values(**values))


def set_roles(tx: Transaction, user_id: int, roles: frozenset[Role]) -> None:
    """Give exactly these roles."""
    update(tx, user_id, roles=_line(roles))


def start_session(tx: Transaction, token: str, user_id: int, now: float) -> None:
    """Begin a session under the hash of its token."""
    tx.execute(sa.insert(SESSIONS).values(token=token, user_id=user_id, started=now, seen=now))


def session(tx: Transaction, token: str) -> Session | None:
    """The session under this hash; `None` where there is none."""
    columns = (SESSIONS.c[name] for name in Session.__dataclass_fields__)
    row = tx.execute(sa.select(*columns).where(SESSIONS.c.token == token)).one_or_none()
    return None if row is None else Session(**row._asdict())


def seen(tx: Transaction, token: str, now: float) -> None:
    """Note that the session was used."""
    tx.execute(sa.update(SESSIONS).where(SESSIONS.c.token == token).values(seen=now))


def end_session(tx: Transaction, token: str) -> None:
    """End one session."""
    tx.execute(sa.delete(SESSIONS).where(SESSIONS.c.token == token))


def end_sessions(tx: Transaction, user_id: int, but: str = "") -> None:
    """End all sessions of a person, but for the one under this hash."""
    tx.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user_id, SESSIONS.c.token != but))


def wipe_sessions(tx: Transaction, *, started_before: float, seen_before: float) -> None:
    """Remove sessions that are over."""
    over = sa.or_(SESSIONS.c.started < started_before, SESSIONS.c.seen < seen_before)
    tx.execute(sa.delete(SESSIONS).where(over))


def _line(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))


def _user(row: sa.Row[tuple[object, ...]], now: float) -> User:
    found = row._mapping
    return User(
        id=found["id"],
        name=found["name"],
        roles=frozenset(map(Role, found["roles"].split())),
        disabled=bool(found["disabled"]),
        must_change=bool(found["must_change"]),
        totp=found["totp"] is not None,
        glass=now < found["glass_until"],
    )
