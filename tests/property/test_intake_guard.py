"""Whatever lies in the inbox, only its own regular files are taken, with the bytes they had."""

import os
import socket
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from digitizer.intake import claim as claims
from digitizer.intake.look import look

_PARTS = st.sampled_from(["a", "b.pdf", "\udcff.tif", "ü 病", "-rf", "x" * 255])
_NAMES = st.lists(_PARTS, min_size=1, max_size=3).map("/".join)
_KINDS = st.sampled_from(["file", "file", "outside", "folder", "dangling", "pipe", "socket"])
_TREES = st.dictionaries(_NAMES, _KINDS, max_size=6)


def _make(path, kind, outside):
    if path.is_symlink() or path.exists() or not _folder_made(path.parent, outside):
        return
    if kind == "file":
        path.write_bytes(os.fsencode(path.name))
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        _socket(path)
    else:
        target = {"outside": "theirs", "folder": ".", "dangling": "nothing"}[kind]
        path.symlink_to(outside / target)


def _folder_made(folder, outside):
    """Whether there is such a folder now, and not one of theirs, reached through a link."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return not folder.resolve().is_relative_to(outside.resolve())


def _socket(path):
    """Bound by its short name, for a socket's path may have 108 bytes at most."""
    here = os.open(path.parent, os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as made:
        short = f"/proc/self/fd/{here}/s"
        made.bind(short)
        Path(short).rename(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def _files(folder):
    """Regular files below, by name; no link is followed."""
    return {
        os.path.relpath(Path(top) / name, folder): (Path(top) / name).read_bytes()
        for top, _, names in os.walk(folder)
        for name in names
        if not (Path(top) / name).is_symlink() and (Path(top) / name).is_file()
    }


def _taken(inbox, names):
    claimed = {}
    for name in names:
        claim = claims.take(inbox, inbox / ".claimed", name)
        if claim is not None:
            with claims.opened(claim) as descriptor:
                claimed[os.fsdecode(name)] = os.read(descriptor, 4096)
            claims.finish(claim)
    return claimed


@settings(max_examples=60, deadline=None)
@given(tree=_TREES)
def test_what_is_seen_is_taken_and_nothing_else_is_touched(tree):
    with tempfile.TemporaryDirectory() as scratch:
        inbox, outside = Path(scratch) / "inbox", Path(scratch) / "outside"
        (inbox / ".claimed").mkdir(parents=True)
        outside.mkdir()
        (outside / "theirs").write_bytes(b"theirs")
        for name, kind in tree.items():
            _make(inbox / name, kind, outside)
        there = _files(inbox)
        seen = [each.name for each in look(inbox) if each.sighting]
        assert _taken(inbox, seen) == there
        assert _files(inbox) == {}
        assert _files(outside) == {"theirs": b"theirs"}


@settings(max_examples=30, deadline=None)
@given(name=_NAMES.filter(lambda name: "/" in name), depth=st.integers(0, 1))
def test_a_folder_swapped_for_a_link_after_looking_gives_nothing_away(name, depth):
    with tempfile.TemporaryDirectory() as scratch:
        inbox, outside = Path(scratch) / "inbox", Path(scratch) / "outside"
        (inbox / ".claimed").mkdir(parents=True)
        _make(inbox / name, "file", outside)
        parts = name.split("/")
        swapped = inbox.joinpath(*parts[: 1 + min(depth, len(parts) - 2)])
        swapped.rename(outside)
        swapped.symlink_to(outside)
        before = _files(outside)
        assert _taken(inbox, [os.fsencode(name)]) == {}
        assert _files(outside) == before != {}
