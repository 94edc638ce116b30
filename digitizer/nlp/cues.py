"""Cues as data: which words say what of which findings, how far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path

from digitizer.chart.clinical import Time
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
    VACCINE = "vaccine"
    PSEUDO = "pseudo"
    STOP = "stop"
    RESTART = "restart"


TIMES = {
    Kind.HISTORICAL: Time.HISTORICAL,
    Kind.HISTORY: Time.HISTORICAL,
    Kind.PLANNED: Time.PLANNED,
    Kind.DISCONTINUED: Time.DISCONTINUED,
}
"""The kinds that say when, and what they say."""


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
    def turns(self) -> bool:
        """Whether a stop brings another subject or a contrast: a relative's scope ends."""
        return self.scope == "subject"

    @property
    def behind_list(self) -> bool:
        """Whether a restart counts only behind a list that an "or" has closed."""
        return self.scope == "list"

    @property
    def reach(self) -> int | None:
        """At most so many words between the cue and what it speaks of."""
        return int(self.scope) if self.scope.isdigit() else None


def load_cues(path: Path) -> list[Cue]:
    """The cues of a table; ConfigError where a row has an unknown kind."""
    try:
        return [_cue(row, words) for row in read_table(path) for words in wordings(row["cue"])]
    except ValueError as error:
        raise ConfigError(f"{path.name} of the model has a row of no known kind.") from error


def wordings(printed: str) -> Iterator[str]:
    """What a row's cue stands for: each choice of its alternatives ("{was|were} denied")."""
    parts = re.split(r"\{([^}]*)\}", printed)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return (" ".join("".join(chosen).split()) for chosen in product(*choices))


def _cue(row: dict[str, str], words: str) -> Cue:
    return Cue(
        words=words.removesuffix(LINE_END),
        kind=Kind(row["kind"]),
        forward=row["direction"] != "backward",
        scope=row["scope"],
        example=row["example"],
        at_line_end=words.endswith(LINE_END),
    )
