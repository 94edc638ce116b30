"""Machine work on one file: its states, and the one table of moves between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class JobState(StrEnum):
    """Where the work on a file stands."""

    WAITING = "waiting"  # fronts of a stack whose backs are still to come
    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    DONE = "done"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    DISCARDED = "discarded"


class JobEvent(StrEnum):
    """What can happen to a job."""

    JOINED = "joined"  # the other half came, or is waited for no longer
    STARTED = "started"
    FINISHED = "finished"
    REJECTED = "rejected"  # the file's fault: InputError
    STUMBLED = "stumbled"  # a fault that passes, with tries left
    GAVE_UP = "gave_up"  # ours: tries used up, or a bug
    LOST = "lost"  # the process that ran it is gone
    RETRIED = "retried"  # a person asks for another try
    DISCARDED = "discarded"  # a person wants no more of it; its original stays


MOVES: dict[tuple[JobState, JobEvent], JobState] = {
    (JobState.WAITING, JobEvent.JOINED): JobState.QUEUED,
    (JobState.QUEUED, JobEvent.STARTED): JobState.RUNNING,
    (JobState.RETRYING, JobEvent.STARTED): JobState.RUNNING,
    (JobState.RUNNING, JobEvent.FINISHED): JobState.DONE,
    (JobState.RUNNING, JobEvent.REJECTED): JobState.QUARANTINED,
    (JobState.RUNNING, JobEvent.STUMBLED): JobState.RETRYING,
    (JobState.RUNNING, JobEvent.GAVE_UP): JobState.FAILED,
    (JobState.RUNNING, JobEvent.LOST): JobState.QUEUED,
    (JobState.QUARANTINED, JobEvent.RETRIED): JobState.QUEUED,
    (JobState.FAILED, JobEvent.RETRIED): JobState.QUEUED,
    (JobState.DONE, JobEvent.RETRIED): JobState.QUEUED,
    (JobState.DISCARDED, JobEvent.RETRIED): JobState.QUEUED,
    (JobState.QUARANTINED, JobEvent.DISCARDED): JobState.DISCARDED,
    (JobState.FAILED, JobEvent.DISCARDED): JobState.DISCARDED,
}

OPEN_STATES = frozenset({JobState.WAITING, JobState.QUEUED, JobState.RUNNING, JobState.RETRYING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The work on one file that arrived. `attempts` counts starts; `reason` is for a person."""

    id: int
    state: JobState = JobState.QUEUED
    attempts: int = 0
    reason: str = ""

    def after(self, event: JobEvent, reason: str = "") -> Job:
        """The job after `event`; ValueError where the table of moves has no such move."""
        try:
            state = MOVES[self.state, event]
        except KeyError:
            raise ValueError(f"a {self.state} job cannot be {event}") from None
        attempts = 0 if event is JobEvent.RETRIED else self.attempts
        started = event is JobEvent.STARTED
        return replace(self, state=state, attempts=attempts + started, reason=reason)
