"""What all screens share: the open home, the index, the code tables, and kept searches."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from fastapi import Request

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.people import User
from digitizer.chart.search import SearchRequest
from digitizer.errors import TransientError
from digitizer.operations.find import Found
from digitizer.operations.house import House
from digitizer.operations.picture import LARGE, SMALL
from digitizer.search.backend import SearchBackend

KEPT_SEARCHES = 500
COPIES = 4
"""Charts that are taken away at once: one is made, the others wait."""

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search under an opaque key, for its owner, so that no word of it stands in an address."""

    owner: int
    request: SearchRequest
    found: Found


@dataclass(frozen=True)
class Desk:
    """One running web server."""

    house: House
    index: SearchBackend
    secure: bool = False
    say: Callable[[str], None] = print
    knowledge: CodeKnowledge | None = None
    _codes_turn: threading.Lock = field(default_factory=threading.Lock)
    _searches: OrderedDict[str, KeptSearch] = field(default_factory=OrderedDict)
    _searches_turn: threading.Lock = field(default_factory=threading.Lock)
    _opened: dict[tuple[int, str], float] = field(default_factory=dict)
    _drawing: dict[int, threading.Semaphore] = field(
        default_factory=lambda: {LARGE: threading.Semaphore(2), SMALL: threading.Semaphore(1)}
    )
    _copies: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(COPIES))
    _copy_turn: threading.Lock = field(default_factory=threading.Lock)

    def house_of(self, who: User) -> House:
        """The house, with `who` as the actor of the audit trail."""
        return replace(self.house, actor=who.name, glass=who.glass)

    @contextmanager
    def codes(self) -> Iterator[CodeKnowledge]:
        """The code tables, for one thread at a time."""
        with self._codes_turn:
            assert self.knowledge is not None, "set by serve"
            yield self.knowledge

    def drawing(self, side: int) -> threading.Semaphore:
        """Whose turn it is to draw a picture of this size; thumbnails come in batches, one by one.

        KeyError for a size that no picture has.
        """
        return self._drawing[side]

    @contextmanager
    def copying(self) -> Iterator[None]:
        """The turn to make a PDF, one at a time and beside the pictures of pages.

        Raises:
            TransientError: too many wait already.
        """
        if not self._copies.acquire(blocking=False):
            raise TransientError("several charts are being taken away just now: try again soon")
        try:
            with self._copy_turn:
                yield
        finally:
            self._copies.release()

    def opened(self, who: User, key: str) -> None:
        """Remember that `who` has opened a chart, which is in the audit trail."""
        self._opened[who.id, key] = time.monotonic()

    def has_open(self, who: User, key: str) -> bool:
        """Whether `who` opened the chart within the last hour."""
        return time.monotonic() - self._opened.get((who.id, key), -_HOUR) < _HOUR

    def keep(self, search: KeptSearch) -> str:
        """Keep a search for its owner; returns its key."""
        key = secrets.token_urlsafe(12)
        with self._searches_turn:
            self._searches[key] = search
            while len(self._searches) > KEPT_SEARCHES:
                self._searches.popitem(last=False)
        return key

    def kept(self, key: str, who: User) -> KeptSearch | None:
        """The search of this key, if it is kept and theirs."""
        with self._searches_turn:
            found = self._searches.get(key)
        return found if found and found.owner == who.id else None


def desk_of(request: Request) -> Desk:
    """The desk that a request is made to."""
    desk: Desk = request.app.state.desk
    return desk
