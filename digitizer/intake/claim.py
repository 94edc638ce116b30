"""Takes a file out of the inbox: an atomic rename into `.claimed/` on the inbox's own disk.

A claim is a folder `.claimed/<id>/` in which the file lies under its old relative name. It exists
from the rename until the bytes and the row about them are safe, so after a crash each claim is
simply carried on. Folders are opened one by one by descriptor, without following links, so that
nobody can swap a folder for a link between looking and taking.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import signal
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from digitizer.errors import TransientError
from digitizer.intake.look import Sighting

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that was taken: `folder` is `.claimed/<id>`, `name` the file's name in the inbox."""

    folder: Path
    name: bytes

    @property
    def id(self) -> str:
        """Unique for this taking, known to the ledger."""
        return self.folder.name

    @property
    def path(self) -> bytes:
        """Where the file lies now."""
        return os.fsencode(self.folder) + b"/" + self.name


def take(inbox: Path, claims: Path, name: bytes) -> Claim | None:
    """Claim the file; `None` where it is gone or no longer a regular file.

    Raises:
        TransientError: the inbox lets nobody rename in it, or its disk fails.
    """
    if claims.is_symlink():
        raise TransientError("the inbox's folder .claimed is a link: remove it, it is digitizer's")
    claim = Claim(claims / secrets.token_hex(8), name)
    Path(os.fsdecode(claim.path)).parent.mkdir(mode=0o700, parents=True)
    try:
        _rename(inbox, claim)
    except OSError as error:
        shutil.rmtree(claim.folder)
        if error.errno in _GONE:
            return None
        raise TransientError(
            f"a file in the inbox cannot be taken ({error.strerror}): "
            "may digitizer's user write to the inbox?"
        ) from error
    return claim


def _rename(inbox: Path, claim: Claim) -> None:
    last = claim.name.rpartition(b"/")[2]
    with _folder_of(inbox, claim.name) as source, _folder_of(claim.folder, claim.name) as target:
        if not stat.S_ISREG(os.stat(last, dir_fd=source, follow_symlinks=False).st_mode):
            raise FileNotFoundError(errno.ENOENT, "no regular file")
        os.rename(last, last, src_dir_fd=source, dst_dir_fd=target)
        os.fsync(target)
        os.fsync(source)


@contextmanager
def peek(inbox: Path, name: bytes) -> Iterator[int | None]:
    """A file that still lies in the inbox, open for reading; `None` where it is gone or no file.

    Raises:
        PermissionError: it may not be read.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(_folder_of(inbox, name))
            descriptor = os.open(name.rpartition(b"/")[2], _FILE, dir_fd=folder)
        except PermissionError:
            raise
        except OSError:
            yield None
            return
        stack.callback(os.close, descriptor)
        yield descriptor if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def left_over(claims: Path) -> Iterator[Claim]:
    """Claims that a killed process left; empty ones are cleared away."""
    if not claims.is_dir():
        return
    for folder in sorted(claims.iterdir()):
        names = [
            _inner(folder, top, file)
            for top, _, files in os.walk(os.fsencode(folder))
            for file in files
        ]
        if not names:
            shutil.rmtree(folder)
        for name in names:
            yield Claim(folder, name)


@contextmanager
def opened(claim: Claim) -> Iterator[int]:
    """The claimed file, open for reading; OSError where it cannot be opened or is no file."""
    descriptor = os.open(claim.path, _FILE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def being_written(descriptor: int) -> bool:
    """Whether some program of this machine has the file open for writing.

    A read lease is refused exactly then (fcntl(2), F_SETLEASE). Where leases cannot be had, on
    network file systems and for files of others, the answer is no, and only time can tell.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # the usual signal would kill us
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def sighting(descriptor: int) -> Sighting:
    """What the open file looks like now, to be compared with what it looked like before."""
    status = os.fstat(descriptor)
    return Sighting(status.st_ino, status.st_size, status.st_mtime_ns)


def give_back(claim: Claim, inbox: Path) -> None:
    """Put a file that is still being written back where it was.

    Where its name was taken meanwhile, or the file system has no links, it comes back into a
    folder of its own beside it: renaming onto a name would lose the file that has it.
    """
    target = Path(os.fsdecode(os.fsencode(inbox) + b"/" + claim.name))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(claim.path, target, follow_symlinks=False)
    except OSError:
        again = target.parent / f"again-{claim.id}"
        again.mkdir()
        Path(os.fsdecode(claim.path)).rename(again / target.name)
    finish(claim)


def finish(claim: Claim) -> None:
    """Remove the claim: its file is safe in the store, or back in the inbox."""
    with suppress(FileNotFoundError):
        shutil.rmtree(claim.folder)


def _inner(folder: Path, top: bytes, file: bytes) -> bytes:
    return os.path.relpath(os.path.join(top, file), os.fsencode(folder))  # noqa: PTH118 - bytes


@contextmanager
def _folder_of(root: Path, name: bytes) -> Iterator[int]:
    """The folder that holds `name` below `root`, opened step by step; OSError where it is gone."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.split(b"/")[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)
