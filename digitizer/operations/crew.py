"""The processes that do the heavy work: page readers, and the one process that analyses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from digitizer.chart.document import Document
from digitizer.chart.stage import Lacking, Resources, Scope
from digitizer.config import Home
from digitizer.errors import ConfigError
from digitizer.operations.pipelines import pipelines_of, resources_of
from digitizer.operations.read_page import Pipelines, set_up
from digitizer.pipeline import Pipeline, Runner, WorkerPool
from digitizer.text.assemble import document_of


@dataclass(frozen=True, slots=True)
class Crew:
    """`pages` reads pages side by side; `analysis` is one process, so models load once."""

    pipelines: Pipelines
    resources: Resources
    pages: WorkerPool
    analysis: WorkerPool

    def runner(self, pipeline: str | None = None, *, released: bool = False) -> Runner:
        """Runs a pipeline in this process; past the limits for a `released` file.

        Raises:
            ConfigError: no rule of config.yaml names the pipeline any more.
        """
        if pipeline not in self.pipelines:
            raise ConfigError(
                f"no folder rule names the pipeline {pipeline} any more: add it again"
            )
        limits = self.resources.limits
        lifted = replace(self.resources, limits=limits.lifted() if released else limits)
        return Runner(self.pipelines[pipeline], lifted)

    def lacking(self) -> tuple[str, ...]:
        """What stages do without because it is not installed, one line each."""
        stages = {stage for pipeline in self.pipelines.values() for stage in pipeline.stages}
        said = {stage.lacks() for stage in stages if isinstance(stage, Lacking)}
        return tuple(sorted(said - {""}))

    def rest(self) -> None:
        """End the processes; the next work starts them again."""
        self.pages.stop()
        self.analysis.stop()


@contextmanager
def hire(home: Home, last: Scope = Scope.DOCUMENT) -> Iterator[Crew]:
    """A crew for a home; its processes start when there is work and end with the block.

    Its pipelines end with the stages of the scope `last`, its page readers' with those of pages.
    """
    pipelines, resources = pipelines_of(home, last), resources_of(home)
    reading = {name: pipeline.until(Scope.PAGE) for name, pipeline in pipelines.items()}
    crew = Crew(
        pipelines=pipelines,
        resources=resources,
        pages=WorkerPool(home.settings.work.workers, set_up, (reading, resources)),
        analysis=WorkerPool(1, _set_up_analyst, (pipelines, resources)),
    )
    try:
        yield crew
    finally:
        crew.rest()


def analyst(pipeline: Pipeline, resources: Resources) -> Runner:
    """A runner in this process that knows the codes."""
    from digitizer.operations.knowledge import open_tables  # page readers do without

    return Runner(pipeline, replace(resources, knowledge=open_tables(resources)))


_runners: dict[str | None, Runner]
"""Of the analysis process, from `_set_up_analyst`."""


def _set_up_analyst(pipelines: Pipelines, resources: Resources) -> None:
    global _runners
    _runners = {name: analyst(pipeline, resources) for name, pipeline in pipelines.items()}


def read_document(pipeline: str | None, document: Document) -> Document:
    """Run in the analysis process: the document stages."""
    return _runners[pipeline].read_document(document)


def read_again(pipeline: str | None, document: Document) -> Document:
    """Run in the analysis process: all that follows on the words of a page."""
    runner = _runners[pipeline]
    behind = Runner(runner.pipeline.after("text"), runner.resources)
    pages = [behind.read_page(page) if page.sections is None else page for page in document.pages]
    carried = document_of(pages).pages  # a section may go on from the page before
    return runner.read_document(replace(document, pages=carried))
