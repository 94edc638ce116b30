"""Limits of this process that every program it starts inherits; see setrlimit(2)."""

from __future__ import annotations

import resource

_GRACE_SECONDS = 5


def limit_cpu(seconds: int) -> None:
    """Have SIGXCPU sent after so many CPU seconds, which tells why; SIGKILL a little later."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + _GRACE_SECONDS))


def limit_size(*, memory: int, file: int) -> None:
    """At most so many bytes of address space, and of any file written; no core dumps."""
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
