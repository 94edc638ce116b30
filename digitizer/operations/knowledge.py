"""The code tables: built once an installation, at set-up, from a packaged source."""

from __future__ import annotations

import sys
from pathlib import Path

from digitizer.coding.build import build
from digitizer.coding.knowledge import Knowledge, open_knowledge


def codes_path() -> Path:
    """Where this installation keeps its code tables."""
    return Path(sys.prefix) / "share" / "digitizer" / "codes.sqlite"


def build_codes() -> Path:
    """Build the code tables anew; returns where they are."""
    target = codes_path()
    target.parent.mkdir(parents=True, exist_ok=True)
    build(target)
    return target


def open_codes(models: Path) -> Knowledge:
    """The code tables with the lexicon of a home's models.

    Raises:
        ConfigError: they were not built, or by another version; the message names the remedy.
    """
    return open_knowledge(codes_path(), models / "lexicon" / "problems.tsv")
