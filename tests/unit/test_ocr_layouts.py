"""What automatic segmentation reads badly is read again under other assumptions of the layout."""

from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.layouts import Layouts, together, worth


def line(*words: tuple[str, float]) -> Line:
    return Line(words=tuple(Word(text=t, box=Box(0, 0, 10, 10), confidence=c) for t, c in words))


def test_a_reading_is_worth_its_believable_letters() -> None:
    few_sure = [line(("Sodium", 0.95), ("138", 0.9))]
    many_doubtful = [line(("S0diurn", 0.4), ("l38", 0.3), ("~~", 0.9), ("rnrnol", 0.45))]
    assert worth(few_sure) > 0 > worth(many_doubtful)
    assert worth([*few_sure, line(("mmol/L", 0.9))]) > worth(few_sure)
    assert worth([]) == 0


def placed(y: int, *words: tuple[str, int, float]) -> Line:
    return Line(
        words=tuple(Word(text=t, box=Box(x, y, x + 40, y + 20), confidence=c) for t, x, c in words)
    )


def test_what_only_one_layout_sees_is_taken_where_it_is_sure() -> None:
    block = [placed(0, ("Sodium", 0, 0.95), ("138", 60, 0.5)), placed(90, ("~ae", 0, 0.6))]
    anywhere = [placed(0, ("138", 60, 0.9), ("mmol/L", 120, 0.9)), placed(40, ("Iq", 0, 0.5))]
    for one, other in ((block, anywhere), (anywhere, block)):
        words = {w.text: w.confidence for found in together(one, other) for w in found.words}
        assert set(words) == {"Sodium", "138", "mmol/L"}
        assert words["138"] > 0.9


def test_where_layouts_differ_the_surer_word_stands() -> None:
    for one, other in ((0.9, 0.6), (0.6, 0.9)):
        lines = together([placed(0, ("5.1", 0, one))], [placed(0, ("51", 0, other))])
        assert [w.text for found in lines for w in found.words] == ["5.1" if one > other else "51"]


def test_a_form_with_scattered_words_is_read(tmp_path) -> None:
    """Words far apart, each in its own place: no column and no line holds them together."""
    image = Image.new("L", (1200, 900), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=36)
    placed = {"ACCOUNT": (60, 50), "73125": (930, 210), "BRAND": (420, 380), "DATE": (800, 620),
              "10/12/1994": (90, 760)}  # fmt: skip
    for word, place in placed.items():
        draw.text(place, word, font=font, fill=0)
    path = tmp_path / "page.pgm"
    image.save(path, format="PPM")
    words = {word.text for found in Layouts().read(path, dpi=200) for word in found.words}
    assert words >= set(placed)
