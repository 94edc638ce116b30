"""The code knowledge and the lexicon as the product has them; built once for a whole test run."""

import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from digitizer.chart.document import Document
from digitizer.chart.stage import Resources
from digitizer.coding.build import build
from digitizer.coding.knowledge import Knowledge, open_knowledge
from digitizer.coding.suggest import SuggestCodes

MODELS = Path(__file__).parents[1] / "models"
LEXICON = MODELS / "lexicon" / "problems.tsv"
STATUSES = MODELS / "lexicon" / "statuses.tsv"
SITES = MODELS / "lexicon" / "neoplasms.tsv"


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="digitizer-codes-")


@lru_cache(maxsize=1)
def codes_file() -> Path:
    """A freshly built code knowledge file; about five seconds the first time."""
    path = Path(_folder().name) / "codes.sqlite"
    build(path)
    return path


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The knowledge with the product's lexicon, open."""
    return open_knowledge(codes_file(), LEXICON)


@lru_cache(maxsize=1)
def suggester() -> Callable[[Document], Document]:
    """The stage with its default options, open."""
    return SuggestCodes().open(Resources(models=MODELS, knowledge=knowledge()))
