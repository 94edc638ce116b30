"""What a home reads its scans with: its pipelines, and what their stages are given. No store."""

from __future__ import annotations

from digitizer.chart.stage import Resources, Scope
from digitizer.config import Home
from digitizer.operations.code_tables import codes_of
from digitizer.pipeline import Pipeline
from digitizer.pipeline.load import load_pipeline


def pipeline_of(home: Home, name: str | None = None, last: Scope = Scope.DOCUMENT) -> Pipeline:
    """A pipeline by name, or the home's, up to the stages of the scope `last`; ConfigError where it
    cannot run.
    """
    settings = home.settings
    path = home.pipelines / f"{name or settings.pipeline}.yaml"
    return load_pipeline(path, settings.plugins, last)


def pipelines_of(home: Home, last: Scope = Scope.DOCUMENT) -> dict[str | None, Pipeline]:
    """All pipelines that config.yaml names, by name; `None` is the home's own."""
    names = {rule.pipeline or None for rule in home.settings.intake.folders}
    return {name: pipeline_of(home, name, last) for name in (None, *(names - {None}))}


def resources_of(home: Home) -> Resources:
    """What the stages of a home are given, all but the code knowledge (see `operations.crew`)."""
    settings = home.settings
    return Resources(
        models=home.models,
        codes=codes_of(home),
        learned=home.learned,
        limits=settings.limits.limits(),
        passwords=settings.intake.passwords,
    )
