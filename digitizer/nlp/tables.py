"""Reading the tables of a model folder: tab-separated, a header line, `#` comments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from digitizer.errors import ConfigError


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of `path` by column name; missing cells are "".

    Raises:
        ConfigError: where the file cannot be read or has no header.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} of the model cannot be read; install it again.") from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ConfigError(f"{path.name} of the model is empty; install it again.")
    names = lines[0].split("\t")
    return [_row(names, line.split("\t")) for line in lines[1:]]


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    padded = cells + [""] * (len(names) - len(cells))
    return dict(zip(names, (cell.strip() for cell in padded), strict=False))


def listed(cell: str) -> Iterator[str]:
    """The items of a comma-separated cell."""
    return (item.strip() for item in cell.split(",") if item.strip())


def words_by_role(path: Path) -> dict[str, frozenset[str]]:
    """A table of role and comma-separated words, as role → words."""
    roles: dict[str, set[str]] = {}
    for row in read_table(path):
        roles.setdefault(row["role"], set()).update(listed(row["words"]))
    return {role: frozenset(words) for role, words in roles.items()}
