"""What a hand or a stamp wrote is told from print by its ink, and left out where it was misread."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.scrawls import scrawls, without_wrong


class Sheet:
    """A page on which words are written, and the lines that an engine would say of it."""

    def __init__(self) -> None:
        self.image = Image.new("L", (1200, 1000), 255)
        self.lines: list[Line] = []
        for row in range(8):
            self.write(80, 60 + 50 * row, "Denies", "chest", "pain", "today", size=30)

    def write(self, x: int, y: int, *texts: str, size: int, bold=0, turn=0, sure=0.95) -> Line:
        """Words from `x` on, of letters `size` px high, turned by so many degrees each."""
        font, words = ImageFont.load_default(size), []
        for text in texts:
            ink = Image.new("L", (size * (len(text) + 2), 3 * size), 0)
            ImageDraw.Draw(ink).text((size, size), text, 255, font, stroke_width=bold)
            ink = ink.rotate(turn, Image.Resampling.BICUBIC)
            ink = ink.crop(ink.getbbox())
            self.image.paste(0, (x, y), ink)
            box = Box(x, y, x + ink.width, y + ink.height)
            words.append(Word(text=text, box=box, confidence=sure))
            x += ink.width + size // 3
        self.lines.append(Line(words=tuple(words)))
        return self.lines[-1]

    def found(self) -> tuple[tuple[Word, ...], ...]:
        return scrawls(self.lines, np.asarray(self.image))


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


def test_print_alone_has_no_scrawls(sheet):
    assert sheet.found() == ()


def test_a_page_of_which_nothing_was_read_has_none(sheet):
    assert scrawls((), np.asarray(sheet.image)) == ()


def test_a_stamp_aslant_is_one_run_however_sure_its_words_are(sheet):
    stamp = sheet.write(100, 600, "FAXED", "2019", size=70, bold=2, turn=7)
    assert sheet.found() == (stamp.words,)


def test_a_heading_as_large_is_print(sheet):
    sheet.write(100, 600, "PROGRESS", "NOTE", size=70, bold=2)
    assert sheet.found() == ()


def test_what_is_large_and_was_read_badly_is_a_scrawl(sheet):
    name = sheet.write(100, 600, "Villaweva", size=70, bold=2, sure=0.3)
    assert sheet.found() == (name.words,)


def test_print_in_a_box_that_is_too_high_is_print(sheet):
    line = sheet.write(100, 600, "aspirin", size=30, sure=0.3)
    (word,) = line.words
    box = Box(word.box.x0, word.box.y0 - 40, word.box.x1, word.box.y1 + 20)
    sheet.lines[-1] = replace(line, words=(replace(word, box=box),))
    assert sheet.found() == ()


def said(*words: tuple[str, float]) -> Line:
    return Line(
        words=tuple(
            Word(text=text, box=Box(100 * at, 0, 100 * at + 90, 60), confidence=sure)
            for at, (text, sure) in enumerate(words)
        )
    )


def left(line: Line, *scrawled: int) -> list[str]:
    run = tuple(line.words[at] for at in scrawled)
    return [word.text for kept in without_wrong([line], [run]) for word in kept.words]


def test_what_was_misread_of_a_scrawl_is_left_out():
    assert left(said(("Maw", 0.44), ("Crame", 0.5)), 0, 1) == []


def test_legible_words_of_a_scrawl_stay():
    assert left(said(("oT", 0.76), ("wNne", 0.3), ("2", 0.9)), 0, 1, 2) == ["oT", "2"]


def test_a_sure_word_vouches_for_the_one_beside_it():
    assert left(said(("DOCUMENT", 0.23), ("SEPARATOR", 0.88)), 0, 1) == ["DOCUMENT", "SEPARATOR"]


def test_a_sure_word_far_off_vouches_for_none():
    line = said(("Date", 0.9), ("wNne", 0.3))
    far = replace(line.words[1], box=Box(600, 0, 690, 60))
    assert left(replace(line, words=(line.words[0], far)), 1) == ["Date"]


def test_doubtful_print_stays():
    line = said(("lisinopril", 0.3))
    assert without_wrong([line], []) == (line,)
