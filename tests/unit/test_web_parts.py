import pytest

from digitizer.web.parts import SHOWN, Part
from digitizer.web.rendering import _TEMPLATES


@pytest.mark.parametrize(
    ("number", "start", "before", "after"),
    [(0, 0, None, None), (SHOWN, 0, None, None), (SHOWN + 1, 0, None, SHOWN), (250, 100, 0, 200)],
)
def test_a_part_says_where_those_beside_it_begin(number, start, before, after):
    part = Part(range(number), start)
    assert (part.before, part.after) == (before, after)
    assert list(part.lines) == list(range(number))[start : start + SHOWN]


def test_links_lead_to_the_parts_beside_and_keep_what_was_asked_for():
    parts = _TEMPLATES.get_template("_parts.html").module.parts
    html = parts(Part(range(250), 100), "/cases?what=all")
    assert '<a href="/cases?what=all&amp;start=0">Before</a>' in html
    assert '<a href="/cases?what=all&amp;start=200">Next</a>' in html
    assert "101 to 200 of 250" in html
    assert not parts(Part(range(3), 0), "/cases?what=all").strip()
