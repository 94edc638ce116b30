"""Imports files of code systems into a home, lists them, and takes them out again."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from digitizer.coding.imported import Import, Imports
from digitizer.coding.imports.archive import Member, members, shown
from digitizer.coding.imports.lists import FORMS
from digitizer.coding.imports.recognise import NAMED, Part, counted, recognise
from digitizer.config import Home
from digitizer.errors import UsageError
from digitizer.operations.house import system_user
from digitizer.operations.knowledge import build_imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import took: (part, number of codes or wordings), and the files it passed over."""

    number: int
    taken: tuple[tuple[Part, int], ...]
    skipped: tuple[str, ...]


def import_codes(
    home: Home, path: Path, kind: str = "", first: date | None = None, last: date | None = None
) -> Imported:
    """Take a file, or all in a zip that can be recognised, and build the home's tables with it.

    `kind` says what a list is that does not say it itself. `first` and `last` are the days of
    service that it holds for. Either all of it is taken or nothing.

    Raises:
        UsageError: it cannot be read, is malformed, or holds nothing that can be imported.
    """
    if kind and kind not in NAMED:
        raise UsageError(f"there is no kind {kind!r}: it is one of {', '.join(NAMED)}")
    if first and last and last < first:
        raise UsageError("the last day lies before the first")
    taken, skipped = _read(path, kind)
    if not taken:
        raise UsageError(_nothing(path))
    days = tuple(day.isoformat() if day else "" for day in (first, last))
    log = Imports(home.imports)
    number = log.add(
        _now(), system_user(), (shown(path.name), _sha256(path)), (days[0], days[1]), taken
    )
    try:
        build_imported(home)
    except BaseException:
        log.discard(number)
        _without_imports(home)
        raise
    return Imported(number=number, taken=taken, skipped=skipped)


def imports_of(home: Home) -> tuple[Import, ...]:
    """All imports, oldest first, removed ones too."""
    return Imports(home.imports).listed() if home.imports.is_file() else ()


def remove_import(home: Home, number: int) -> None:
    """Take an import out, and build the tables without it.

    Raises:
        UsageError: there is no such import, or it was removed already.
    """
    log = Imports(home.imports)
    if not home.imports.is_file() or not log.remove(number, _now()):
        raise UsageError(f"there is no import {number} to remove: `digitizer codes imports` lists")
    build_imported(home)


def _read(path: Path, kind: str) -> tuple[tuple[tuple[Part, int], ...], tuple[str, ...]]:
    taken, skipped = [], []
    for member in members(path):
        part = _recognised(member, kind)
        if part is None:
            skipped.append(member.name)
        else:
            taken.append((part, counted(part)))
    return tuple(taken), tuple(skipped)


def _recognised(member: Member, kind: str) -> Part | None:
    if not member.content.strip():
        return None
    return recognise(member, kind)


def _nothing(path: Path) -> str:
    lists = ", ".join(FORMS)
    return (
        f"{shown(path.name)} holds nothing that can be imported: give the XML or zip of CMS or "
        f"NCHS, or say what a list is with --as ({lists})"
    )


def _without_imports(home: Home) -> None:
    """Let the home use the installation's tables again where nothing is imported."""
    if not any(not one.removed for one in imports_of(home)):
        with suppress(OSError):
            home.imports.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
