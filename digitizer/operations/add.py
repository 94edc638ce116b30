"""Puts copies of files into the inbox, each whole from the moment it has its name there."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from digitizer.errors import ConfigError, UsageError
from digitizer.operations.house import House


def add(house: House, source: Path) -> str:
    """Copy `source` into the inbox; returns the name it has there.

    A name that is taken gets a number. The copy is made under a name that intake passes over.

    Raises:
        UsageError: `source` is no file that can be read.
        ConfigError: the inbox cannot be written to.
    """
    if not source.is_file():
        raise UsageError(f"{source} is not a file: name the scans to add")
    draft = house.home.inbox / f".{secrets.token_hex(8)}.part"
    try:
        shutil.copyfile(source, draft)
        name = _free_name(house.home.inbox, source.name)
        draft.rename(house.home.inbox / name)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConfigError(
            f"{source.name} cannot be copied to the inbox ({error.strerror})"
        ) from None
    return name


def _free_name(inbox: Path, name: str) -> str:
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    number, free = 1, name
    while (inbox / free).exists():
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free
