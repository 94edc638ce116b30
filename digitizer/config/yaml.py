"""YAML with line numbers, so that an error can point at the line it is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from digitizer.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Node:
    """A parsed file: its plain value, and its syntax tree for looking up lines."""

    value: Any
    tree: yaml.Node | None

    def line_of(self, keys: tuple[str, ...]) -> int:
        """The line (from 1) of the deepest of `keys` that is in the file."""
        node, line = self.tree, 1
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if k.value == key]
                if not found:
                    break
                line, node = found[0][0].start_mark.line + 1, found[0][1]
            elif (
                isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value)
            ):
                node = node.value[int(key)]
                line = node.start_mark.line + 1
            else:
                break
        return line


def read_yaml(path: Path) -> Node:
    """Parse the file; ConfigError where it is missing, no UTF-8, or no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        return Node(value=yaml.safe_load(text), tree=tree)
    except FileNotFoundError:
        raise ConfigError(
            f"{path} is missing: `digitizer init DIR` makes a home that has it"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path.name} line {line}: {error.problem}") from None
