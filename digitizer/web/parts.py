"""Long lists are shown in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SHOWN = 100
"""Lines of a part."""

_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Part(Generic[_Line]):
    """The lines of `whole` from `start` on, counted from 0, and where the parts beside it begin."""

    whole: Sequence[_Line]
    start: int

    @property
    def lines(self) -> Sequence[_Line]:
        """Those that are shown."""
        return self.whole[self.start : self.start + SHOWN]

    @property
    def before(self) -> int | None:
        """Where the part before begins; `None` where this is the first."""
        return max(0, self.start - SHOWN) if self.start else None

    @property
    def after(self) -> int | None:
        """Where the next part begins; `None` where this is the last."""
        following = self.start + SHOWN
        return following if len(self.whole) > following else None
