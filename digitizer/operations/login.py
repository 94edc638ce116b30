"""Logs people in and out, and says who a session belongs to. `now` is in Unix seconds."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from digitizer.chart.people import User
from digitizer.errors import AccessError
from digitizer.operations.house import House
from digitizer.people import codes, limits, passwords
from digitizer.store import Transaction
from digitizer.store import audit as audit_store
from digitizer.store import people as people_store
from digitizer.store.people import Credentials

_WRONG = "the name, the password or the one-time code is wrong, or the account is locked"
_FRESH = 20.0
"""Seconds within which a use of a session is not written down again: a page has many pictures."""

_OVER = "the session is over: log in again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A session that begins: `token` is for the browser alone, the store keeps its hash."""

    token: str
    user: User


def login(house: House, name: str, password: str, code: str = "", *, now: float) -> Login:
    """Begin a session.

    Raises:
        AccessError: as `authenticate`.
    """
    user = authenticate(house, name, password, code, now=now)
    token = secrets.token_urlsafe(32)
    with house.store.begin() as tx:
        people_store.wipe_sessions(
            tx, started_before=now - limits.LONGEST, seen_before=now - limits.IDLE
        )
        people_store.start_session(tx, _hash(token), user.id, now)
    return Login(token=token, user=user)


def authenticate(house: House, name: str, password: str, code: str = "", *, now: float) -> User:
    """The person who knows this password and, where they have one, the one-time code of now.

    Raises:
        AccessError: anything is wrong, without saying what; after `limits.TRIES` in a row the
            account is locked for a while. Each try is in the audit trail.
    """
    with house.store.read() as tx:
        kept = people_store.credentials(tx, name)
    fits = passwords.fits(password, kept.password if kept else None)  # slow: in no transaction
    with house.store.begin() as tx:
        user = _decide(tx, name, kept, code, fits=fits, now=now)
    if user is None:
        raise AccessError(_WRONG)
    return user


def who_is(house: House, token: str, *, now: float, quietly: bool = False) -> User:
    """The person whose session this is; using it keeps it alive, but for a page that asks
    `quietly`, by itself.

    Raises:
        AccessError: the session is over, or the person has left.
    """
    key = _hash(token)
    with house.store.read() as tx:
        session = people_store.session(tx, key)
        user = session and people_store.by_id(tx, session.user_id, now)
    if session and user and not user.disabled:
        if now - session.seen < _FRESH:
            return user
        if limits.alive(started=session.started, seen=session.seen, now=now):
            if not quietly:
                with house.store.begin() as tx:
                    people_store.seen(tx, key, now)
            return user
    with house.store.begin() as tx:
        people_store.end_session(tx, key)
    raise AccessError(_OVER)


def logout(house: House, token: str, *, now: float) -> None:
    """End the session; one that is over stays over."""
    with house.store.begin() as tx:
        session = people_store.session(tx, _hash(token))
        if session is not None:
            name = people_store.by_id(tx, session.user_id, now).name
            audit_store.note(tx, actor=name, action="logout", subject="")
        people_store.end_session(tx, _hash(token))


def _decide(
    tx: Transaction, name: str, seen: Credentials | None, code: str, *, fits: bool, now: float
) -> User | None:
    """Who logs in, with the try noted; `None` where they may not."""
    kept = people_store.credentials(tx, name)  # again: what was slow was outside
    if kept is None or seen is None:
        audit_store.note(tx, actor="nobody", action="login refused", subject="unknown name")
        return None
    failures = limits.Failures(kept.failures, kept.locked_until)
    step = _step(kept, code, now)
    unchanged = kept.password == seen.password
    if fits and unchanged and step is not None and not kept.disabled and not failures.locked(now):
        people_store.update(tx, kept.id, failures=0, totp_step=step)
        audit_store.note(tx, actor=name, action="login", subject="")
        return people_store.by_id(tx, kept.id, now)
    if not failures.locked(now):
        after = failures.after_wrong(now)
        people_store.update(
            tx, kept.id, failures=after.count, locked_until=max(after.locked_until, 0.0)
        )
    audit_store.note(tx, actor="nobody", action="login refused", subject=name)
    return None


def _step(kept: Credentials, code: str, now: float) -> int | None:
    """The step to remember as used; `None` where the code is wrong or was used before."""
    if kept.totp is None:
        return kept.totp_step
    return codes.step_of(kept.totp, code, now, kept.totp_step)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
