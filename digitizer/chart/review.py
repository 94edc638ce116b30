"""Human work on one document: its states with the one table of moves, decisions, and queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeVar

from digitizer.chart.coding import Code, Evidence


class ReviewState(StrEnum):
    """Where the work of people on a document stands."""

    DIGITIZED = "digitized"
    IN_REVIEW = "in_review"
    QUERIED = "queried"
    CODED = "coded"
    RELEASED = "released"


class ReviewEvent(StrEnum):
    """What can happen to it."""

    OPENED = "opened"
    ASKED = "asked"
    ANSWERED = "answered"  # the last open query
    SIGNED_OFF = "signed_off"
    RELEASED = "released"
    REOPENED = "reopened"  # for a correction: the next sign-off is a new version


_S, _E = ReviewState, ReviewEvent

REVIEW_MOVES: dict[tuple[ReviewState, ReviewEvent], ReviewState] = {
    (_S.DIGITIZED, _E.OPENED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.ASKED): _S.QUERIED,
    (_S.QUERIED, _E.ASKED): _S.QUERIED,
    (_S.QUERIED, _E.ANSWERED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.SIGNED_OFF): _S.CODED,
    (_S.CODED, _E.RELEASED): _S.RELEASED,
    (_S.CODED, _E.REOPENED): _S.IN_REVIEW,
    (_S.RELEASED, _E.REOPENED): _S.IN_REVIEW,
}

MACHINE = "digitizer"
"""Who notes on a chart that its findings were made anew: nobody."""

DECIDABLE = frozenset({_S.DIGITIZED, _S.IN_REVIEW, _S.QUERIED})
"""Where decisions may be added; after that the chart is frozen until it is reopened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The work on `document`. `version` counts its decisions, so two people can tell who was first.

    `assignee` has the chart until `lease_until` (Unix seconds); `held` says why it waits, or "";
    a higher `priority` comes first.
    """

    document: str
    state: ReviewState = ReviewState.DIGITIZED
    version: int = 0
    assignee: str | None = None
    lease_until: float = 0.0
    held: str = ""
    priority: int = 0

    def after(self, event: ReviewEvent) -> Review:
        """The review after `event`; ValueError where the table of moves has no such move."""
        try:
            return replace(self, state=REVIEW_MOVES[self.state, event])
        except KeyError:
            raise ValueError(f"a document that is {self.state} cannot be {event}") from None

    def holder(self, now: float) -> str | None:
        """Who has the chart now; `None` where it is free to take."""
        return self.assignee if now < self.lease_until else None


class Action(StrEnum):
    """What can be decided."""

    ACCEPT = "accept"  # target: a line
    REJECT = "reject"  # target: a line; reason
    REPLACE = "replace"  # target: a line; code
    ADD = "add"  # code, evidence
    PRINCIPAL = "principal"  # target: a line
    SEQUENCE = "sequence"  # target: a line; value: its place, from 1
    POA = "poa"  # target: a line; value: one of POA_VALUES
    NOTE = "note"  # text; target: a line, or "" for the whole chart
    CORRECT = (
        "correct"  # target: one of CORRECTABLE; value; for text: the evidence is what is wrong
    )
    UNDO = "undo"  # target: the version that the undone decision made


REJECT_REASONS = (
    "denied",
    "not_the_patient",
    "past",
    "not_supported",
    "misread",
    "integral",
    "other",
)
"""Why a code is not taken; "integral": part of another that is coded; "other" needs a text."""

POA_VALUES = ("Y", "N", "U", "W", "1")
"""Present on admission: yes, no, unknown, clinically undetermined, exempt (CMS)."""

CORRECTABLE = ("name", "dob", "mrn", "sex", "doc_type", "encounter_date", "text", "misfile")
"""What a person may correct in a document; "misfile" by "settled": it lies where it belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something a person decided; never changed, only followed by others.

    `code` and `evidence` are those that were decided on, so that the decision says what it is
    about even when a later reading of the page no longer has its target. `version` is the number
    it gave the review, `actor` and `at` (UTC) are who and when; the store sets these three.
    """

    action: Action
    target: str = ""
    code: Code | None = None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    value: str = ""
    text: str = ""
    version: int = 0
    actor: str = ""
    at: str = ""

    @property
    def undoes(self) -> str:
        """The version of the decision that it takes back, or ""."""
        return self.target if self.action is Action.UNDO else ""


class Undoable(Protocol):
    """Something that somebody did as `version`; `undoes` is the version it takes back, or ""."""

    @property
    def version(self) -> int: ...  # noqa: D102

    @property
    def undoes(self) -> str: ...  # noqa: D102


Made = TypeVar("Made", bound=Undoable)


def effective(made: Iterable[Made]) -> Sequence[Made]:
    """What holds of it, oldest first: neither undone nor an undoing.

    An undoing may be undone like any other, and then what it undid holds again.
    """
    held, undone = list[Made](), set[str]()
    for each in sorted(made, key=lambda one: one.version, reverse=True):
        if str(each.version) in undone:
            continue
        if each.undoes:
            undone.add(each.undoes)
        else:
            held.append(each)
    return held[::-1]


class Level(StrEnum):
    """How much a message weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One finding of the check; `line` is the id of the line it is about, or ""."""

    level: Level
    text: str
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the clinician about a chart: non-leading, with the printed words it rests on.

    `options` are what may be answered, always with "other" and "unable to determine". `answer` is
    the option chosen, "withdrawn", or "" while it is open; `answer_text` is the clinician's own
    wording.
    """

    id: int = 0
    document: str
    template: str
    question: str
    indicators: tuple[Evidence, ...]
    options: tuple[str, ...]
    to: str
    asked_by: str = ""
    asked_at: str = ""
    answer: str = ""
    answer_text: str = ""
    answered_by: str = ""
    answered_at: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return not self.answer
