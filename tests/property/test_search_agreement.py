"""Every backend finds exactly what looking at every page finds."""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitizer.chart.search import Order, PageRecord, SearchRequest
from digitizer.search.query import (
    And,
    Everything,
    Field,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    unparse,
)
from digitizer.search.synonyms import Thesaurus
from digitizer.search.whoosh import WhooshBackend
from digitizer.testing.memory_search import MemorySearch

SYNONYMS = Thesaurus([(("heart attack", "infarct"), ("mi",)), (("lasix", "furosemide"), ())])
VOCABULARY = (
    "heart", "attack", "infarct", "mi", "lasix", "furosemide", "lee", "less", "leaf", "hearth",
    "e11.9", "e11", "mr-12-345", "12345", "follow-up", "up",
)  # fmt: skip
words = st.sampled_from(VOCABULARY)
texts = st.lists(words, max_size=7).map(" ".join)
assertions = st.sampled_from(["affirmed", "negated", "family"])
entities = st.tuples(
    st.sampled_from(["PROBLEM", "MEDICATION"]),
    st.lists(words, min_size=1, max_size=3).map(" ".join),
    assertions,
)
UNKNOWN = PageRecord(uid="", document="", source="one.pdf", number=1, text="")
DOCUMENTS = (
    UNKNOWN,
    replace(UNKNOWN, source="two.tif"),
    replace(UNKNOWN, document="d1", name="Ann Lee", mrn="MR-12-345", doc_type="progress_note"),
    replace(
        UNKNOWN,
        document="d2",
        name="Ann Lee",
        dob=date(2019, 1, 1),
        mrn="MR-12-346",
        doc_type="lab_report",
        encounter_date=date(2019, 1, 1),
    ),
    replace(
        UNKNOWN,
        document="d3",
        source="two.tif",
        name="Bo Less",
        dob=date(2020, 2, 29),
        mrn="0012345",
        doc_type="progress_note",
        encounter_date=date(2020, 2, 29),
    ),
    replace(UNKNOWN, document="d4", encounter_date=date(2021, 12, 31), dob=date(2021, 12, 31)),
)
"""What all pages of a document, or of a scan that is not yet understood, have in common."""

records = st.builds(
    replace,
    st.sampled_from(DOCUMENTS),
    uid=st.sampled_from([f"p{i}" for i in range(9)]),
    number=st.integers(1, 3),
    text=texts,
    codes=st.lists(st.sampled_from(["E11.9", "E11.65", "I10"]), max_size=2).map(tuple),
    entities=st.lists(entities, max_size=3).map(tuple),
    confidence=st.none() | st.sampled_from([0.0, 0.4, 0.8]),
)
leaves = st.one_of(
    words.map(Term),
    st.lists(words, min_size=1, max_size=3).map(" ".join).map(Phrase),
    st.sampled_from(["l", "he", "follow"]).map(Prefix),
    st.sampled_from(["h*t", "*fur*id*", "f*-up"]).map(Wildcard),
    st.sampled_from(["hert", "furosemied", "laef"]).map(Fuzzy),
)
fields = st.one_of(
    st.builds(
        Field,
        st.sampled_from(["name", "code", "mrn", "drug", "problem", "type", "source"]),
        leaves,
    ),
    st.builds(
        Field,
        st.sampled_from(["dob", "date"]),
        st.sampled_from([Term("2019..2020-03"), Term("2019-01-01"), Term("..2020-02-29")]),
    ),
    st.builds(Field, st.just("conf"), st.sampled_from([Term("<60"), Term("40..80"), Term("40")])),
)


def compound(parts):
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return several.map(And) | several.map(Or) | parts.map(Not)


trees = st.just(Everything()) | st.recursive(leaves | fields, compound, max_leaves=5)
requests = st.builds(
    SearchRequest,
    query=trees.map(unparse),
    mrn=st.none() | st.just("mr12345"),
    code=st.none() | st.just("E11"),
    doc_type=st.none() | st.just("lab_report"),
    source=st.none() | st.just("one.pdf"),
    order=st.sampled_from(Order),
    offset=st.sampled_from([0, 0, 1]),
    facets=st.booleans(),
    date_from=st.none() | st.just(date(2020, 1, 1)),
    assertion=st.none() | assertions,
    limit=st.sampled_from([1, 100]),
)
changes = st.lists(
    st.tuples(
        st.lists(records, max_size=4), st.lists(st.sampled_from(["p0", "p1", "p2"]), max_size=2)
    ),
    min_size=1,
    max_size=4,
)


def tantivy(folder):
    pytest.importorskip("tantivy", reason="tantivy is optional; make test installs it")
    from digitizer.search.tantivy import TantivyBackend

    return TantivyBackend(folder, SYNONYMS)


def whoosh(folder):
    return WhooshBackend(folder, SYNONYMS, segments=3)


@pytest.mark.parametrize("make", [whoosh, tantivy])
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(changes, st.lists(requests, min_size=1, max_size=8))
def test_a_backend_agrees_with_looking_at_every_page(make, changes, asked):
    memory = MemorySearch(SYNONYMS)
    with tempfile.TemporaryDirectory() as folder:
        backend = make(Path(folder) / "index")
        backend.open()
        try:
            for added, deleted in changes:
                memory.update(added, deleted)
                backend.update(added, deleted)
                for request in asked:
                    agree(memory.search(request), backend.search(request), request)
            assert backend.uids() == memory.uids()
            assert backend.count() == memory.count()
        finally:
            backend.close()


def agree(left, right, request):
    assert left.documents == right.documents
    assert left.suggestion == right.suggestion
    assert left.facets == right.facets
    if request.limit > 1 and (request.order is not Order.RELEVANCE or not request.offset):
        assert left.note == right.note
        assert {hit.uid: hit.terms for hit in left.hits} == {h.uid: h.terms for h in right.hits}
        tiers = [{hit.uid: int(hit.score) for hit in answer.hits} for answer in (left, right)]
        assert tiers[0] == tiers[1]
