"""Cues as data: which words say what of which findings, how far."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from digitizer.errors import ConfigError
from digitizer.nlp.tables import read_table

LINE_END = " line-end"


class Kind(StrEnum):
    """What a cue says (see the head of `assertion.tsv`)."""

    NEGATED = "negated"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    CONDITIONAL = "conditional"
    AFFIRMED = "affirmed"
    FAMILY = "family"
    HISTORICAL = "historical"
    PLANNED = "planned"
    DISCONTINUED = "discontinued"
    HISTORY = "history"
    NEEDED = "needed"
    PSEUDO = "pseudo"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of `assertion.tsv`. `reach` is in words between cue and finding; `None`: no limit."""

    words: str
    kind: Kind
    forward: bool
    scope: str
    example: str
    at_line_end: bool = False

    @property
    def reach(self) -> int | None:
        """At most so many words between the cue and what it speaks of."""
        return int(self.scope) if self.scope.isdigit() else None


def load_cues(path: Path) -> list[Cue]:
    """The cues of a table; ConfigError where a row has an unknown kind."""
    try:
        return [_cue(row) for row in read_table(path)]
    except ValueError as error:
        raise ConfigError(f"{path.name} of the model has a row of no known kind.") from error


def _cue(row: dict[str, str]) -> Cue:
    words = row["cue"]
    return Cue(
        words=words.removesuffix(LINE_END),
        kind=Kind(row["kind"]),
        forward=row["direction"] != "backward",
        scope=row["scope"],
        example=row["example"],
        at_line_end=words.endswith(LINE_END),
    )
