"""Functions for `work.sandbox` to run in a child: each goes wrong in its own way."""

import os
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
