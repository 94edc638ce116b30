"""What befalls an index: `python -m tests.failure.index_trials TRIAL FOLDER`.

In a process of its own, since forking one that has threads is asking for trouble.
"""

import itertools
import os
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path

from digitizer.chart.search import PageRecord, SearchRequest
from digitizer.errors import TransientError
from digitizer.search.whoosh import WhooshBackend


def pair(number):
    text = f"round{number} word " + "filler " * 50
    return [PageRecord(uid=uid, document="", source="s", number=1, text=text) for uid in "ab"]


def write(folder, first, seed, report):
    backend, moods = WhooshBackend(folder, segments=4), random.Random(seed)
    for number in itertools.count(first):
        if moods.random() < 0.1:
            backend.rebuild(pair(number))
        else:
            backend.update(pair(number))
        os.write(report, b"%d\n" % number)
        backend.tend()


def die_at(call):
    """Be killed at the `call`-th call of a function, ours or C's, from now on."""
    calls = itertools.count(1)

    def count(*_):
        if next(calls) >= call:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def killed(folder, first, seed, longest):
    """The last round that a writer reported, killed after `longest` calls at most."""
    reading, report = os.pipe()
    child = os.fork()
    if not child:
        die_at(random.Random(seed).randint(1, longest))
        write(folder, first, seed, report)
    os.close(report)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    with os.fdopen(reading) as reports:
        return max([first - 1, *map(int, reports.read().split())])


def found(backend, query):
    return {hit.uid for hit in backend.search(SearchRequest(query=query)).hits}


def check(folder, last):
    """The round that the index is of, its text there and that of its neighbours not."""
    backend = WhooshBackend(folder)
    assert backend.uids() == {"a", "b"}
    there = {n: found(backend, f'"round{n}"') for n in (last - 1, last, last + 1)}
    (number,) = [n for n, uids in there.items() if uids]
    assert number >= last, "what was reported as done is there"
    assert there[number] == {"a", "b"}, "both pages or neither"
    backend.close()
    return number


def calls_of_two_rounds(folder):
    backend, calls = WhooshBackend(folder), itertools.count()
    backend.rebuild(pair(0))
    sys.setprofile(lambda *_: next(calls))
    for _ in range(2):
        backend.update(pair(0))
        backend.tend()
    sys.setprofile(None)
    return next(calls)


def kills(folder, times="200"):
    """Kill a writer again and again, each time at one of its function calls drawn by lot.

    (A clock would mostly strike where a busy machine makes it wait.) The writer replaces the pages
    "a" and "b" by ones that name the round, for ever. Rounds are commits, merges and now and then a
    rebuild. The index must be that of the last round reported, or of the one under way.
    """
    number, longest = 0, calls_of_two_rounds(folder)
    for seed in range(int(times)):
        number = check(folder, killed(folder, number + 1, seed, longest))
    backend = WhooshBackend(folder)
    backend.verify()
    backend.tend()
    backend.close()
    assert not list(folder.glob("merge-*")), "what the killed left is removed"
    assert len(list(folder.glob("gen-*"))) == 1


def two_writers(folder):
    """Both put in their pages one by one, coming back when the other is at it."""
    WhooshBackend(folder).open()
    children = [os.fork(), 0]
    if children[0]:
        children[1] = os.fork()
    if not all(children):
        put_in(folder, "right" if children[0] else "left")
        os._exit(0)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    backend = WhooshBackend(folder)
    assert backend.uids() == {f"{side}{i}" for side in ("left", "right") for i in range(12)}
    assert len(found(backend, "shared")) == 24
    backend.verify()
    backend.close()


def put_in(folder, side):
    backend = WhooshBackend(folder)
    for i in range(12):
        page = PageRecord(uid=f"{side}{i}", document="", source="s", number=i, text="shared word")
        while True:
            with suppress(TransientError):
                backend.update([page])
                break


def full_disk(folder):
    """Put in pages until the disk of `folder` is full, then make room."""
    room = folder.parent / "room"
    room.write_bytes(bytes(300_000))
    backend = WhooshBackend(folder)
    backend.rebuild(pair(0))
    refused = 0
    for number in range(1, 300):
        page = PageRecord(
            uid=f"p{number}", document="", source="s", number=1, text=f"steady only{number} " * 500
        )
        try:
            backend.update([page])
        except TransientError as error:
            assert "disk" in str(error)
            refused += 1
            number_in = len(backend.uids()) - 2
            assert not found(backend, f'"only{number}"')
            assert len(found(backend, "steady")) == number_in > 3
            if refused == 3:
                break
    assert refused == 3
    for _ in range(3):
        with suppress(TransientError):
            backend.rebuild(pair(7))
        assert found(backend, '"round0"') or found(backend, '"round7"')
    room.unlink()
    backend.tend()
    backend.update(pair(8))
    backend.verify()
    assert found(backend, '"round8"') == {"a", "b"}
    backend.close()


if __name__ == "__main__":
    trial = {"kills": kills, "two_writers": two_writers, "full_disk": full_disk}[sys.argv[1]]
    trial(Path(sys.argv[2]), *sys.argv[3:])
