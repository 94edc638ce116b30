"""Is a file still being written? A small clock-driven object, apart from watching and taking."""

from __future__ import annotations

from collections.abc import Iterable

from digitizer.intake.look import Sighting


class Settling:
    """Knows of each file what it looked like and since when it has looked so.

    Time is given by the caller, in seconds of any clock that does not go back.
    """

    def __init__(self, quiet_seconds: float) -> None:
        """A file counts as whole once it has not changed for `quiet_seconds`."""
        self._quiet = quiet_seconds
        self._since: dict[bytes, tuple[Sighting, float]] = {}

    def observe(self, seen: Iterable[tuple[bytes, Sighting]], now: float) -> tuple[bytes, ...]:
        """Take note of all files that lie there now; returns those that have settled, oldest first.

        Files that are no longer there are forgotten, so a name that comes back starts anew.
        """
        before, self._since = self._since, {}
        for name, sighting in seen:
            known = before.get(name)
            unchanged = known is not None and known[0] == sighting
            self._since[name] = known if unchanged and known else (sighting, now)
        ripe = [
            (sighting.modified, name)
            for name, (sighting, since) in self._since.items()
            if now - since >= self._quiet
        ]
        return tuple(name for _, name in sorted(ripe))

    def quiet_for(self, name: bytes, now: float) -> float:
        """Seconds since the file was first seen as it is now; 0 for one that does not lie there."""
        known = self._since.get(name)
        return now - known[1] if known else 0.0

    def again(self, name: bytes) -> None:
        """Start the clock anew for a file that turned out to be still written to."""
        self._since.pop(name, None)

    def quiet_for_less_than(self, seconds: float, now: float) -> int:
        """How many of the files that lie there have changed within the last `seconds`."""
        return sum(now - since < seconds for _, since in self._since.values())

    def __len__(self) -> int:
        return len(self._since)
