"""Lines decoded character by character become words, each around its own ink."""

import numpy as np
import pytest

from digitizer.chart.geometry import Box
from digitizer.ocr.decoded import Decoded, plain, words_of

LETTER, HEIGHT = 10, 20


def decoded(text: str) -> Decoded:
    """The text, its letters evenly spaced."""
    places = tuple((i + 0.5) / len(text) for i in range(len(text)))
    return Decoded(text=text, confidences=(1.0,) * len(text), places=places)


def printed(text: str) -> np.ndarray:
    """A white line in which each letter of the text is a block of ink, and a space is none."""
    pixels = np.full((HEIGHT, LETTER * len(text)), 255, dtype=np.uint8)
    for i, character in enumerate(text):
        if not character.isspace():
            pixels[2:-2, i * LETTER + 1 : (i + 1) * LETTER - 1] = 0
    return pixels


def texts(line: Decoded, pixels: np.ndarray) -> list[str]:
    return [word.text for word in words_of(line, pixels, (0, 0))]


def test_a_word_is_boxed_by_its_ink_on_the_page():
    first, second = words_of(decoded("no pain"), printed("no pain"), (100, 50))
    assert (first.text, second.text) == ("no", "pain")
    assert first.box == Box(101, 52, 119, 68)
    assert second.box == Box(131, 52, 169, 68)


def test_words_part_at_the_gap_though_the_characters_places_are_a_little_off():
    text = "chest pain"
    places = tuple((i + 1.1) / len(text) for i in range(len(text)))
    line = Decoded(text=text, confidences=(1.0,) * len(text), places=places)
    first, second = words_of(line, printed(text), (0, 0))
    assert first.box.x1 < 51
    assert second.box.x0 > 59


def test_a_words_confidence_is_that_of_its_own_characters():
    line = Decoded(
        text="a bc", confidences=(0.9, 0.1, 0.8, 0.6), places=(0.125, 0.375, 0.625, 0.875)
    )
    first, second = words_of(line, printed("a bc"), (0, 0))
    assert (first.confidence, second.confidence) == (0.9, pytest.approx(0.7))


@pytest.mark.parametrize(
    ("said", "on_paper", "words"),
    [
        ("MRN:12", "MRN: 12", ["MRN:", "12"]),
        ("3.5-5.1", "3.5 - 5.1", ["3.5", "-", "5.1"]),
        ("3.5-5.1", "3.5-5.1", ["3.5-5.1"]),
        ("at 08:30", "at 08:30", ["at", "08:30"]),
        ("ab", "a b", ["ab"]),  # the letters of a typewriter stand as far apart
    ],
)
def test_a_lost_space_is_found_beside_the_signs_that_lose_it(said, on_paper, words):
    at = [i for i, character in enumerate(on_paper) if not character.isspace()]
    where = [(i + 0.5) / len(on_paper) for i in at]
    places = iter(where)
    line = Decoded(
        text=said,
        confidences=(1.0,) * len(said),
        places=tuple(next(places) if not c.isspace() else 0.25 for c in said),
    )
    assert texts(line, printed(on_paper)) == words


def wide_print(text: str, gap: int) -> np.ndarray:
    """As `printed`, but for `gap` px to the left and right of each dash and behind brackets."""
    pixels = printed(text)
    for i, character in enumerate(text):
        if character in "-(":
            pixels[:, (i + 1) * LETTER - 1 : (i + 1) * LETTER - 1 + gap] = 255
        if character == "-":
            pixels[:, i * LETTER + 1 - gap : i * LETTER + 1] = 255
    return pixels


def test_room_beside_a_dash_is_no_space_where_the_lines_spaces_are_far_wider():
    text = "No  S21-27385  is  (ours)"
    assert texts(decoded(text), wide_print(text, 4)) == ["No", "S21-27385", "is", "(ours)"]


def test_rules_of_the_cell_do_not_fill_its_spaces():
    on_paper = "70 - 99"
    pixels = np.full((3 * HEIGHT, LETTER * len(on_paper)), 255, dtype=np.uint8)
    pixels[HEIGHT : 2 * HEIGHT] = printed(on_paper)
    pixels[4:6] = pixels[-6:-4] = 0
    at = [i for i, character in enumerate(on_paper) if not character.isspace()]
    places = tuple((i + 0.5) / len(on_paper) for i in at)
    said = Decoded(text="70-99", confidences=(1.0,) * len(at), places=places)
    words = words_of(said, pixels, (0, 0))
    assert [word.text for word in words] == ["70", "-", "99"]


def test_accents_and_dots_of_a_speckled_page_are_none():
    assert plain(decoded("medicatión·list 风 50 ½ μg")).text == "medication list  50 ½ μg"
    assert plain(decoded("MRN\uff1a12")).text == "MRN:12"


def test_nothing_decoded_is_no_word():
    assert words_of(decoded(" "), printed("x"), (0, 0)) == ()
    assert words_of(plain(Decoded(text="", confidences=(), places=())), printed("x"), (0, 0)) == ()


def test_a_line_without_ink_still_has_boxes():
    (word,) = words_of(decoded("ab"), np.full((20, 20), 200, dtype=np.uint8), (5, 5))
    assert word.box == Box(5, 5, 25, 25)


def test_a_character_without_a_place_is_refused():
    with pytest.raises(ValueError, match="no place"):
        Decoded(text="ab", confidences=(1.0, 1.0), places=(0.5,))
