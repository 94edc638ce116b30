"""Originals, kept by the SHA-256 of their bytes: written once, never changed, read-only."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from digitizer.errors import TransientError, UsageError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Blobs:
    """The folder of originals: `ab/abcdef…`, mode 0400 in folders of mode 0700."""

    root: Path

    def keep(self, source: int) -> tuple[str, int]:
        """Copy all bytes of an open file descriptor; returns their SHA-256 and number.

        When this returns, the copy and its name survive a power cut.

        Raises:
            TransientError: the disk is full or failing; nothing is left behind.
        """
        try:
            return self._keep(source)
        except OSError as error:
            raise TransientError(f"the original cannot be stored ({error.strerror})") from error

    def path(self, sha256: str) -> Path:
        """Where the original with this hash lies.

        Raises:
            UsageError: `sha256` is no such hash, or there is no such original.
        """
        known = len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")
        path = self.root / sha256[:2] / sha256
        if not known or not path.is_file():
            raise UsageError(
                "there is no original with this SHA-256: `digitizer status --json` lists them"
            )
        return path

    def _keep(self, source: int) -> tuple[str, int]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.root / f"draft-{secrets.token_hex(8)}"
        try:
            sha256, size = _copy(source, draft)
            target = self.root / sha256[:2] / sha256
            if not target.exists():
                target.parent.mkdir(mode=0o700, exist_ok=True)
                draft.replace(target)
                _sync_folder(target.parent)
                _sync_folder(self.root)
            return sha256, size
        finally:
            draft.unlink(missing_ok=True)

    def wipe_drafts(self) -> None:
        """Remove copies that a power cut left unfinished."""
        for draft in self.root.glob("draft-*"):
            draft.unlink(missing_ok=True)


def _copy(source: int, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    os.lseek(source, 0, os.SEEK_SET)
    out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(out, "wb") as copy:
        while chunk := os.read(source, _CHUNK):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
