"""Lets go on only who may."""

from __future__ import annotations

from digitizer.chart.people import Permission, Role, User
from digitizer.errors import AccessError
from digitizer.operations.house import House


def require(who: User, permission: Permission) -> None:
    """Go on only if `who` may.

    Raises:
        AccessError: it is refused; the message says whom to ask.
    """
    if who.must_change:
        raise AccessError("choose a password of your own first")
    if not who.may(permission):
        what = permission.value.replace("_", " ")
        raise AccessError(f"{who.name} may not {what}: ask an administrator for a role that may")


def keeper(house: House) -> User:
    """Who works at the machine itself and can read the private folder: keeps the home's people.

    They hold no role of those who read or code charts; the operating system has asked them who
    they are.
    """
    return User(id=0, name=house.actor, roles=frozenset({Role.ADMINISTRATOR}))
