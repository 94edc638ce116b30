"""The code tables: built once an installation, at set-up, and again for a home's own imports."""

from __future__ import annotations

from pathlib import Path

from digitizer.chart.stage import Resources
from digitizer.coding.build import build
from digitizer.coding.imported import Imports
from digitizer.coding.knowledge import Knowledge, open_knowledge
from digitizer.config import Home
from digitizer.operations.code_tables import installed_codes
from digitizer.operations.pipelines import resources_of


def build_codes(home: Home | None = None) -> Path:
    """Build the installation's code tables anew, and a home's where it has imports.

    Returns where the tables are that are used.
    """
    target = installed_codes()
    target.parent.mkdir(parents=True, exist_ok=True)
    build(target)
    if home and home.imports.is_file():
        target = build_imported(home)
    return target


def build_imported(home: Home) -> Path:
    """Build the tables of a home with what it has imported."""
    build(home.codes, Imports(home.imports).held())
    return home.codes


def open_codes(home: Home) -> Knowledge:
    """The code tables of a home, with the lexicon of its models.

    Raises:
        ConfigError: they were not built, or by another version; the message names the remedy.
    """
    return open_tables(resources_of(home))


def open_tables(resources: Resources) -> Knowledge:
    """The same, by what the stages of a home are given."""
    path = resources.codes or installed_codes()
    return open_knowledge(path, resources.models / "lexicon" / "problems.tsv")
