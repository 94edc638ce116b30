"""Takes settled files out of the inbox into the store: claim, copy, hash, fsync, row, done.

Whatever is killed and whenever, a file is in the inbox, or in a claim that the next start carries
on, or safe in the store with its row. It is never deleted before that row is committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from digitizer.errors import TransientError
from digitizer.intake import claim as claims
from digitizer.intake.claim import Claim
from digitizer.intake.look import Sighting, look
from digitizer.intake.settle import Settling
from digitizer.operations.house import House
from digitizer.operations.progress import Arrived, Report, Trouble
from digitizer.store import files


@dataclass(frozen=True)
class Intake:
    """The intake of one home: looks, waits for files to settle, takes them."""

    house: House
    settling: Settling
    report: Report
    clock: Callable[[], float] = time.monotonic

    def recover(self) -> int:
        """Carry on with what a killed process had claimed; returns how many files that was."""
        waiting = list(claims.left_over(self.house.home.claims))
        return sum(self._store(claim) for claim in waiting)

    def pass_over(self) -> int:
        """Look through the inbox once and take what has settled; returns how many were taken."""
        try:
            ripe = self.settling.observe(self._files(), self.clock())
            return sum(self._take(name) for name in ripe)
        except TransientError as error:
            self.report(Trouble(message=str(error)))
            return 0

    @property
    def unsettled(self) -> int:
        """How many files lie in the inbox that were not taken yet."""
        return len(self.settling)

    def _files(self) -> Iterator[tuple[bytes, Sighting]]:
        for seen in look(self.house.home.inbox):
            if seen.sighting is not None:
                yield seen.name, seen.sighting
            else:
                with self.house.store.begin() as tx:
                    files.ignored(tx, seen.name, seen.ignored)

    def _take(self, name: bytes) -> bool:
        claim = claims.take(self.house.home.inbox, self.house.home.claims, name)
        self.settling.again(name)
        return claim is not None and self._store(claim)

    def _store(self, claim: Claim) -> bool:
        """Make the claimed file safe, or give it back where its writer is not done with it."""
        with claims.opened(claim) as descriptor:
            before = claims.sighting(descriptor)
            sha256, size = self.house.blobs.keep(descriptor)
            written_to = claims.sighting(descriptor) != before
        if written_to:
            claims.give_back(claim, self.house.home.inbox)
            return False
        with self.house.store.begin() as tx:
            row = files.arrived(tx, claim=claim.id, name=claim.name, sha256=sha256, size=size)
        claims.finish(claim)
        self.report(Arrived(source=row.source, state=row.state))
        return True
