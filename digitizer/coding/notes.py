"""An instruction of the code system, printed under a code or above it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An instruction that holds for a code, such as "excludes1" or "code_first".

    `at` is the code or section that the note is printed under; `ranges` the codes it names, as
    (first, last), both included with all that is below them.
    """

    kind: str
    text: str
    at: str
    ranges: tuple[tuple[str, str], ...] = ()
