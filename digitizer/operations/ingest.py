"""Takes settled files out of the inbox into the store: claim, copy, hash, fsync, row, done.

Whatever is killed and whenever, a file is in the inbox, or in a claim that the next start carries
on, or safe in the store with its row. It is never deleted before that row is committed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from digitizer.config.settings import FolderRule
from digitizer.errors import TransientError
from digitizer.intake import claim as claims
from digitizer.intake.claim import Claim
from digitizer.intake.look import Sighting, look
from digitizer.intake.settle import Settling
from digitizer.operations.house import House
from digitizer.operations.progress import Arrived, Report, Trouble
from digitizer.store import files
from digitizer.store.files import Origin
from digitizer.work.whole import cut_off

_PASS_SECONDS = 1.0
"""A pass takes files for so long before it looks again, so that a burst hides nothing new."""


@dataclass(frozen=True)
class Intake:
    """The intake of one home: looks, waits for files to settle, takes them."""

    house: House
    settling: Settling
    report: Report
    clock: Callable[[], float] = time.monotonic
    _noted: set[bytes] = field(default_factory=set)

    def recover(self) -> int:
        """Carry on with claims of a killed process or a pass that failed; returns how many.

        Raises:
            TransientError: the store or its disk fails.
        """
        waiting = list(claims.left_over(self.house.home.claims))
        return sum(self._store(claim) for claim in waiting)

    def pass_over(self) -> int:
        """Look through the inbox and take what has settled, for a while; returns how many.

        The oldest and the newest are taken in turn: a burst delays nobody who comes after it.
        """
        try:
            taken = self.recover()
            with self.house.store.begin() as tx:
                files.wait_no_longer(tx)
            settled = self.settling.observe(self._files(), self.clock())
            taken += self._take_stacks(settled)
            ripe = deque(name for name in settled if not self._is_duplex(name))
            until = self.clock() + _PASS_SECONDS
            while ripe and self.clock() < until:
                taken += self._take(ripe.pop() if taken % 2 else ripe.popleft())
        except TransientError as error:
            self.report(Trouble(message=str(error)))
            return 0
        return taken

    @property
    def unsettled(self) -> int:
        """How many files lie in the inbox that will be taken soon if nothing happens to them."""
        patience = self.house.home.settings.intake.patience_seconds
        return self.settling.quiet_for_less_than(patience, self.clock())

    def _files(self) -> Iterator[tuple[bytes, Sighting]]:
        for seen in look(self.house.home.inbox):
            if seen.sighting is not None:
                yield seen.name, seen.sighting
            else:
                self._note(seen.name, seen.ignored)

    def _note(self, name: bytes, why: str) -> None:
        """Say, once, why something is left where it lies."""
        if name not in self._noted:
            with self.house.store.begin() as tx:
                files.ignored(tx, name, why)
            self._noted.add(name)

    def _is_duplex(self, name: bytes) -> bool:
        return self.house.home.settings.intake.rule_of(name).duplex

    def _take_stacks(self, settled: Iterable[bytes]) -> int:
        """Take fronts and backs strictly in the order they were scanned in, for it tells which is
        which; where one must wait, so do those after it.
        """
        stacks = (name for name in settled if self._is_duplex(name))
        return sum(1 for _ in takewhile(self._take, stacks))

    def _take(self, name: bytes) -> bool:
        try:
            if self._must_wait(name):
                return False
        except PermissionError:
            self._note(name, "digitizer's user may not read it: it is taken once that is allowed")
            return False
        claim = claims.take(self.house.home.inbox, self.house.home.claims, name)
        self.settling.again(name)
        return claim is not None and self._store(claim)

    def _must_wait(self, name: bytes) -> bool:
        """Whether the file is held open by its writer, or is cut off and may yet grow."""
        patience = self.house.home.settings.intake.patience_seconds
        with claims.peek(self.house.home.inbox, name) as descriptor:
            if descriptor is None:
                return True
            if claims.being_written(descriptor):
                return True
            patient = self.settling.quiet_for(name, self.clock()) >= patience
            return not patient and cut_off(descriptor)

    def _store(self, claim: Claim) -> bool:
        """Make the claimed file safe, or give it back where its writer is not done with it."""
        try:
            with claims.opened(claim) as descriptor:
                before = claims.sighting(descriptor)
                sha256, size = self.house.blobs.keep(descriptor)
                done = claims.sighting(descriptor) == before
                written_to = not done or claims.being_written(descriptor)
            if written_to:
                claims.give_back(claim, self.house.home.inbox)
                return False
        except OSError as error:
            raise TransientError(
                f"the file in .claimed/{claim.id} cannot be read ({error.strerror}): "
                "it is tried again; if the disk is failing, copy it elsewhere"
            ) from error
        settings = self.house.home.settings.intake
        rule = settings.rule_of(claim.name)
        with self.house.store.begin() as tx:
            row = files.arrived(
                tx,
                claim=claim.id,
                name=claim.name,
                sha256=sha256,
                size=size,
                written=before.modified / 1e9,
                origin=_origin(rule),
                backs_seconds=settings.backs_seconds if rule.duplex else None,
            )
        claims.finish(claim)
        self.report(Arrived(source=row.source, state=row.state))
        return True


def _origin(rule: FolderRule) -> Origin:
    """Duplex halves find one another by their scanner, so it has a name in any case."""
    return Origin(
        priority=rule.priority,
        pipeline=rule.pipeline or None,
        scanner=rule.scanner or (rule.path if rule.duplex else None),
        department=rule.department or None,
    )
