"""A home: the folder of one config.yaml, and where everything of it lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from digitizer.config.settings import Settings, load_settings
from digitizer.errors import ConfigError

CONFIG_NAME = "config.yaml"


@dataclass(frozen=True)
class Home:
    """Where one installation keeps its things. All paths are absolute."""

    root: Path

    @cached_property
    def settings(self) -> Settings:
        """What config.yaml says; ConfigError where it is wrong."""
        return load_settings(self.root / CONFIG_NAME)

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.root / self.settings.folders.inbox

    @property
    def claims(self) -> Path:
        """Files that were taken and are not yet safe in the blob store; on the inbox's own disk."""
        return self.inbox / ".claimed"

    @property
    def data(self) -> Path:
        """The private data folder, mode 0700."""
        return self.root / self.settings.folders.data

    @property
    def blobs(self) -> Path:
        """Originals, by the SHA-256 of their bytes."""
        return self.data / "blobs"

    @property
    def index(self) -> Path:
        """The full-text index; derived, may be deleted."""
        return self.data / "index"

    @property
    def pictures(self) -> Path:
        """Pictures of pages for the screen; derived, may be deleted."""
        return self.data / "pictures"

    @property
    def learned(self) -> Path:
        """The log of what was learned from coders."""
        return self.data / "learned.sqlite"

    @property
    def imports(self) -> Path:
        """Files of code systems that were imported, as they came."""
        return self.data / "imports.sqlite"

    @property
    def codes(self) -> Path:
        """The code tables with what was imported; derived, there only where something was."""
        return self.data / "codes.sqlite"

    @property
    def work(self) -> Path:
        """Intermediate files of running jobs; wiped at every start."""
        return self.data / "work"

    @property
    def lock(self) -> Path:
        """Held by the one process that takes and digitizes."""
        return self.data / "running.lock"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the store."""
        return self.settings.database or f"sqlite:///{self.data / 'charts.sqlite'}"

    @property
    def models(self) -> Path:
        """Rules, dictionaries, lexicons."""
        return self.root / self.settings.folders.models

    @property
    def pipelines(self) -> Path:
        """Pipeline files."""
        return self.root / self.settings.folders.pipelines


def find_home(start: Path | None) -> Home:
    """The home in `start`, or, without one, in the current folder or the nearest one above it.

    Raises:
        ConfigError: there is none, or its config.yaml is wrong.
    """
    here = (start or Path.cwd()).absolute()
    for folder in (here,) if start else (here, *here.parents):
        if (folder / CONFIG_NAME).is_file() and (folder / "pipelines").is_dir():
            home = Home(folder)
            _ = home.settings
            return home
    raise ConfigError(
        f"{here} is no digitizer home: name one with --home DIR, "
        "or make one with `digitizer init DIR`"
    )
