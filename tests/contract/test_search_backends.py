"""Both of our search backends keep the contract that strangers' are held to."""

from importlib.metadata import entry_points

import pytest

from digitizer.search.whoosh import WhooshBackend
from digitizer.testing.memory_search import MemorySearch
from digitizer.testing.search_conformance import SYNONYMS, SearchConformance


class TestWhoosh(SearchConformance):
    @pytest.fixture
    def backend(self, tmp_path):
        backend = WhooshBackend(tmp_path / "index", SYNONYMS)
        backend.open()
        yield backend
        backend.close()


class TestWhooshOfManySegments(SearchConformance):
    """The same with every page in a segment of its own."""

    @pytest.fixture
    def backend(self, tmp_path):
        backend = PageByPage(tmp_path / "index", SYNONYMS, segments=100)
        backend.open()
        yield backend
        backend.close()


class PageByPage(WhooshBackend):
    def update(self, records, deletions=()):
        super().update([], deletions)
        for record in records:
            super().update([record])


class TestMemory(SearchConformance):
    @pytest.fixture
    def backend(self):
        return MemorySearch(SYNONYMS)


def test_whoosh_is_the_registered_backend():
    (found,) = entry_points(group="digitizer.search_backends", name="whoosh")
    assert found.load() is WhooshBackend
