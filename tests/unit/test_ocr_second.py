"""Poor pages are read by a second engine where there is one; good pages never pay for it."""

from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Line, Word
from digitizer.errors import ConfigError, InputError
from digitizer.ocr import rapid
from digitizer.ocr.layouts import Layouts
from digitizer.ocr.recognise import Reading, Recognise
from digitizer.ocr.second import Second

PRINTED = (
    "Patient Name: Hargrove, Rajesh",
    "MRN: 887-96-68   DOB: 04/13/1959",
    "Lisinopril 20 mg PO once daily",
    "Potassium 4.9 mmol/L, sodium 138",
    "Denies chest pain and asthma.",
)


MANY = ("chest",) * 40
"""So many words that those which are likely to be wrong are no few."""


class Engine:
    """Says what it is told to, and counts how often."""

    def __init__(self, confidence, *texts, error=None):
        words = [
            Word(text=text, box=Box(50 * i, 0, 50 * i + 40, 20), confidence=confidence)
            for i, text in enumerate(texts)
        ]
        self.lines, self.error, self.reads = (Line(words=tuple(words)),), error, 0

    def read(self, *_, **__):
        self.reads += 1
        if self.error:
            raise self.error
        return self.lines

    def turn(self, *_, **__):
        return 0


def page(folder, image=None) -> Page:
    image = image or Image.new("L", (400, 200), 255)
    path = folder / "page-0001.tif"
    image.save(path, format="PPM")
    return Page(number=1, width=image.width, height=image.height, dpi=200, image=path)


def words(page: Page) -> list[str]:
    return [word.text for line in page.lines or () for word in line.words]


def twice(first, second) -> Reading:
    return Reading(engine=first, second=Second(engine=second, name="rapidocr", first="tesseract"))


def test_a_page_read_well_is_not_read_again(tmp_path):
    second = Engine(0.9, "other")
    done = twice(Engine(0.96, "chest", "pain"), second)(page(tmp_path))
    assert (words(done), second.reads, done.notes) == (["chest", "pain"], 0, ())


def test_a_page_read_badly_is_read_again_and_the_record_says_why(tmp_path):
    first, second = Engine(0.82, *MANY, "patn"), Engine(0.999, *MANY, "pain")
    done = twice(first, second)(page(tmp_path))
    assert words(done) == [*MANY, "pain"]
    thicker, note = done.notes
    assert "strokes thickened" in thicker
    assert "read again by rapidocr" in note
    assert "40 places read alike, 0 kept of tesseract, 1 taken of rapidocr" in note
    assert not {"chest", "pain", "patn"} & set(note.split())


def test_of_a_page_with_few_words_only_what_is_doubtful_is_read_again(tmp_path):
    second = Engine(0.999, "chest", "pain")
    done = twice(Engine(0.82, "chest", "patn"), second)(page(tmp_path))
    assert second.reads == 1
    assert done.notes == ("2 doubtful words read again by rapidocr",)


def test_of_a_good_page_only_its_doubtful_numbers_are_read_again(tmp_path):
    sure = [
        Word(text="hypertension", box=Box(0, 40 * i, 90, 40 * i + 20), confidence=0.96)
        for i in range(9)
    ]
    dose = Word(text="2O", box=Box(100, 100, 140, 120), confidence=0.6)
    first, second = Engine(0.96), Engine(0.999, "20")
    first.lines = (Line(words=(*sure, dose)),)
    strip = Word(text="20", box=Box(62, 26, 98, 44), confidence=0.999)
    second.lines = (Line(words=(strip,)),)
    done = twice(first, second)(page(tmp_path))
    assert words(done) == ["hypertension"] * 9 + ["20"]
    assert done.notes == ("1 doubtful words read again by rapidocr",)


@pytest.mark.parametrize(("another_kind", "kept"), [(True, True), (False, False)])
def test_a_doubtful_word_that_one_reading_lacks_is_believed_of_another_kind_of_engine_only(
    tmp_path, another_kind, kept
):
    far = Word(text="Iq", box=Box(0, 150, 40, 170), confidence=0.5)
    engine = Engine(0.5)
    engine.lines = (Line(words=(far,)),)
    second = Second(engine=engine, name="x", first="y", of_another_kind=another_kind)
    lines = Engine(0.8, *MANY).lines
    done = second.again(replace(page(tmp_path), lines=lines), poor=True)
    assert ("Iq" in words(done)) is kept


def test_another_kind_of_engine_reads_the_page_as_it_was_before_it_was_cleaned(tmp_path):
    """Its boxes are brought to the size of the cleaned image."""
    plain = tmp_path / "page-0001.plain.pgm"
    Image.new("L", (200, 100), 255).save(plain, format="PPM")
    second = Engine(0.999, *MANY)
    asked = []
    second.read = lambda image, dpi: asked.append((image, dpi)) or second.lines
    first = Engine(0.5, *MANY)
    cleaned = replace(page(tmp_path), plain=plain)
    done = twice(first, second)(cleaned)
    assert asked == [(plain, 100)]
    assert words(done) == list(MANY)
    assert done.lines[0].words[1].box == Box(100, 0, 180, 40)


@pytest.mark.parametrize(("another_kind", "gray"), [(True, 10), (False, 200)])
def test_only_another_kind_of_engine_sees_what_was_passed_over_uncleaned(
    tmp_path, another_kind, gray
):
    plain = tmp_path / "page-0001.plain.tif"
    Image.new("L", (400, 200), 10).save(plain)
    seen = []

    def read(image, **_):
        with Image.open(image) as sheet:
            seen.append(sheet.getextrema()[0])
        return ()

    engine = Engine(0.999)
    engine.read = read
    second = Second(engine=engine, name="x", first="y", of_another_kind=another_kind)
    cleaned = page(tmp_path, Image.new("L", (400, 200), 200))
    lines = (Line(words=(Word(text="chest", box=Box(0, 0, 90, 20), confidence=0.96),)),)
    second.again(replace(cleaned, plain=plain, lines=lines, seen=(Box(0, 60, 90, 80),)), poor=False)
    assert seen == [gray]


def test_a_second_reading_that_fails_leaves_the_first(tmp_path):
    failing = Engine(0.9, error=InputError("it takes longer than 180 s"))
    done = twice(Engine(0.82, *MANY), failing)(page(tmp_path))
    assert words(done) == list(MANY)
    assert "failed" in done.notes[-1]


def test_a_poor_page_is_read_once_more_with_its_strokes_thickened(tmp_path):
    """The engine sees more ink the second time, and the better words of both readings stand."""
    first = Engine(0.82)
    looked = []

    def read(image, **_):
        with Image.open(image) as opened:
            looked.append(opened.histogram()[0])
        lines = Engine(0.82, *MANY, "patn").lines, Engine(0.93, *MANY, "pain").lines
        return lines[len(looked) - 1]

    first.read = read
    faint = Image.new("L", (400, 200), 255)
    faint.paste(0, (100, 100, 110, 101))
    done = Reading(engine=first)(page(tmp_path, faint))
    assert looked == [10, 36]
    assert words(done) == [*MANY, "pain"]
    assert done.notes == ("read once more by tesseract, with its strokes thickened",)


def test_a_thicker_reading_that_fails_leaves_the_first(tmp_path):
    first = Engine(0.82, *MANY)
    reads = iter([first.lines])

    def read(*_, **__):
        for lines in reads:
            return lines
        raise InputError("it takes longer than 180 s")

    first.read = read
    done = Reading(engine=first)(page(tmp_path))
    assert words(done) == list(MANY)
    assert "thickened failed" in done.notes[0]


@pytest.mark.parametrize(("width", "reads"), [(400, 2), (200, 1)])
def test_a_page_that_was_brought_to_another_size_is_not_thickened(tmp_path, width, reads):
    plain = tmp_path / "page-0001.plain.tif"
    Image.new("L", (width, 200), 255).save(plain)
    first = Engine(0.82, *MANY)
    Reading(engine=first)(replace(page(tmp_path), plain=plain))
    assert first.reads == reads


def test_words_leave_with_calibrated_confidence(tmp_path):
    done = Reading(engine=Engine(0.9, "chest"))(page(tmp_path))
    assert done.lines[0].words[0].confidence == pytest.approx(0.87)


def test_where_the_second_engine_is_missing_tesseract_stands_in(tmp_path, monkeypatch):
    monkeypatch.setattr(rapid, "find_spec", lambda name: None)
    stage = Recognise(second="rapidocr")
    assert "digitizer[second]" in stage.lacks()
    second = stage.open(Resources(models=tmp_path)).second
    assert isinstance(second.engine, Layouts)
    assert not second.of_another_kind
    assert Recognise().lacks() == ""


def test_an_engine_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="'rapidorc'.*use one of layouts, rapidocr, tesseract"):
        Recognise(second="rapidorc").open(Resources(models=tmp_path))


def blurred() -> Image.Image:
    """Small print out of focus."""
    image = Image.new("L", (900, 420), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=24)
    for number, line in enumerate(PRINTED):
        draw.text((60, 50 + 60 * number), line, font=font, fill=0)
    return image.filter(ImageFilter.GaussianBlur(2.4))


def test_print_out_of_focus_is_read_better_by_two_engines_than_by_one(tmp_path):
    printed = set(" ".join(PRINTED).split())

    def right(second):
        stage = Recognise(second=second).open(Resources(models=tmp_path))
        return len(printed & set(words(stage(page(tmp_path, blurred())))))

    once, twice = right(""), right("rapidocr")
    assert twice >= 0.75 * len(printed)
    assert twice > once


SIGNED = Box(100, 100, 220, 152)


def signed(folder) -> Page:
    """A good page with a signature that runs into the last row, of which only a date was read."""
    rows = [
        Word(text="hypertension", box=Box(20, 20 * row, 140, 20 * row + 16), confidence=0.96)
        for row in range(4)
    ]
    date = Word(text="02/09/18", box=Box(240, 140, 320, 156), confidence=0.97)
    lines = tuple(Line(words=(word,)) for word in (*rows, date))
    return replace(page(folder), lines=lines, marks=(SIGNED,))


def beneath(folder, engine, *, of_another_kind=True) -> Page:
    name = "rapidocr"
    second = Second(engine=engine, name=name, first="y", of_another_kind=of_another_kind)
    return second.beneath(signed(folder))


def name_on_the_strip(confidence: float) -> Engine:
    engine = Engine(confidence)
    word = Word(text="Pell,", box=Box(72, 24, 132, 38), confidence=confidence)
    engine.lines = (Line(words=(word,)),)
    return engine


def test_print_under_a_signature_is_read_again_in_a_row_of_its_own(tmp_path):
    done = beneath(tmp_path, name_on_the_strip(0.999))
    assert words(done) == ["hypertension"] * 4 + ["Pell,", "02/09/18"]
    assert done.notes == ("1 rows under marks read again by rapidocr",)


def test_what_is_read_unsurely_under_a_signature_is_a_stroke(tmp_path):
    assert words(beneath(tmp_path, name_on_the_strip(0.8)))[4:] == ["02/09/18"]


def test_an_engine_of_the_same_kind_is_not_asked_about_it(tmp_path):
    engine = name_on_the_strip(0.999)
    done = beneath(tmp_path, engine, of_another_kind=False)
    assert (words(done)[4:], engine.reads, done.notes) == (["02/09/18"], 0, ())


def test_where_that_reading_fails_the_page_stays_as_it_was(tmp_path):
    done = beneath(tmp_path, Engine(0.9, error=InputError("too slow")))
    assert words(done)[4:] == ["02/09/18"]
    assert done.notes == ("reading rows under marks failed: too slow",)
