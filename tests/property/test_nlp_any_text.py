"""Whatever a page says, reading it neither fails nor reports what is not printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.nlp.reading import tokens_of
from digitizer.nlp.sentences import sentence_starts
from digitizer.nlp.understand import Understand, Understanding

MODELS = Path(__file__).parents[2] / "models"
SNIPPETS = """no denies history of stroke, pneumonia . ; [ ] [x] BP 120/80 Na 4 mg PO ? family
mother lisinopril 20 stage 3 with without Allergies: penicillin ( hives ) 2009 resolved"""
PIECES = st.sampled_from([*SNIPPETS.split(), "\n", "\n\n"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join))


@pytest.fixture(scope="module")
def model() -> Understanding:
    return Understand().open(Resources(models=MODELS))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_every_entity_is_what_is_printed_there(model, text):
    page = Page(number=1, text=Text(content=text))
    read = model(Document(pages=(page,)))
    taken: set[int] = set()
    for entity in read.entities:
        places = range(entity.span.start, entity.span.end)
        assert text[entity.span.start : entity.span.end] == entity.text
        assert entity.text.strip()
        assert taken.isdisjoint(places)
        taken.update(places)
        cue = entity.assertion.cue
        assert cue is None or cue.end <= len(text)
    assert all(len(p.span) > 0 and p.span.end <= len(text) for p in read.phi)


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, data=st.data())
def test_given_spans_are_answered_one_for_one(model, text, data):
    ends = st.integers(0, len(text))
    spans = [
        (*sorted((a, b)), "PROBLEM")
        for a, b in data.draw(st.lists(st.tuples(ends, ends), max_size=4))
        if any(c.isalnum() for c in text[min(a, b) : max(a, b)])
    ]
    page = Page(number=1, text=Text(content=text))
    found = model.classify(Document(pages=(page,)), {1: spans})
    assert [(e.span.start, e.span.end) for e in found] == [(start, end) for start, end, _ in spans]
    assert {e.label.value for e in found} <= {"PROBLEM", "MEDICATION", "PROCEDURE"}


@given(text=TEXTS)
def test_sentences_start_at_words(text):
    starts = [start for start, _, _ in tokens_of(text)]
    marks = sentence_starts(text, starts, ())
    assert marks == sorted(set(marks))
    assert all(0 < mark < len(starts) for mark in marks)
