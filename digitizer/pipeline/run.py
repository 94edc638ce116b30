"""Runs the stages of a pipeline, opening each once a process, and notes what each one did."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from digitizer.chart.document import Document
from digitizer.chart.page import Page, PageKind, Step
from digitizer.chart.stage import Resources, Scope, Stage
from digitizer.pipeline.plan import Pipeline

_Thing = TypeVar("_Thing", Page, Document)


@dataclass(frozen=True)
class Runner:
    """A pipeline with its resources. Stages open at their first use in this process."""

    pipeline: Pipeline
    resources: Resources
    _opened: dict[Stage, Callable[..., Any]] = field(default_factory=dict, repr=False)

    def open_file(self, original: Path, folder: Path) -> Iterator[Page]:
        """The pages of a file, each with its image in `folder`, one at a time."""
        (stage,) = self.pipeline.of(Scope.READ)
        for page in self._open(stage)(original, folder):
            yield replace(page, steps=(_step(stage, 0.0, page.warnings),))

    def read_page(self, page: Page) -> Page:
        """Run the page stages in order, as long as the page is worth reading."""
        for stage in self.pipeline.of(Scope.PAGE):
            if page.kind is not PageKind.CONTENT:
                break
            page = self._run(stage, page)
        return page.kept

    def assemble(self, pages: Sequence[Page]) -> tuple[Document, ...]:
        """Group the pages of a file into documents."""
        (stage,) = self.pipeline.of(Scope.ASSEMBLE)
        documents: tuple[Document, ...] = self._open(stage)(pages)
        return documents

    def read_document(self, document: Document) -> Document:
        """Run the document stages in order."""
        for stage in self.pipeline.of(Scope.DOCUMENT):
            document = self._run(stage, document)
        return document

    @cached_property
    def reader(self) -> Any:  # noqa: ANN401 - whatever the entity stage opens into
        """The opened stage that gives entities, for callers that bring spans of their own."""
        return next(self._open(s) for s in self.pipeline.stages if "entities" in s.gives)

    def _open(self, stage: Stage) -> Callable[..., Any]:
        if stage not in self._opened:
            self._opened[stage] = stage.open(self.resources)
        return self._opened[stage]

    def _run(self, stage: Stage, thing: _Thing) -> _Thing:
        run = self._open(stage)
        before = time.process_time()
        done: _Thing = run(thing)
        fresh = done.warnings[len(thing.warnings) :]
        step = _step(stage, time.process_time() - before, fresh)
        return replace(done, steps=(*thing.steps, step))


def _step(stage: Stage, seconds: float, warnings: tuple[str, ...]) -> Step:
    options = hashlib.sha256(repr(stage).encode()).hexdigest()[:12]
    return Step(
        stage=stage.name,
        version=stage.version,
        options=options,
        seconds=round(seconds, 4),
        warnings=warnings,
    )
