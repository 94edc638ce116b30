"""What a section says by itself of the findings in it, and lists whose boxes are to be ticked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from digitizer.chart.clinical import Assertion, Experiencer, Label, Presence, Time
from digitizer.chart.text import TextSpan
from digitizer.nlp.cues import Kind
from digitizer.nlp.findings import Finding, Found
from digitizer.nlp.reading import Reading

# What a section says of the findings of a label that no cue speaks of.
_SECTIONS: dict[tuple[str, Label], Assertion] = {
    ("family_history", Label.PROBLEM): Assertion(experiencer=Experiencer.FAMILY),
    ("risks", Label.PROBLEM): Assertion(presence=Presence.HYPOTHETICAL),
    ("return_precautions", Label.PROBLEM): Assertion(presence=Presence.HYPOTHETICAL),
    ("resolved_problems", Label.PROBLEM): Assertion(time=Time.HISTORICAL),
    ("past_surgical_history", Label.PROCEDURE): Assertion(time=Time.HISTORICAL),
    ("discontinued_medications", Label.MEDICATION): Assertion(time=Time.DISCONTINUED),
}
CHECK_LISTS = frozenset({"conditions", "advance_directives", "consents"})
_TO_TICK = re.compile(r"check|tick|mark|circle|apply", re.IGNORECASE)
_BOX = re.compile(r"\[ ?[xXvV]? ?\]|[☐☒☑□■]")


def with_section(
    reading: Reading, finding: Finding, said: Assertion, reaching: Sequence[Found]
) -> Assertion:
    """What the section says, in the dimensions that no cue speaks of."""
    kind = reading.section(finding.first)
    if not kind or finding.label is None:
        return said
    if (
        kind in CHECK_LISTS
        and finding.label is Label.PROBLEM
        and said.presence is Presence.AFFIRMED
    ):
        return said if _ticked(reaching) else _unmarked(reading, finding, said)
    prior = _SECTIONS.get((kind, finding.label))
    if prior is None or said.cue is not None:
        return said if prior is None else _filled(said, prior)
    return replace(prior, cue=heading_of(reading, finding.first))


def _filled(said: Assertion, prior: Assertion) -> Assertion:
    """`said`, with the section's word where it is silent (family stays family when negated)."""
    return Assertion(
        presence=said.presence if said.presence is not Presence.AFFIRMED else prior.presence,
        experiencer=prior.experiencer
        if said.experiencer is Experiencer.PATIENT
        else said.experiencer,
        time=prior.time if said.time is Time.CURRENT else said.time,
        cue=said.cue,
    )


def _ticked(reaching: Sequence[Found]) -> bool:
    return any(c.cue.scope == "box" and c.cue.kind is Kind.AFFIRMED for c in reaching)


def _unmarked(reading: Reading, finding: Finding, said: Assertion) -> Assertion:
    """An item of a list to tick whose box was not seen: nobody said that the patient has it."""
    if not to_tick(reading, finding):
        return said
    return replace(said, presence=Presence.POSSIBLE, cue=heading_of(reading, finding.first))


def to_tick(reading: Reading, finding: Finding) -> bool:
    """Whether a finding stands in a list whose heading asks for ticks, or which has boxes."""
    if reading.section(finding.first) not in CHECK_LISTS:
        return False
    heading = heading_of(reading, finding.first)
    line = _rest_of_line(reading.text, heading.start) if heading else ""
    at = reading.starts[finding.first]
    here = next(s.span for s in reading.sections if s.span.start <= at < s.span.end)
    boxes = _BOX.findall(here.of(reading.text))
    return bool(heading and (_TO_TICK.search(line) or len(boxes) > 1))


def _rest_of_line(text: str, at: int) -> str:
    """A heading with what is printed beside it ("(check all that apply)")."""
    return text[at:].split("\n", 1)[0]


def heading_of(reading: Reading, token: int) -> TextSpan | None:
    """Where the heading of a token's section is printed; `None` where it has none."""
    at = reading.starts[token]
    headings = [s.heading for s in reading.sections if s.span.start <= at < s.span.end]
    return headings[-1] if headings and len(headings[-1]) else None
