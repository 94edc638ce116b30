from hypothesis import given
from hypothesis import strategies as st

from digitizer.intake.look import Sighting
from digitizer.intake.settle import Settling

_sizes = st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 3)), min_size=1, max_size=30)


@given(_sizes)
def test_a_file_settles_exactly_when_it_has_been_the_same_for_long_enough(history):
    settling, now, same_since, last = Settling(2.0), 0.0, 0.0, None
    for size, pause in history:
        now += pause
        if size != last:
            last, same_since = size, now
        ripe = settling.observe([(b"scan.pdf", Sighting(1, size, 0))], now)
        assert ripe == ((b"scan.pdf",) if now - same_since >= 2.0 else ())


def test_a_file_that_went_away_starts_anew():
    settling, seen = Settling(2.0), Sighting(1, 5, 0)
    settling.observe([(b"a", seen)], 0)
    settling.observe([], 1)
    assert settling.observe([(b"a", seen)], 2.5) == ()
    assert settling.observe([(b"a", seen)], 4.5) == (b"a",)


def test_the_oldest_file_comes_first():
    settling = Settling(0)
    files = [(b"new", Sighting(1, 1, 20)), (b"old", Sighting(2, 1, 10))]
    assert settling.observe(files, 0) == (b"old", b"new")
