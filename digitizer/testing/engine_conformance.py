"""What every OCR engine must do: inherit it and give it an engine.

    class TestMine(EngineConformance):
        @pytest.fixture
        def engine(self):
            return MyEngine(languages=("eng",), seconds=180)

Like `search_conformance` it needs plain assertions and fixtures by name; `tmp_path` is a folder of
the test's own.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.text import Word
from digitizer.errors import InputError
from digitizer.ocr.engine import Engine

PRINTED = ("Patient denies chest pain.", "Lisinopril 20 mg daily", "Potassium 4.9 mmol/L")
SIZE = (1000, 600)
DPI = 200.0


class EngineConformance:
    """Tests of one engine."""

    def test_what_is_printed_is_read_line_by_line(self, engine: Engine, tmp_path: Path) -> None:
        """Lines come as they are printed, words in their order."""
        lines = engine.read(_page(tmp_path), dpi=DPI)
        assert [" ".join(word.text for word in line.words) for line in lines] == list(PRINTED)

    def test_each_word_lies_where_its_box_says(self, engine: Engine, tmp_path: Path) -> None:
        """To a few pixels, and words of a line beside each other."""
        words = _words(engine, _page(tmp_path))
        (place,) = (word.box for word in words if word.text == "Lisinopril")
        assert abs(place.x0 - 83) < 8
        assert 160 < place.y0 < place.y1 < 230
        (after,) = (word.box for word in words if word.text == "20")
        assert place.x1 < after.x0 < after.x1

    def test_boxes_lie_on_the_page_and_words_are_whole(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        """No word is empty or holds a space, no box is turned inside out."""
        for word in _words(engine, _page(tmp_path)):
            assert 0 <= word.box.x0 < word.box.x1 <= SIZE[0]
            assert 0 <= word.box.y0 < word.box.y1 <= SIZE[1]
            assert 0.0 <= word.confidence <= 1.0
            assert word.text
            assert word.text == "".join(word.text.split())

    def test_the_same_page_reads_the_same_twice(self, engine: Engine, tmp_path: Path) -> None:
        """Nothing of a page is kept."""
        image = _page(tmp_path)
        assert engine.read(image, dpi=DPI) == engine.read(image, dpi=DPI)

    def test_an_empty_page_holds_no_word(self, engine: Engine, tmp_path: Path) -> None:
        """White paper is no error."""
        assert not _words(engine, _page(tmp_path, lines=()))

    def test_a_page_of_a_few_pixels_does_no_harm(self, engine: Engine, tmp_path: Path) -> None:
        """Nor is a scrap."""
        image = tmp_path / "small.pgm"
        Image.new("L", (9, 7), 255).save(image, format="PPM")
        assert not _words(engine, image)

    def test_a_damaged_image_is_refused(self, engine: Engine, tmp_path: Path) -> None:
        """As the fault of the file, and without what is in it."""
        image = tmp_path / "damaged.pgm"
        image.write_bytes(b"P5\n1000 600\n255\nHargrove")
        try:
            engine.read(image, dpi=DPI)
        except InputError as error:
            assert "Hargrove" not in str(error)
        else:
            raise AssertionError("a damaged image was read")

    def test_a_turn_is_a_quarter_turn(self, engine: Engine, tmp_path: Path) -> None:
        """Whatever the engine can tell."""
        assert engine.turn(_page(tmp_path), dpi=DPI) in {0, 90, 180, 270}


def _page(folder: Path, lines: tuple[str, ...] = PRINTED) -> Path:
    image = Image.new("L", SIZE, 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 90 * number), line, font=font, fill=0)
    path = folder / "page.pgm"
    image.save(path, format="PPM")
    return path


def _words(engine: Engine, image: Path) -> list[Word]:
    return [word for line in engine.read(image, dpi=DPI) for word in line.words]
