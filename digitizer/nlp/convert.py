"""From mentions and readings to entities of the chart: the only place that knows both."""

from __future__ import annotations

from digitizer.chart.clinical import Assertion, Entity, Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading


def entity(reading: Reading, mention: Mention, assertion: Assertion) -> Entity:
    """The mention as an entity; its text is what is printed, misreadings and all."""
    first, _ = reading.tokens(mention.span.start, mention.span.end)
    return Entity(
        label=mention.label,
        page=reading.number,
        span=mention.span,
        text=mention.span.of(reading.text),
        assertion=assertion,
        section=reading.section(first) if first < len(reading.words) else "",
        attributes=mention.attributes,
        source=mention.source,
    )


def given(reading: Reading, span: TextSpan, label: Label) -> Mention:
    """A mention for a span that came from outside."""
    if span.end > len(reading.text):
        raise ValueError("a span ends behind its page")
    return Mention(label=label, span=span, source="given")
