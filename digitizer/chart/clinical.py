"""What was found in the text: entities, what is asserted of them, and identifying spans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from digitizer.chart.text import TextSpan


class Label(StrEnum):
    """Kinds of clinical entity."""

    PROBLEM = "PROBLEM"
    MEDICATION = "MEDICATION"
    LAB = "LAB"
    VITAL = "VITAL"
    PROCEDURE = "PROCEDURE"
    ALLERGY = "ALLERGY"
    ANATOMY = "ANATOMY"
    DATE = "DATE"


class Presence(StrEnum):
    """Whether the finding is said to be there."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    CONDITIONAL = "conditional"


class Experiencer(StrEnum):
    """Who has it."""

    PATIENT = "patient"
    FAMILY = "family"


class Time(StrEnum):
    """When it holds."""

    CURRENT = "current"
    HISTORICAL = "historical"
    PLANNED = "planned"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What the text says of a finding: presence, experiencer, time, and the cue."""

    presence: Presence = Presence.AFFIRMED
    experiencer: Experiencer = Experiencer.PATIENT
    time: Time = Time.CURRENT
    cue: TextSpan | None = None

    @property
    def current(self) -> bool:
        """The patient has it now, and the text says so outright."""
        return self == Assertion(cue=self.cue)

    @property
    def word(self) -> str:
        """One word for the whole: the strongest reason why it is no current finding, first."""
        if self.experiencer is Experiencer.FAMILY:
            return "family"
        if self.presence is Presence.NEGATED:
            return "negated"
        if self.time is not Time.CURRENT:
            return self.time.value
        return self.presence.value

    def cue_in(self, content: str) -> str:
        """The words of the cue in small letters, as the page has them; "" where there are none."""
        return self.cue.of(content).lower() if self.cue else ""


def stable_id(*parts: object) -> str:
    """Sixteen hex digits that depend on what is said and nothing else (SHA-256)."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A finding at `span` of page `page`; `text` is exactly what is printed there, or is part of
    what people corrected it to.

    `attributes` are (name, value) pairs in the words of their label: dose, route, frequency,
    duration, generic, brand (MEDICATION); value, unit, flag, low, high (LAB, VITAL); reaction
    (ALLERGY). `source` names the component that found it, `section` the section kind it is in.
    """

    label: Label
    page: int
    span: TextSpan
    text: str
    assertion: Assertion = Assertion()
    section: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @property
    def id(self) -> str:
        """The same for the same finding at the same place, over every re-run."""
        return stable_id(self.label, self.page, self.span.start, self.span.end, self.text)

    def attribute(self, name: str) -> str:
        """The attribute's value, or ""."""
        return dict(self.attributes).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhiSpan:
    """Identifying text: NAME, DOB, DATE, MRN, ACCOUNT, PHONE, ADDRESS, PROVIDER or FACILITY."""

    label: str
    page: int
    span: TextSpan
