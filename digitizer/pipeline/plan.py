"""What a pipeline is. It stands apart from what loads one: a page worker is handed its pipeline and
starts at every call, and the checks that loading needs take a seventh of a second to import.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from digitizer.chart.stage import Scope, Stage

ORDER = (Scope.READ, Scope.PAGE, Scope.ASSEMBLE, Scope.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A checked pipeline: stages in order, each with its options. Picklable."""

    name: str
    about: str
    stages: tuple[Stage, ...]

    def of(self, scope: Scope) -> tuple[Stage, ...]:
        """The stages of one scope, in order."""
        return tuple(stage for stage in self.stages if stage.scope is scope)

    def until(self, last: Scope) -> Pipeline:
        """The part that ends with the stages of the scope `last`."""
        stages = (stage for stage in self.stages if is_within(stage, last))
        return Pipeline(self.name, self.about, tuple(stages))

    def after(self, layer: str) -> Pipeline:
        """The part that works on what has `layer` already: all behind the stage that gives it."""
        last = max(i for i, stage in enumerate(self.stages) if layer in stage.gives)
        return Pipeline(self.name, self.about, self.stages[last + 1 :])

    def fingerprint(self, *scopes: Scope) -> str:
        """Twelve hex digits that change with any stage, version or option of these scopes."""
        said = [(s.name, s.version, repr(s)) for s in self.stages if s.scope in scopes]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def is_within(stage: Stage, last: Scope) -> bool:
    """Whether a stage is of the scope `last`, or of one before it."""
    return ORDER.index(stage.scope) <= ORDER.index(last)
