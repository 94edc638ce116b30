"""Worker processes that start when there is work, outlive a crash, and go when they are idle."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from digitizer.errors import TransientError

_Answer = TypeVar("_Answer")


class WorkerPool:
    """A process pool that is made at the first call and made anew after a worker died.

    `setup(*arguments)` runs once in each worker. Workers end with their parent, even when it is
    killed. Safe to use from several threads.
    """

    def __init__(
        self, workers: int, setup: Callable[..., None], arguments: tuple[Any, ...]
    ) -> None:
        self._workers = workers
        self._setup = (setup, arguments)
        self._executor: ProcessPoolExecutor | None = None
        self._guard = threading.Lock()

    def submit(self, function: Callable[..., _Answer], *arguments: object) -> Future[_Answer]:
        """Like `Executor.submit`; starts the workers when there are none."""
        with self._guard:
            for _ in range(2):
                executor = self._executor or self._start()
                try:
                    return executor.submit(function, *arguments)
                except BrokenProcessPool:
                    self._forget(executor)
        raise TransientError("worker processes keep dying at once: is there memory left?")

    def result(self, future: Future[_Answer]) -> _Answer:
        """The future's result.

        Raises:
            TransientError: a worker process died; whatever was under way may be tried again.
        """
        try:
            return future.result()
        except BrokenProcessPool:  # the next submit finds the pool broken, and makes a new one
            raise TransientError("a worker process was killed: the page is read again") from None

    def stop(self) -> None:
        """End the workers; what is queued is dropped, what runs is finished."""
        with self._guard:
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
                self._executor = None

    def _start(self) -> ProcessPoolExecutor:
        self._executor = ProcessPoolExecutor(
            max_workers=self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=self._setup,
        )
        return self._executor

    def _forget(self, executor: ProcessPoolExecutor) -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        if self._executor is executor:
            self._executor = None


def _begin(setup: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent acts
    threading.Thread(target=_end_with_parent, daemon=True).start()
    setup(*arguments)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever; so leave when it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
