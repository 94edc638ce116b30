"""Passwords as argon2id hashes.

The cost is the library's default, the low-memory profile of RFC 9106 (64 MiB, 3 passes, 4 lanes):
about 0.1 s here for who logs in, and as much for every guess.
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from digitizer.errors import UsageError

SHORTEST = 12
"""Characters. NIST SP 800-63B asks for 8 with a second factor and 15 without."""

LONGEST = 256
"""Characters: more is no password but a way to keep the machine busy."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """The hash to keep.

    Raises:
        UsageError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters: choose another")
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password that was hashed; takes as long where there is no such person."""
    try:
        return _HASHER.verify(kept or _NOBODY, password[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def one_time() -> str:
    """A random password of 80 bits that is easy to read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
