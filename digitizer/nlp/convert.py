"""From mentions and readings to entities of the chart: the only place that knows both."""

from __future__ import annotations

from digitizer.chart.clinical import Assertion, Entity, Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading


def entity(reading: Reading, mention: Mention, assertion: Assertion) -> Entity:
    """The mention as an entity; its text is what is printed, misreadings and all."""
    return Entity(
        label=mention.label,
        page=reading.number,
        span=mention.span,
        text=mention.span.of(reading.text),
        assertion=assertion,
        section=reading.section_at(mention.span.start),
        attributes=mention.attributes,
        source=mention.source,
    )


def given(reading: Reading, span: TextSpan, label: Label) -> Mention:
    """A mention for a span that came from outside; ValueError where no word stands there."""
    first, last = reading.tokens(span.start, span.end)
    if span.end > len(reading.text) or first >= last:
        raise ValueError("a given span ends behind its page or holds no word")
    return Mention(label=label, span=span, source="given")
