"""Makes a home."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from digitizer.config import Home, find_home
from digitizer.config.home import CONFIG_NAME
from digitizer.errors import ConfigError

_COPIED = (CONFIG_NAME, "pipelines", "models")
_IGNORED = "# private: patients' charts\n.digitizer/\ninbox/\n"


def init(folder: Path) -> Home:
    """Make `folder` a home: config.yaml, pipelines/, models/, inbox/ and the private data folder.

    Making a home of a home changes nothing that is there.

    Raises:
        ConfigError: the folder cannot be written to.
    """
    from digitizer.operations.house import open_house  # `any_home` does without the store

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with resources.as_file(resources.files("digitizer.home")) as defaults:
            for name in _COPIED:
                _copy(defaults / name, folder / name)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORED, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made a home ({error.strerror})") from None
    home = find_home(folder)
    with open_house(home):
        return home


def any_home(start: Path | None) -> Home:
    """The home in or above `start`, or the packaged defaults: for work that stores nothing.

    Raises:
        ConfigError: `start` was named and is no home, or its config.yaml is wrong.
    """
    try:
        return find_home(start)
    except ConfigError:
        if start is not None:
            raise
        with resources.as_file(resources.files("digitizer.home")) as defaults:
            return find_home(defaults)


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        return
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
