from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.text import Text, TextSpan, Word

_numbers = st.floats(-1000, 1000, allow_nan=False)


def _text(lines: list[list[str]]) -> Text:
    """Words of one unit a character, lines ten units apart."""
    content, words, starts = "", [], []
    for row, line in enumerate(lines):
        for word in line:
            starts.append(len(content))
            x = len(content)
            words.append(
                Word(text=word, box=Box(x, row * 10, x + len(word), row * 10 + 8), confidence=0.9)
            )
            content += word + " "
        content = content[:-1] + "\n"
    return Text(content=content, words=tuple(words), starts=tuple(starts))


def test_a_span_over_two_lines_has_one_box_on_each():
    text = _text([["chest", "pain"], ["and", "cough"]])
    start = text.content.index("pain")
    boxes = text.boxes_of(TextSpan(start, text.content.index("and") + 3))
    assert [(box.y0, box.y1) for box in boxes] == [(0, 8), (10, 18)]


def test_part_of_a_word_gives_the_whole_words_box():
    text = _text([["hypertension"]])
    assert text.boxes_of(TextSpan(2, 4)) == (text.words[0].box,)


def test_the_space_between_words_has_no_box():
    text = _text([["chest", "pain"]])
    assert text.boxes_of(TextSpan(5, 6)) == ()


@given(st.lists(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1), min_size=1))
def test_every_word_is_found_by_its_own_span(lines):
    text = _text(lines)
    for word, start in zip(text.words, text.starts, strict=True):
        span = TextSpan(start, start + len(word.text))
        assert span.of(text.content) == word.text
        assert text.boxes_of(span) == (word.box,)


@given(_numbers, _numbers, st.sampled_from([0, 90, 180, 270]), _numbers, _numbers)
def test_turning_there_and_back_is_nothing(x, y, degrees, cx, cy):
    there = Affine.turning(degrees, (cx, cy)).then(Affine.turning(-degrees, (cx, cy)))
    back = there.point(x, y)
    assert abs(back[0] - x) < 1e-6
    assert abs(back[1] - y) < 1e-6


def test_a_quarter_turn_is_clockwise_on_a_page_whose_y_points_down():
    x, y = Affine.turning(90).point(1, 0)
    assert (round(x, 9), round(y, 9)) == (0, 1)
