"""Where the code tables of a home are: the installation's, or its own where it imported files."""

from __future__ import annotations

import sys
from pathlib import Path

from digitizer.config import Home


def installed_codes() -> Path:
    """The tables of packaged sources alone, built once an installation."""
    return Path(sys.prefix) / "share" / "digitizer" / "codes.sqlite"


def codes_of(home: Home) -> Path:
    """The tables that a home uses."""
    return home.codes if home.imports.is_file() else installed_codes()
