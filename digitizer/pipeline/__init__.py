"""Which stages, in what order, with which options: checked at start, run with provenance."""

from digitizer.pipeline.plan import Pipeline
from digitizer.pipeline.pool import WorkerPool
from digitizer.pipeline.run import Runner

__all__ = ["Pipeline", "Runner", "WorkerPool"]
