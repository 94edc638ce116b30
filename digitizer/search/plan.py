"""What an engine can carry out: plans, which speak of folded words in the fields of
`digitizer.search.fields`, and of nothing else. `meaning` makes them of queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How the words of an atom must stand in a field.

    RUN: one after another. TOGETHER: in one finding, in any order. PREFIX, LIKE, NEAR: the one word
    is the beginning of a word there, is it but for what its stars stand for, or is spelled much
    like it. MISREAD: as a scan may have them: one after another, each as it is or like it, two
    perhaps run together, a stray word perhaps between.
    """

    RUN = "run"
    TOGETHER = "together"
    PREFIX = "prefix"
    LIKE = "like"
    NEAR = "near"
    MISREAD = "misread"


SPELLINGS = (How.PREFIX, How.LIKE, How.NEAR)
"""Those that stand for many words."""


@dataclass(frozen=True, slots=True)
class Every:
    """Every page."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Pages with `words` in `field`, as `how` says; `weight` multiplies the score."""

    field: str
    words: tuple[str, ...]
    how: How = How.RUN
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Between:
    """Pages whose number in `field` (of NUMBER_FIELDS) is `first` to `last`, both included.

    Those that have none never match.
    """

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class All:
    """Pages that all parts match; scores add up."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Pages that any part matches; scores add up. Nothing, of no parts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Pages that any part matches; the best part's score counts. Nothing, of no parts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Except:
    """Pages that `part` does not match."""

    part: Plan


@dataclass(frozen=True, slots=True)
class Alike:
    """Pages with many of the words: see `ranking.telling` for which count, and how many."""

    field: str
    counts: tuple[tuple[str, int], ...]


Plan = Every | Atom | Between | All | Any | Best | Except | Alike
NOTHING = Best(())


_MARKED = ("text", "name", "mrn", "code", "finding")
"""Fields whose words are printed on the page as they are written here."""


def marked_atoms(plan: Plan) -> Iterator[Atom]:
    """The atoms whose words can be marked on a hit: none under an Except."""
    match plan:
        case Atom(field) if field in _MARKED:
            yield plan
        case All(parts) | Any(parts) | Best(parts):
            for part in parts:
                yield from marked_atoms(part)
        case _:
            return


def mark(word: str) -> str:
    """The word as printed on a page, without what `finding_word` puts before it."""
    return word.rpartition("|")[2]
