"""Finds a command in the module that holds it, and imports that module only when it is asked for.

So no command waits for the libraries of all others. A worker process starts by importing the
program too, and pays for none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

_MODULES = {
    "init": "work",
    "run": "work",
    "add": "work",
    "status": "work",
    "original": "work",
    "reindex": "work",
    "serve": "web",
    "search": "charts",
    "similar": "charts",
    "show": "charts",
    "export": "charts",
    "pdf": "charts",
    "read": "text",
    "understand": "text",
    "worklist": "review",
    "review": "review",
    "patient": "patients",
    "cases": "cases",
    "quarantine": "quarantine",
    "codes": "codes",
    "index": "index",
    "sheets": "sheets",
    "user": "people",
    "audit": "audit",
    "sample": "sample",
}
"""Command → module of this package, in the order of the help. A module has `register`, or `app`
where it holds one group of commands.
"""


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever typer gives its groups
        super().__init__(**given)
        self.commands = _OnDemand()  # type: ignore[assignment]  # nobody adds to it


class _OnDemand(Mapping[str, Any]):
    """Commands by name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer keeps the type to itself
        module = import_module(f"digitizer.cli.{_MODULES[name]}")
        part = typer.Typer()
        if hasattr(module, "register"):
            module.register(part)
        else:
            part.add_typer(module.app, name=name)
        return get_group(part).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)
