"""What is no text of people, or of letters other than it shows, is not believed."""

import pytest

from digitizer.chart.geometry import Box
from digitizer.imaging.letters import plausible
from digitizer.imaging.text_layer import LINE_END, Glyph, layer_of, lines_of, word_gaps
from digitizer.imaging.trust import doubt

NOTE = (
    "The patient reports a painful cough for two weeks, with little sputum. Past history of "
    "gout, hypertension and a hip fracture. Lisinopril 20mg daily; vitamin B12; T2DM."
)


def glyphs(text, **looks):
    """The text in a font whose low letters are 5 points high and all others 8."""
    for place, character in enumerate(text):
        high = 5 if character in "acemnorsuvwxz" else 8
        yield Glyph(character, Box(6 * place, 10 - high, 6 * place + 5, 10), **looks)


def test_what_a_person_wrote_is_believed():
    assert doubt(layer_of(600, 800, glyphs(NOTE))) == ""


def test_a_page_without_a_layer_gives_no_reason_for_doubt():
    assert doubt(layer_of(600, 800, ())) == ""


@pytest.mark.parametrize(
    "text",
    [
        "7KH SDWLHQW UHSRUWV D SDLQIXO FRXJK IRU WZR ZHHNV ZLWK OLWWOH VSXWXP",
        "Tlie pati3nt rep0rts 0 p0inful c0ugli f0r tw0 weck5 witli 1ittle 5putum",
        "wkh sdwlhqw uhsruwv d sdlqixo frxjk iru wzr zhhnv",
    ],
)
def test_what_is_garbled_is_not_believed(text):
    assert plausible(text.split()) < 0.75 < plausible(NOTE.split())
    assert doubt(layer_of(600, 800, glyphs(text))) == "what it says are no words"


def test_ligatures_are_taken_apart():
    (line,) = lines_of(layer_of(600, 800, glyphs("o\ufb03ce con\ufb01rms")), 2)
    assert [word.text for word in line.words] == ["office", "confirms"]
    assert line.words[1].box == Box(60, 4, 142, 20)


def test_lines_end_where_the_file_says_so():
    two = [*glyphs("chest pain"), Glyph(LINE_END, Box(0, 0, 0, 0)), *glyphs("none")]
    said = [[word.text for word in line.words] for line in lines_of(layer_of(600, 800, two), 1)]
    assert said == [["chest", "pain"], ["none"]]


def test_a_bullet_of_a_font_of_signs_is_no_word():
    (line,) = lines_of(layer_of(600, 800, glyphs("\uf0b7 aspirin")), 1)
    assert [word.text for word in line.words] == ["aspirin"]


@pytest.mark.parametrize(
    ("gaps", "apart"),
    [
        ([], []),
        ([0.0, 0.11, 0.0], [False, True, False]),
        ([0.3], [True]),
        ([0.12, 0.12, 0.12, 0.12], [False] * 4),
        ([0.12, 0.12, 0.4, 0.12], [False, False, True, False]),
        ([-0.02, 0.01, 0.03], [False] * 3),
    ],
)
def test_a_gap_parts_words_where_it_is_wider_than_those_beside_it(gaps, apart):
    assert word_gaps(gaps) == apart
