"""One-time codes by the clock (TOTP, RFC 6238): six digits, a new one every 30 s."""

from __future__ import annotations

import hmac

import pyotp

ISSUER = "digitizer"
STEP = 30
"""Seconds that a code holds."""


def secret() -> str:
    """A new secret of 160 bits, in base 32."""
    return pyotp.random_base32()


def address(key: str, name: str) -> str:
    """The otpauth address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(key).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(key: str, code: str, now: float, last: int) -> int | None:
    """The step whose code this is, if it is the present one or a neighbour and was not used yet.

    `last` is the newest step that was ever used: a code seen over the shoulder is worth nothing.
    """
    here, otp = int(now) // STEP, pyotp.HOTP(key)
    for step in (here, here - 1, here + 1):
        if step > last and hmac.compare_digest(otp.at(step).encode(), code.strip().encode()):
            return step
    return None
