"""People who use digitizer, and the one table of what each role may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at work; one person may be several."""

    TECHNICIAN = "technician"
    CODER = "coder"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Something that is refused to whom no role grants it."""

    SEE_INTAKE = "see_intake"  # what arrived and what became of it: file names, no chart text
    UPLOAD = "upload"
    MEND_INTAKE = "mend_intake"  # retry, release or discard what was quarantined
    SEARCH = "search"
    VIEW = "view"  # open a chart
    CORRECT = "correct"  # patient, type, date, text
    MERGE = "merge"  # two records of one patient, and part them again
    REGISTER = "register"  # keep the cancer registry: find cases, settle and follow them up
    REVIEW = "review"  # decide on codes, ask and answer queries
    SIGN_OFF = "sign_off"
    RELEASE = "release"
    ASSIGN = "assign"  # give charts to others, set priorities
    SECOND_REVIEW = "second_review"
    EXPORT = "export"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    BREAK_GLASS = "break_glass"  # open charts in an emergency, with a reason, for a time


_P = Permission

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.TECHNICIAN: frozenset(
        {_P.SEE_INTAKE, _P.UPLOAD, _P.MEND_INTAKE, _P.SEARCH, _P.VIEW, _P.CORRECT}
    ),
    Role.CODER: frozenset(
        {_P.SEE_INTAKE, _P.SEARCH, _P.VIEW, _P.CORRECT, _P.REVIEW, _P.SIGN_OFF, _P.RELEASE}
    ),
    Role.AUDITOR: frozenset({_P.SEARCH, _P.VIEW, _P.SECOND_REVIEW, _P.READ_AUDIT}),
    Role.REGISTRAR: frozenset(
        {_P.SEE_INTAKE, _P.SEARCH, _P.VIEW, _P.CORRECT, _P.MERGE, _P.EXPORT, _P.REGISTER}
    ),
    # Who runs the machine needs no chart for it (minimum necessary, 45 CFR 164.502(b)).
    Role.ADMINISTRATOR: frozenset(
        {_P.SEE_INTAKE, _P.MEND_INTAKE, _P.ASSIGN, _P.READ_AUDIT, _P.MANAGE_USERS, _P.BREAK_GLASS}
    ),
}

BEHIND_GLASS = frozenset({Permission.SEARCH, Permission.VIEW})
"""What broken glass opens (emergency access, 45 CFR 164.312(a)(2)(ii))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person. Their `id` and `name` are never given to another; who leaves is `disabled`.

    `must_change` says that the password was set by somebody else and opens nothing but its own
    change; `totp` that a one-time code is asked too; `glass` that broken glass is open now.
    """

    id: int
    name: str
    roles: frozenset[Role] = frozenset()
    disabled: bool = False
    must_change: bool = False
    totp: bool = False
    glass: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether a role grants it; nothing is granted to the disabled or before a new password."""
        if self.disabled or self.must_change:
            return False
        if self.glass and permission in BEHIND_GLASS:
            return True
        return any(permission in GRANTS[role] for role in self.roles)
