"""The processes that do the heavy work: page readers, and the one process that analyses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.config import Home
from digitizer.operations.house import pipeline_of, resources_of
from digitizer.operations.knowledge import open_codes
from digitizer.pipeline import Pipeline, Runner, WorkerPool


@dataclass(frozen=True, slots=True)
class Crew:
    """`runner` opens files, `released` those that may pass the limits; `pages` reads pages side by
    side; `analysis` is one process, so models load once.
    """

    runner: Runner
    released: Runner
    pages: WorkerPool
    analysis: WorkerPool

    def rest(self) -> None:
        """End the processes; the next work starts them again."""
        self.pages.stop()
        self.analysis.stop()


@contextmanager
def hire(home: Home) -> Iterator[Crew]:
    """A crew for a home; its processes start when there is work and end with the block."""
    pipeline, resources = pipeline_of(home), resources_of(home)
    crew = Crew(
        runner=Runner(pipeline, resources),
        released=Runner(pipeline, replace(resources, limits=resources.limits.lifted())),
        pages=WorkerPool(home.settings.work.workers, _set_up_reader, (pipeline, resources)),
        analysis=WorkerPool(1, _set_up_analyst, (pipeline, resources)),
    )
    try:
        yield crew
    finally:
        crew.rest()


def analyst(pipeline: Pipeline, resources: Resources) -> Runner:
    """A runner in this process that knows the codes."""
    return Runner(pipeline, replace(resources, knowledge=open_codes(resources.models)))


_runner: Runner
"""Of this worker process, from `_set_up_reader` or `_set_up_analyst`."""


def _set_up_reader(pipeline: Pipeline, resources: Resources) -> None:
    global _runner
    os.environ["OMP_THREAD_LIMIT"] = "1"  # four times cheaper than Tesseract's own threads
    _runner = Runner(pipeline, resources)


def _set_up_analyst(pipeline: Pipeline, resources: Resources) -> None:
    global _runner
    _runner = analyst(pipeline, resources)


def read_page(page: Page) -> Page:
    """Run in a page worker: the page stages."""
    return _runner.read_page(page)


def read_document(document: Document) -> Document:
    """Run in the analysis process: the document stages."""
    return _runner.read_document(document)
