"""The daemon: one loop that takes files, a few threads that digitize them, one that indexes.

The threads share nothing but the store. Each may be killed at any moment: claims, job rows, kept
pages and the outbox say where to go on.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

from digitizer.config import Home
from digitizer.errors import DigitizerError, TransientError, UsageError
from digitizer.intake.settle import Settling
from digitizer.intake.watch import watching
from digitizer.operations.anew import understand_anew
from digitizer.operations.crew import Crew
from digitizer.operations.digitize import Digitizing
from digitizer.operations.house import House
from digitizer.operations.index import check, feed, tend
from digitizer.operations.ingest import Intake
from digitizer.operations.progress import Event, Report, Trouble
from digitizer.search.backend import SearchBackend
from digitizer.store import anew, files, outbox
from digitizer.store.files import Lane
from digitizer.work.folder import wipe

_TICK = 0.25
"""Seconds between looks while something is going on; an idle daemon sleeps `scan_seconds`."""

_NAP = 5.0
"""Seconds that a thread sleeps at most while there is nothing to do; see `Daemon._work`."""

_POLL_SECONDS = 1.0
"""Between looks into an inbox whose changes no event tells of."""

_MOST_WAIT = 30.0
"""Seconds between tries at most, while a fault lasts that passes."""

_IDLE_SECONDS = 30.0
"""The worker processes end after so long without work."""


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the home's lock, so that one process at a time takes and digitizes.

    Raises:
        UsageError: another process holds it.
    """
    home.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                "digitizer already runs on this home: it takes what you drop; "
                "stop it (Ctrl-C) to run another"
            ) from None
        yield


def persist(
    step: Callable[[], object],
    complain: Callable[[str], None],
    stop: threading.Event | None = None,
) -> None:
    """Do a step of starting up, again and again while its fault is one that passes.

    Waits longer from try to try, at most half a minute, and gives up when `stop` is set.
    """
    stop, wait = stop or threading.Event(), 1.0
    while not stop.is_set():
        try:
            step()
        except TransientError as error:
            complain(str(error))
            stop.wait(wait)
            wait = min(2 * wait, _MOST_WAIT)
        else:
            return


@dataclass
class Daemon:
    """Everything that one run works with. `stop` ends it; work under way is finished or redone.

    `_work` is set while jobs or pages wait: three threads that looked four times a second for work
    that was not there cost 1.7 % of a processor. `_checked` is set once the index was looked over.
    """

    house: House
    crew: Crew
    index: SearchBackend
    report: Report
    stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _work: threading.Event = field(default_factory=threading.Event)
    _checked: threading.Event = field(default_factory=threading.Event)

    def run(self, *, once: bool) -> None:
        """Work until `stop` is set, or, with `once`, until the inbox is done."""
        self._persist(self._recover)
        with ExitStack() as stack:
            told = once or stack.enter_context(watching(self.house.home.inbox, self._wake))
            threads = self._threads()
            stack.callback(self._join, threads)
            stack.callback(self._wind_up)
            for thread in threads:
                thread.start()
            self._take_files(once=once, told=told)

    def end(self) -> None:
        """Stop as soon as what is under way allows; may be called from a signal handler."""
        self._wind_up()
        self._wake.set()

    def _wind_up(self) -> None:
        self.stop.set()
        self._work.set()

    def _persist(self, step: Callable[[], object]) -> None:
        persist(step, lambda message: self.report(Trouble(message=message)), self.stop)

    def _recover(self) -> None:
        """Undo or carry on what a killed process left."""
        wipe(self.house.home.work)
        self.house.blobs.wipe_drafts()
        with self.house.store.begin() as tx:
            files.recover(tx)
            anew.recover(tx)

    def _threads(self) -> list[threading.Thread]:
        jobs = self.house.home.settings.work.files_at_once
        oldest, small = partial(self._digitize, Lane.OLDEST), partial(self._digitize, Lane.SMALL)
        reading = [
            threading.Thread(target=self._loop, args=(step,)) for step in (*[oldest] * jobs, small)
        ]
        anew = threading.Thread(target=self._loop, args=(self._understand_anew,))
        return [*reading, anew, threading.Thread(target=self._keep_index)]

    def _keep_index(self) -> None:
        """See that the index is whole, while files are already taken; then keep it up to date."""
        self._persist(self._check_index)
        self._checked.set()
        self._loop(self._feed_index)

    def _check_index(self) -> None:
        if pages := check(self.house, self.index, self._report_on):
            self.report(Trouble(message=f"the index was out of step: rebuilt, {pages} pages"))

    def _report_on(self, event: Event) -> None:
        """Report, and give up what goes on if the daemon is to end."""
        if self.stop.is_set():
            raise TransientError("the index is not yet built anew: the next start does it")
        self.report(event)

    def _join(self, threads: list[threading.Thread]) -> None:
        for thread in threads:
            thread.join()

    def _loop(self, step: Callable[[], bool]) -> None:
        """Repeat `step` until told to stop; rest a moment whenever it had nothing to do."""
        while not self.stop.is_set():
            self._work.wait(_NAP)
            try:
                busy = step()
            except DigitizerError as error:
                self.report(Trouble(message=str(error)))
                busy = False
                self.stop.wait(1.0)
            if not busy:
                self.stop.wait(_TICK)

    def _take_files(self, *, once: bool, told: bool) -> None:
        """`told` says whether events tell of every change in the inbox."""
        settings = self.house.home.settings.intake
        intake = Intake(self.house, Settling(settings.settle_seconds), self.report)
        idle_since = time.monotonic()
        while not self.stop.is_set():
            taken = intake.pass_over()
            working = self._work_left()
            if once and not (taken or intake.unsettled or working):
                return
            if working or taken:
                idle_since = time.monotonic()
                self._work.set()
            else:
                self._work.clear()
                if time.monotonic() - idle_since > _IDLE_SECONDS:
                    self.crew.rest()
            pause = settings.scan_seconds if told else min(settings.scan_seconds, _POLL_SECONDS)
            self._wake.wait(_TICK if once or intake.unsettled else pause)
            self._wake.clear()

    def _work_left(self) -> bool:
        if not self._checked.is_set():
            return True
        try:
            with self.house.store.read() as tx:
                return bool(files.open_jobs(tx) or outbox.count(tx) or anew.first(tx))
        except TransientError as error:
            self.report(Trouble(message=str(error)))
            return True

    def _digitize(self, lane: Lane) -> bool:
        with self.house.store.begin() as tx:
            row = files.take_next(tx, lane)
        if row is None:
            return False
        Digitizing(self.house, self.crew, row, self.report).run()
        return True

    def _understand_anew(self) -> bool:
        return understand_anew(self.house, self.crew)

    def _feed_index(self) -> bool:
        """Bring a batch into the index; small ones wait so that commits are not too many."""
        search = self.house.home.settings.search
        with self.house.store.read() as tx:
            waiting = outbox.count(tx)
        if not waiting:
            return tend(self.house, self.index, self._report_on)
        if waiting < search.commit_pages:
            self.stop.wait(search.commit_seconds)
        feed(self.house, self.index, self._report_on)
        return True
