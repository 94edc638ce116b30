"""Both of our search backends keep the contract that strangers' are held to."""

import sys
from importlib.metadata import entry_points

import pytest

from digitizer.errors import ConfigError
from digitizer.registry import SEARCH_BACKENDS, load
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


class TestTantivy(SearchConformance):
    @pytest.fixture
    def backend(self, tmp_path):
        reason = "tantivy is optional, and not installed here; make test installs it"
        pytest.importorskip("tantivy", reason=reason)
        from digitizer.search.tantivy import TantivyBackend

        backend = TantivyBackend(tmp_path / "index", SYNONYMS)
        backend.open()
        yield backend
        backend.close()


def test_whoosh_is_the_registered_backend():
    (found,) = entry_points(group="digitizer.search_backends", name="whoosh")
    assert found.load() is WhooshBackend


def test_a_backend_whose_library_is_missing_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "digitizer.search.tantivy", raising=False)
    with pytest.raises(ConfigError, match="install"):
        load(SEARCH_BACKENDS, "tantivy")
