"""What config.yaml may say. Every field has a default: an empty file is a whole configuration."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from digitizer.chart.stage import Limits
from digitizer.config.yaml import Node, read_yaml
from digitizer.errors import ConfigError

_LONGEST_PASSWORD = 127
"""Bytes; more are cut off by ISO 32000-2, 7.6.4.3.3, and poppler once crashed on them."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _within_pdf(password: str) -> str:
    if len(password.encode()) > _LONGEST_PASSWORD:
        raise ValueError(f"no PDF has a password of more than {_LONGEST_PASSWORD} bytes")
    return password


class Folders(_Part):
    """Where things lie; relative paths are relative to the folder of config.yaml."""

    inbox: Path = Path("inbox")
    data: Path = Path(".digitizer")
    pipelines: Path = Path("pipelines")
    models: Path = Path("models")


class FolderRule(_Part):
    """What holds for files dropped into one subfolder of the inbox, and below it.

    `scanner` is the source's name and `department` the default one, for people; files of a higher
    `priority` are read first; `pipeline` is another than the home's. `duplex` is for a scanner that
    reads one side: each file of fronts is followed by one of the backs, the stack turned over.
    """

    path: str = Field(min_length=1)
    pipeline: str = ""
    scanner: str = ""
    department: str = ""
    priority: int = Field(default=0, ge=-100, le=100)
    duplex: bool = False

    def holds_for(self, name: bytes) -> bool:
        """Whether the rule is about a file of this name, relative to the inbox."""
        return name.startswith(os.fsencode(self.path.strip("/")) + b"/")


_NO_RULE = FolderRule(path=".")


class Intake(_Part):
    """How files are noticed and taken."""

    settle_seconds: float = Field(default=2.0, ge=0, le=3600)
    scan_seconds: float = Field(default=5.0, gt=0, le=10)
    patience_seconds: float = Field(default=30.0, ge=0, le=86_400)
    backs_seconds: float = Field(default=600.0, gt=0, le=86_400)
    folders: tuple[FolderRule, ...] = ()
    passwords: tuple[Annotated[str, AfterValidator(_within_pdf)], ...] = ()

    def rule_of(self, name: bytes) -> FolderRule:
        """The rule of the deepest folder that has one; one that changes nothing where none has."""
        fitting = (rule for rule in self.folders if rule.holds_for(name))
        return max(fitting, key=lambda rule: len(rule.path.strip("/")), default=_NO_RULE)


class Bounds(_Part):
    """What reading one file may cost."""

    bytes: int = Field(default=1 << 30, ge=1)
    pages: int = Field(default=5_000, ge=1)
    megapixels: int = Field(default=120, ge=1)
    memory_mib: int = Field(default=2_048, ge=256)
    cpu_seconds: int = Field(default=3_600, ge=1)
    wall_seconds: int = Field(default=7_200, ge=1)
    page_seconds: int = Field(default=180, ge=5)

    def limits(self) -> Limits:
        """The same as the limits of a child process."""
        return Limits(
            cpu_seconds=self.cpu_seconds,
            wall_seconds=self.wall_seconds,
            memory_bytes=self.memory_mib << 20,
            original_bytes=self.bytes,
            pages=self.pages,
            pixels=self.megapixels * 1_000_000,
            page_seconds=self.page_seconds,
        )


class Work(_Part):
    """How much is done at once, and how often it is tried."""

    pages_at_once: int = Field(default=0, ge=0)
    files_at_once: int = Field(default=2, ge=1)
    tries: int = Field(default=4, ge=1)
    retry_seconds: float = Field(default=5.0, ge=0)

    @property
    def workers(self) -> int:
        """Page workers: as configured, or one for each processor this process may use."""
        return self.pages_at_once or len(os.sched_getaffinity(0))


class Search(_Part):
    """The full-text index."""

    backend: str = "whoosh"
    commit_pages: int = Field(default=50, ge=1)
    commit_seconds: float = Field(default=0.5, ge=0)


class Web(_Part):
    """The desk in the browser."""

    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=1, le=65_535)
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False


class Settings(_Part):
    """The whole of config.yaml."""

    folders: Folders = Folders()
    pipeline: str = "chart"
    database: str = ""
    plugins: tuple[str, ...] = ()
    intake: Intake = Intake()
    limits: Bounds = Bounds()
    work: Work = Work()
    search: Search = Search()
    web: Web = Web()


def load_settings(path: Path) -> Settings:
    """Read and check the file.

    Raises:
        ConfigError: with file, line, and the nearest name that exists where a key is unknown.
    """
    node = read_yaml(path)
    try:
        return Settings.model_validate(node.value or {})
    except ValidationError as error:
        raise ConfigError(_explain(path, node, error)) from None


def _explain(path: Path, node: Node, error: ValidationError) -> str:
    first = error.errors()[0]
    keys = tuple(str(part) for part in first["loc"])
    where = f"{path.name} line {node.line_of(keys)}: {'.'.join(keys)}"
    if first["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1])
        near = get_close_matches(keys[-1], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
        return f"{where} is no setting: {hint}"
    return f"{where}: {first['msg'].lower()}"


def _known_keys(parents: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for key in parents:
        if key.isdigit():  # a place in a list: what is in it is known already
            continue
        annotation: object = model.model_fields[key].annotation
        if get_origin(annotation) is tuple:
            annotation = get_args(annotation)[0]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return sorted(model.model_fields)
