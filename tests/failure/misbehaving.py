"""Functions for `work.sandbox` to run in a child: each goes wrong in its own way."""

import os
import socket
import time
from pathlib import Path

from digitizer.errors import InputError


def count(upto):
    for n in range(upto):
        yield {"n": n}


def leave_traces(folder):
    for n in range(9):
        (Path(folder) / str(n)).touch()
        yield n


def refuse():
    yield 1
    raise InputError("it is empty: scan the paper again")


def fail(secret):
    yield 1
    raise ValueError(secret)


def sleep():
    time.sleep(60)
    yield 1


def spin():
    while True:
        pass
    yield 1


def swell():
    yield len(bytearray(1 << 31))


def crash(signal):
    os.kill(os.getpid(), signal)
    yield 1


def look_around(folder, home):
    yield {
        "secret": (Path(folder) / "secret").exists(),
        "home": [path.name for path in Path(home).glob("[!.]*")],
        "network": _network(),
        "processes": [path.name for path in Path("/proc").glob("[0-9]*")],
    }


def _network():
    """Whether there is any way out: an address that is routed, without sending anything."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect(("192.0.2.1", 9))
            return True
    except OSError:
        return False


def sleep_long(folder):
    while True:
        (Path(folder) / "beat").touch()
        time.sleep(0.1)
    yield 1
