"""What runs in a page worker. It imports little: a worker starts for every call of the program."""

from __future__ import annotations

import os
from collections.abc import Mapping

from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.errors import InputError
from digitizer.pipeline import Pipeline, Runner
from digitizer.work.rlimits import limit_size

_WORKER_SHARE = 2
"""A page worker has libraries and several copies of a page; each Tesseract inherits its limit."""

Pipelines = Mapping[str | None, Pipeline]
"""By the name that a folder's rule gives; `None` is the home's own."""

_runners: dict[str | None, Runner]
"""Of this worker process, from `set_up`."""


def set_up(pipelines: Pipelines, resources: Resources) -> None:
    """Make this process a page worker."""
    global _runners
    os.environ["OMP_THREAD_LIMIT"] = "1"  # four times cheaper than Tesseract's own threads
    limits = resources.limits
    limit_size(memory=_WORKER_SHARE * limits.memory_bytes, file=limits.file_bytes)
    _runners = {name: Runner(pipeline, resources) for name, pipeline in pipelines.items()}


def read_page(pipeline: str | None, page: Page) -> Page:
    """Run the page stages.

    Raises:
        InputError: the page takes more memory than a worker may have.
    """
    try:
        return _runners[pipeline].read_page(page)
    except MemoryError:
        raise InputError(
            "it is too large: reading it takes more memory than limits.memory_mib allows; "
            "scan it at a lower resolution"
        ) from None
