"""Reads a pipeline file into stages, and refuses one that could not run."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from digitizer.chart.stage import Scope, Stage
from digitizer.config.yaml import Node, read_yaml
from digitizer.errors import ConfigError
from digitizer.pipeline.plan import ORDER, Pipeline, is_within
from digitizer.registry import OURSELVES, STAGES, load

_KEYS = ("name", "about", "stages")


def load_pipeline(
    path: Path, plugins: tuple[str, ...] = (), last: Scope = Scope.DOCUMENT
) -> Pipeline:
    """Read and check the file; `plugins` names the other packages whose stages may be used.

    Stages behind those of the scope `last` are neither loaded nor checked.

    Raises:
        ConfigError: unknown key, stage or option, or a stage whose needs nothing before it gives;
            the message has file, line and the names that exist.
    """
    node = read_yaml(path)
    if not isinstance(node.value, dict) or not isinstance(node.value.get("stages"), list):
        raise ConfigError(f"{path.name}: a pipeline has a name, an about, and a list of stages")
    for key in node.value:
        if key not in _KEYS:
            raise _unknown(path, node, (str(key),), str(key), _KEYS)
    trusted = OURSELVES | frozenset(plugins)
    all_stages = (
        _stage(path, node, position, entry, trusted)
        for position, entry in enumerate(node.value["stages"])
    )
    stages = tuple(takewhile(lambda stage: is_within(stage, last), all_stages))
    _check_order(path, node, stages)
    return Pipeline(
        str(node.value.get("name", path.stem)), str(node.value.get("about", "")), stages
    )


def _stage(
    path: Path, node: Node, position: int, entry: dict[str, Any], trusted: frozenset[str]
) -> Stage:
    where = ("stages", str(position))
    if not isinstance(entry, dict) or "stage" not in entry:
        raise ConfigError(
            f"{path.name} line {node.line_of(where)}: say which stage, as `stage: NAME`"
        )
    try:
        kind = load(STAGES, str(entry["stage"]), trusted)
    except ConfigError as error:
        raise ConfigError(f"{path.name} line {node.line_of(where)}: {error}") from None
    options = {key: value for key, value in entry.items() if key != "stage"}
    names = tuple(field.name for field in fields(kind))
    for key in options:
        if key not in names:
            raise _unknown(path, node, (*where, key), key, names)
    try:
        stage: Stage = TypeAdapter(kind).validate_python(options)
    except ValidationError as error:
        first = error.errors()[0]
        keys = (*where, *(str(part) for part in first["loc"]))
        raise ConfigError(
            f"{path.name} line {node.line_of(keys)}: {keys[-1]}: {first['msg'].lower()}"
        ) from None
    return stage


def _unknown(
    path: Path, node: Node, keys: tuple[str, ...], key: str, names: tuple[str, ...]
) -> ConfigError:
    near = get_close_matches(key, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"
    return ConfigError(f"{path.name} line {node.line_of(keys)}: {key} is no option here: {hint}")


def _check_order(path: Path, node: Node, stages: tuple[Stage, ...]) -> None:
    given: set[str] = set()
    reached = 0
    for position, stage in enumerate(stages):
        line = node.line_of(("stages", str(position)))
        if ORDER.index(stage.scope) < reached:
            raise ConfigError(
                f"{path.name} line {line}: {stage.name} works on a {stage.scope}: move it up"
            )
        reached = ORDER.index(stage.scope)
        if missing := stage.needs - given:
            raise ConfigError(
                f"{path.name} line {line}: {stage.name} needs {', '.join(sorted(missing))}, "
                "which no stage before it gives"
            )
        given |= stage.gives
