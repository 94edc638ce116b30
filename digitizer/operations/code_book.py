"""The code tables for who looks at charts: opened when first asked, for one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from digitizer.coding.knowledge import Knowledge
from digitizer.config import Home
from digitizer.errors import ConfigError
from digitizer.operations.knowledge import open_codes


class CodeBook:
    """The code tables of a home. Where there are none, charts are looked at without them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._turn = threading.Lock()
        self._codes: Knowledge | None = None

    @contextmanager
    def opened(self) -> Iterator[Knowledge | None]:
        """The tables; `None` where they were not built."""
        with self._turn:
            if self._codes is None:
                with suppress(ConfigError):
                    self._codes = open_codes(self._home)
            yield self._codes

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._codes is not None:
                self._codes.close()
            self._codes = None
