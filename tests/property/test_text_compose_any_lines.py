"""Whatever an engine hands over: no word is lost, and every word stands where `starts` says."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, TextSpan, Word
from digitizer.text.compose import compose

places = st.floats(0, 2000, allow_nan=False, width=32)
sizes = st.floats(0, 300, allow_nan=False, width=32)
texts = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8)


@st.composite
def words(draw) -> Word:
    x, y, width, height = draw(places), draw(places), draw(sizes), draw(sizes)
    return Word(
        text=draw(texts), box=Box(x, y, x + width, y + height), confidence=draw(st.floats(0, 1))
    )


lines = st.lists(
    st.lists(words(), min_size=1, max_size=6).map(lambda found: Line(words=tuple(found))),
    max_size=15,
)


@given(lines)
def test_no_word_is_lost_or_made_up(given_lines):
    text = compose(given_lines)
    assert Counter(text.words) == Counter(word for line in given_lines for word in line.words)
    assert text.content.split() == [word.text for word in text.words]


@given(lines)
def test_every_word_stands_where_starts_says(given_lines):
    text = compose(given_lines)
    assert list(text.starts) == sorted(text.starts)
    for word, start in zip(text.words, text.starts, strict=True):
        assert text.content[start : start + len(word.text)] == word.text
    assert not text.content or text.content.endswith("\n")


@given(lines, st.data())
def test_the_boxes_of_a_span_cover_its_words(given_lines, data):
    text = compose(given_lines)
    ends = data.draw(st.tuples(*[st.integers(0, len(text.content))] * 2).map(sorted))
    span = TextSpan(*ends)
    boxes = text.boxes_of(span)
    for word in text.words_of(span):
        assert any(
            box.x0 <= word.box.x0
            and box.y0 <= word.box.y0
            and box.x1 >= word.box.x1
            and box.y1 >= word.box.y1
            for box in boxes
        )
