"""Adds people, gives them roles, lets them go, and sets passwords. `who` is who does it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digitizer.chart.people import Permission, Role, User
from digitizer.errors import AccessError, UsageError
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.people import codes, limits, passwords
from digitizer.store import Transaction
from digitizer.store import audit as audit_store
from digitizer.store import people as people_store

FIRST = "admin"
"""The name of the first administrator."""

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A person and a password that opens nothing but its own change; shown once, kept nowhere."""

    user: User
    password: str


def first_administrator(house: House, *, now: float) -> Newcomer | None:
    """Where there is nobody yet: an administrator with a one-time password; else `None`."""
    password = passwords.one_time()
    kept = passwords.hashed(password)
    with house.store.begin() as tx:
        if people_store.every(tx, now):
            return None
        roles = frozenset({Role.ADMINISTRATOR})
        user = _enter(tx, house.actor, FIRST, roles, kept, now)
    return Newcomer(user=user, password=password)


def add(
    house: House,
    who: User,
    name: str,
    roles: frozenset[Role],
    password: str | None = None,
    *,
    now: float,
) -> Newcomer:
    """Enter a person. Without a password they get a one-time one; either must be changed first.

    Raises:
        AccessError: `who` may not manage users.
        UsageError: the name is taken or cannot be one, or the password is too short.
    """
    require(who, Permission.MANAGE_USERS)
    if not _NAME.fullmatch(name):
        raise UsageError("a user name is 2 to 32 small letters, digits, dots, dashes: choose one")
    chosen = password or passwords.one_time()
    kept = passwords.hashed(chosen)
    with house.store.begin() as tx:
        if people_store.by_name(tx, name, now):
            raise UsageError(
                f"there is or was a {name}, and no name is given twice: choose another"
            )
        user = _enter(tx, who.name, name, roles, kept, now)
    return Newcomer(user=user, password=chosen)


def every(house: House, *, now: float) -> Sequence[User]:
    """All people, those who left too."""
    with house.store.read() as tx:
        return people_store.every(tx, now)


def user_of(house: House, name: str, *, now: float) -> User:
    """One person.

    Raises:
        UsageError: there is nobody of that name.
    """
    with house.store.read() as tx:
        return _known(tx, name, now)


def set_roles(house: House, who: User, name: str, roles: frozenset[Role], *, now: float) -> None:
    """Give a person exactly these roles; their sessions end.

    Raises:
        AccessError: `who` may not manage users.
        UsageError: there is no such person, or no administrator would be left.
    """
    require(who, Permission.MANAGE_USERS)
    with house.store.begin() as tx:
        user = _known(tx, name, now)
        people_store.set_roles(tx, user.id, roles)
        _keep_one_administrator(tx, now)
        people_store.end_sessions(tx, user.id)
        said = f"{name}: {', '.join(sorted(roles)) or 'none'}"
        audit_store.note(tx, actor=who.name, action="user roles", subject=said)


def disable(house: House, who: User, name: str, *, now: float, back: bool = False) -> None:
    """Let a person go, at once; or, with `back`, let them in again.

    Raises:
        AccessError: `who` may not manage users.
        UsageError: there is no such person, or no administrator would be left.
    """
    require(who, Permission.MANAGE_USERS)
    with house.store.begin() as tx:
        user = _known(tx, name, now)
        people_store.update(tx, user.id, disabled=int(not back))
        _keep_one_administrator(tx, now)
        people_store.end_sessions(tx, user.id)
        action = "user enabled" if back else "user disabled"
        audit_store.note(tx, actor=who.name, action=action, subject=name)


def reset(house: House, who: User, name: str, *, now: float) -> Newcomer:
    """Give a person a one-time password, take their one-time codes away and open their lock.

    Raises:
        AccessError: `who` may not manage users.
        UsageError: there is no such person.
    """
    require(who, Permission.MANAGE_USERS)
    password = passwords.one_time()
    kept = passwords.hashed(password)
    with house.store.begin() as tx:
        user = _known(tx, name, now)
        people_store.update(
            tx, user.id, password=kept, must_change=1, totp=None, failures=0, locked_until=0.0
        )
        people_store.end_sessions(tx, user.id)
        audit_store.note(tx, actor=who.name, action="user reset", subject=name)
        return Newcomer(user=_known(tx, name, now), password=password)


def change_password(house: House, who: User, new: str) -> None:
    """Set one's own password, after `login.authenticate`; all sessions end.

    Raises:
        UsageError: it is too short or too long.
    """
    kept = passwords.hashed(new)
    with house.store.begin() as tx:
        people_store.update(tx, who.id, password=kept, must_change=0)
        people_store.end_sessions(tx, who.id)
        audit_store.note(tx, actor=who.name, action="password changed", subject="")


def offer_codes(who: User) -> tuple[str, str]:
    """A new secret for one-time codes, and the address to show as a QR code; nothing is kept."""
    secret = codes.secret()
    return secret, codes.address(secret, who.name)


def use_codes(house: House, who: User, secret: str, code: str, *, now: float) -> None:
    """Ask for one-time codes from now on; `code` proves that the app has the secret.

    Raises:
        UsageError: it is not the code of now.
    """
    step = codes.step_of(secret, code, now, 0)
    if step is None:
        raise UsageError("that is not the code of now: set the clock of the phone, then try again")
    with house.store.begin() as tx:
        people_store.update(tx, who.id, totp=secret, totp_step=step)
        audit_store.note(tx, actor=who.name, action="one-time codes on", subject="")


def break_glass(house: House, who: User, because: str, *, now: float) -> float:
    """Open charts to somebody whose role does not, for an emergency; returns until when.

    Raises:
        AccessError: `who` may not.
        UsageError: no reason is given.
    """
    require(who, Permission.BREAK_GLASS)
    reason = _reason(because)
    until = now + limits.GLASS
    with house.store.begin() as tx:
        people_store.update(tx, who.id, glass_until=until)
        audit_store.note(tx, actor=who.name, action="break glass", subject=reason)
    return until


def _reason(because: str) -> str:
    reason = " ".join(because.split())
    if len(reason) < 10:
        raise UsageError("say why, in a sentence: an auditor will read it")
    return reason


def _enter(
    tx: Transaction, actor: str, name: str, roles: frozenset[Role], kept: str, now: float
) -> User:
    people_store.add(tx, name, roles, kept)
    said = f"{name}: {', '.join(sorted(roles)) or 'none'}"
    audit_store.note(tx, actor=actor, action="user added", subject=said)
    return _known(tx, name, now)


def _known(tx: Transaction, name: str, now: float) -> User:
    user = people_store.by_name(tx, name, now)
    if user is None:
        raise UsageError("there is nobody of that name: `digitizer user list` names all people")
    return user


def _keep_one_administrator(tx: Transaction, now: float) -> None:
    people = people_store.every(tx, now)
    if not any(Role.ADMINISTRATOR in user.roles and not user.disabled for user in people):
        raise AccessError("that would leave no administrator: name another first")
