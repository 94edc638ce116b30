"""Finds what plugs in — stages, engines, search backends — by entry point.

Ours and strangers' plug-ins come through the same door. A stranger's is used only where the
caller trusts its distribution by name, which is what `plugins:` in config.yaml says.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from digitizer.errors import ConfigError

STAGES = "digitizer.stages"
ENGINES = "digitizer.engines"
SEARCH_BACKENDS = "digitizer.search_backends"

OURSELVES = frozenset({"digitizer"})


def names(group: str, trusted: frozenset[str] = OURSELVES) -> tuple[str, ...]:
    """The names that `load` would find in `group`, sorted."""
    return tuple(sorted(_trusted(group, trusted)))


def load(group: str, name: str, trusted: frozenset[str] = OURSELVES) -> Any:  # noqa: ANN401 - a plug-in is whatever its group says
    """The object behind entry point `name` of `group`.

    Raises:
        ConfigError: there is no such name (the message lists those there are), or it fails to load.
    """
    found = _trusted(group, trusted)
    if name not in found:
        kind = group.rpartition(".")[2].replace("_", " ")
        raise ConfigError(
            f"there is no {name!r} among the {kind}: use one of {', '.join(sorted(found))}"
        )
    try:
        return found[name].load()
    except ImportError as error:
        raise ConfigError(f"{name!r} cannot be loaded ({error}): install what it needs") from error


def _trusted(group: str, trusted: frozenset[str]) -> dict[str, EntryPoint]:
    return {
        point.name: point
        for distribution, point in _points(group)
        if distribution in trusted | OURSELVES
    }


@cache
def _points(group: str) -> tuple[tuple[str, EntryPoint], ...]:
    """The distributions and what they bring; the metadata of all of them is read for each look."""
    found = entry_points(group=group)
    return tuple((point.dist.name, point) for point in found if point.dist is not None)
