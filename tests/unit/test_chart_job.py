import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.job import MOVES, OPEN_STATES, Job, JobEvent, JobState


def test_the_usual_way():
    job = Job(id=1).after(JobEvent.STARTED).after(JobEvent.FINISHED)
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_a_move_that_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="cannot be started"):
        Job(id=1, state=JobState.DONE).after(JobEvent.STARTED)


@given(st.lists(st.sampled_from(JobEvent)))
def test_whatever_happens_a_job_can_still_come_to_an_end(events):
    job = Job(id=1)
    for event in events:
        if (job.state, event) in MOVES:
            job = job.after(event)
    if job.state in OPEN_STATES:
        if job.state is not JobState.RUNNING:
            job = job.after(JobEvent.STARTED)
        job = job.after(JobEvent.FINISHED)
    assert job.state not in OPEN_STATES
