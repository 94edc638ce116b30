"""The work folder of one job: private, named after the job, gone when the job ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def work_folder(root: Path, name: str) -> Iterator[Path]:
    """A fresh folder `root/name`, mode 0700; removed on the way out, whatever happened."""
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wipe(root: Path) -> None:
    """Remove what a killed process left in `root`; leaves an empty private folder."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
