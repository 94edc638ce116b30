"""Whatever happens in whatever order, the ledger loses no file and digitizes none twice."""

import random
import tempfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitizer.chart.job import MOVES, Job, JobEvent, JobState
from digitizer.store import files, open_store
from digitizer.store.files import Lane

_BYTES = ("a" * 64, "b" * 64)
_SIZES = (1, 1 << 30)
_ENDINGS = (JobEvent.FINISHED, JobEvent.REJECTED, JobEvent.STUMBLED, JobEvent.GAVE_UP)
_REFUSED = (JobState.QUARANTINED, JobState.FAILED)


class _World:
    """A ledger, and the workers, killers and people who act on it."""

    def __init__(self, url, chance):
        self.store, self.chance = open_store(url), chance
        self.arrivals, self.running = 0, []

    def arrive(self):
        self.arrivals += 1
        sha256, size = self.chance.choice(_BYTES), self.chance.choice(_SIZES)
        for _ in range(2):  # a killed process enters the same claim again
            with self.store.begin() as tx:
                claim = str(self.arrivals)
                files.arrived(tx, claim=claim, name=b"x", sha256=sha256, size=size)

    def start(self):
        with self.store.begin() as tx:
            row = files.take_next(tx, self.chance.choice(list(Lane)))
        if row is not None:
            self.running.append(row)

    def end(self):
        if self.running:
            row = self.running.pop(self.chance.randrange(len(self.running)))
            with self.store.begin() as tx:
                assert files.move(tx, row.job, self.chance.choice(_ENDINGS), "why")

    def die(self):
        """The process is killed, and the next one starts."""
        self.running.clear()
        with self.store.begin() as tx:
            files.recover(tx)

    def person(self):
        with self.store.begin() as tx:
            refused = files.in_states(tx, *_REFUSED)
            if refused:
                event = self.chance.choice([JobEvent.RETRIED, JobEvent.DISCARDED])
                assert files.move(tx, self.chance.choice(refused).job, event)

    def check(self):
        with self.store.read() as tx:
            rows = {row.id: row for row in files.every(tx)}
        assert len(rows) == self.arrivals
        busy = Counter(row.sha256 for row in rows.values() if row.state in ("running", "done"))
        assert all(number == 1 for number in busy.values())
        for row in rows.values():
            if row.state == "duplicate":
                first = rows[row.duplicate_of]
                assert (first.sha256, first.state) == (row.sha256, "done")


_ACTS = ("arrive", "start", "end", "die", "person")
_OFTEN = (4, 6, 6, 1, 4)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_each_file_is_there_once_and_its_bytes_are_digitized_once(seed):
    with tempfile.TemporaryDirectory() as folder:
        world = _World(f"sqlite:///{folder}/ledger.sqlite", random.Random(seed))
        for act in world.chance.choices(_ACTS, _OFTEN, k=60):
            getattr(world, act)()
            world.check()
        world.store.close()


@given(state=st.sampled_from(JobState), event=st.sampled_from(JobEvent))
def test_a_move_that_is_not_in_the_table_is_refused(state, event):
    job = Job(id=1, state=state)
    if (state, event) in MOVES:
        assert job.after(event).state is MOVES[state, event]
    else:
        with pytest.raises(ValueError, match="cannot be"):
            job.after(event)
