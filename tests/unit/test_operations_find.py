"""A search sees what was decided before it, marks what a hit rests on, and says what it lacks."""

import time

import pytest

from digitizer.chart.search import PageRecord, SearchRequest
from digitizer.errors import TransientError
from digitizer.operations.find import find
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.index import feed, open_index, uid_of
from digitizer.search import generations
from digitizer.store import documents, outbox
from tests import charts

PAGES = 2_000


@pytest.fixture
def house(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        yield house


@pytest.fixture
def index(house):
    with open_index(house.home) as index:
        index.open()
        yield index


def names(house, index, query):
    return [hit.patient.name for hit in find(house, index, SearchRequest(query=query)).hits]


def waiting(house):
    with house.store.read() as tx:
        return outbox.count(tx)


def test_a_corrected_page_is_gone_from_the_next_search(house, index):
    key = charts.keep(house.store, charts.document(mrn="55-4711-90"))
    assert names(house, index, "mrn:55-4711-90") == ["Ada Example"]
    charts.read_anew(house.store, key, charts.document(name="Bo Example", mrn="55-4712-90"))
    assert names(house, index, "mrn:55-4711-90") == []
    assert names(house, index, "mrn:55-4712-90") == ["Bo Example"]
    assert waiting(house) == 0


def test_an_added_page_is_found_within_a_second_among_thousands(house, index):
    """Seconds of the CPU, for the machine may be busy. At 200,000 pages it takes no longer."""
    words = [
        "hypertension",
        "denies",
        "chest",
        "pain",
        "gout",
        "follow",
        "up",
        "in",
        "weeks",
        "metformin",
        "daily",
    ]
    index.rebuild(
        PageRecord(
            uid=uid_of(1_000 + number, 1),
            document="",
            source="old.pdf",
            number=1,
            text=" ".join(words[(number * step) % len(words)] for step in range(200)),
        )
        for number in range(PAGES)
    )
    find(house, index, SearchRequest(query="gout"))
    charts.keep(house.store, charts.document(name="Zweihander Example"))
    start = time.process_time()
    assert names(house, index, "zweihander") == ["Zweihander Example"]
    assert time.process_time() - start < 1.0
    assert index.count() == PAGES + 1


def test_a_backlog_is_left_to_the_daemon_and_said(house, index):
    charts.keep(house.store, charts.thick(pages=60, lines=1, suggested=1))
    backlog = waiting(house)
    found = find(house, index, SearchRequest(query="gout"))
    assert (found.documents, found.partial) == (0, True)
    assert f"{backlog} pages are not yet searchable" in found.note
    while feed(house, index):
        pass
    assert not find(house, index, SearchRequest(query="gout")).partial


def test_a_search_never_builds_a_broken_index_anew(house, index):
    charts.keep(house.store, charts.document())
    current = house.home.index / "CURRENT"
    current.write_text("gen-999")
    with pytest.raises(TransientError, match="digitizer index check"):
        find(house, index, SearchRequest(query="hypertension"))
    assert waiting(house) > 0
    assert current.read_text() == "gen-999"


def test_a_search_does_not_wait_for_who_writes_but_says_what_it_lacks(house, index):
    charts.keep(house.store, charts.document())
    with generations.writing(house.home.index):
        found = find(house, index, SearchRequest(query="hypertension"))
    assert (found.documents, found.partial) == (0, True)
    assert names(house, index, "hypertension") == ["Ada Example"]


def test_what_a_code_rests_on_is_marked_on_the_ink(house, index):
    key = charts.keep(house.store, charts.document())
    (hit,) = find(house, index, SearchRequest(query="code:E11")).hits
    assert hit.document == key
    assert [mark.of(hit.snippet) for mark in hit.marks] == ["type 2 diabetes"]
    page = charts.page()
    at = charts.SAYS.index("type 2 diabetes")
    words = {word.box for word, start in zip(page.text.words, page.text.starts, strict=True)
             if at <= start < at + len("type 2 diabetes")}  # fmt: skip
    assert len(words) == 3
    assert all(any(box.x0 <= word.x0 and word.x1 <= box.x1 for box in hit.boxes) for word in words)
    assert find(house, index, SearchRequest(query="code:J45")).hits == ()
    with house.store.read() as tx:
        assert documents.get(tx, key) is not None
