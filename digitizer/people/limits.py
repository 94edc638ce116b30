"""How often one may err, and how long one stays logged in. Pure; all times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass

TRIES = 5
"""Wrong passwords or codes in a row before the lock falls."""

LOCKED = 15 * 60.0
"""Seconds that the lock holds."""

IDLE = 15 * 60.0
"""Seconds without a request after which a session is over (45 CFR 164.312(a)(2)(iii))."""

LONGEST = 12 * 3600.0
"""Seconds after which a session is over whatever happens: a long shift."""

GLASS = 60 * 60.0
"""Seconds that broken glass stays open, at most."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong tries in a row, and until when the account is locked."""

    count: int = 0
    locked_until: float = 0.0

    def locked(self, now: float) -> bool:
        """Whether even the right password is refused."""
        return now < self.locked_until

    def after_wrong(self, now: float) -> Failures:
        """One more wrong try; the last one allowed closes the lock and starts the count anew."""
        if self.count + 1 < TRIES:
            return Failures(self.count + 1)
        return Failures(0, now + LOCKED)


def alive(*, started: float, seen: float, now: float) -> bool:
    """Whether a session that began at `started` and was last used at `seen` still holds."""
    return now - seen < IDLE and now - started < LONGEST
