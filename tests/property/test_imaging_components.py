"""Components agree with the plainest possible search, on any small picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from digitizer.imaging.components import components

pictures = arrays.arrays(
    np.bool_, st.tuples(st.integers(1, 14), st.integers(1, 14)), elements=st.booleans()
)


def plain(ink) -> list[tuple[int, ...]]:
    """Box and area of each 8-connected component, by flooding."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(ink), strict=True)}
    found = []
    while left:
        edge, part = [left.pop()], []
        while edge:
            y, x = edge.pop()
            part.append((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            edge.extend(near)
        ys, xs = zip(*part, strict=True)
        found.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1, len(part)))
    return sorted(found)


@given(pictures)
def test_components_are_those_that_flooding_finds(ink):
    found = components(ink)
    assert sorted(zip(found.x0, found.y0, found.x1, found.y1, found.area, strict=True)) == plain(
        ink
    )


def test_an_empty_picture_has_none():
    assert len(components(np.zeros((5, 5), dtype=bool))) == 0
