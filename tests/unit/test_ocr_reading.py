"""Tesseract reads what is printed, says where, and pages that lie wrong are turned."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.barcode import Barcode
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Line, Word
from digitizer.errors import ConfigError, InputError, TransientError
from digitizer.ocr import resident, tesseract
from digitizer.ocr.confidence import plausibility, without_junk
from digitizer.ocr.recognise import Reading, Recognise
from digitizer.ocr.tesseract import Tesseract
from digitizer.ocr.tsv import lines_of

PRINTED = ("Patient denies chest pain.", "Lisinopril 20 mg daily", "Potassium 4.9 mmol/L")


def page(folder: Path, turn=0, lines=PRINTED) -> Page:
    image = Image.new("L", (1000, 600), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 90 * number), line, font=font, fill=0)
    image = image.rotate(-turn, expand=True)
    path = folder / "page-0001.pgm"
    image.save(path, format="PPM")
    return Page(number=1, width=image.width, height=image.height, dpi=200, image=path)


def words(page: Page) -> list[str]:
    return [word.text for line in page.lines for word in line.words]


@pytest.fixture(scope="module")
def recognise(tmp_path_factory):
    return Recognise().open(Resources(models=tmp_path_factory.mktemp("models")))


def test_what_is_printed_is_read_line_by_line(recognise, tmp_path):
    done = recognise(page(tmp_path))
    assert [" ".join(w.text for w in line.words) for line in done.lines] == list(PRINTED)


def test_a_word_lies_where_its_box_says(recognise, tmp_path):
    done = recognise(page(tmp_path))
    (place,) = (w.box for line in done.lines for w in line.words if w.text == "Lisinopril")
    assert place.x0 == pytest.approx(83, abs=6)
    assert 165 < place.y0 < place.y1 < 225


def test_a_page_upside_down_is_read_the_right_way_up(recognise, tmp_path):
    done = recognise(page(tmp_path, turn=180))
    assert " ".join(words(done)) == " ".join(PRINTED)
    assert done.rotation == 180


def test_a_page_on_which_nothing_can_be_read_says_so(recognise, tmp_path):
    done = recognise(page(tmp_path, lines=()))
    assert (done.lines, done.rotation) == ((), 0)
    assert "no text could be read" in done.warnings[0]


class Mumbling:
    """An engine that makes nothing of any page."""

    def read(self, *_, **__):
        return (
            Line(words=tuple(Word(text="xq", box=Box(0, 0, 9, 9), confidence=0.5) for _ in "ab")),
        )

    def turn(self, *_, **__):
        return 0


class Misreading:
    """An engine that reads print well, and a signature below it wrongly."""

    PRINT = (Box(80, 90, 600, 120), Box(80, 180, 560, 210), Box(80, 270, 560, 300))
    SIGNED = Box(100, 400, 400, 520)

    def read(self, *_, **__):
        words = [Word(text="printed", box=box, confidence=0.97) for box in self.PRINT]
        words.append(Word(text="Marka", box=self.SIGNED, confidence=0.2))
        return tuple(Line(words=(word,)) for word in words)

    def turn(self, *_, **__):
        return 0


def test_a_signature_is_marked_and_what_it_was_taken_for_is_left_out(tmp_path):
    start = page(tmp_path)
    with Image.open(start.image) as image:
        stroke = [(100 + 30 * at, 400 + 118 * (at % 2)) for at in range(11)]
        ImageDraw.Draw(image).line(stroke, fill=0, width=9)
        image.save(start.image, format="PPM")
    done = Reading(engine=Misreading())(start)
    assert words(done) == ["printed"] * 3
    assert done.marks == (Misreading.SIGNED,)


@pytest.mark.parametrize(
    ("place", "marked"), [(Box(0.2, 0.3, 0.5, 0.5), 0), (Box(0, 0, 0.2, 0.2), 1)]
)
def test_a_bar_code_is_no_mark(tmp_path, place, marked):
    start = page(tmp_path)
    code = Barcode(format="QR", value="48213", box=place)
    whole = Affine.scaling(1 / start.width, 1 / start.height)
    drawn = Box(300, 200, 400, 290)
    start = replace(start, barcodes=(code,), marks=(drawn,), to_delivered=whole)
    assert len(Reading(engine=Misreading())(start).marks) == marked


def test_an_illegible_page_is_marked(tmp_path):
    done = Reading(engine=Mumbling())(page(tmp_path))
    assert done.rotation == 0
    assert "hardly legible" in done.warnings[0]


def test_a_missing_language_is_refused_with_the_remedy():
    with pytest.raises(ConfigError, match="apt install tesseract-ocr-xyz"):
        Tesseract(languages=("eng", "xyz"))


def test_a_missing_program_is_refused_with_the_remedy(monkeypatch):
    def missing(*_, **__):
        raise tesseract.pytesseract.TesseractNotFoundError

    monkeypatch.setattr(tesseract.pytesseract, "get_languages", missing)
    with pytest.raises(ConfigError, match="apt install tesseract-ocr"):
        Tesseract()


@pytest.fixture(params=["library", "program"])
def tesseract_is(request, tmp_path, monkeypatch):
    """Puts a script in place of the process that reads pages, whichever it is."""
    resident._resident.cache_clear()

    def replaced(script):
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        if request.param == "library":
            monkeypatch.setattr(resident, "COMMAND", (str(program),))
        else:
            monkeypatch.setattr(resident.Resident, "read", lambda *_, **__: None)
            monkeypatch.setattr(tesseract.pytesseract.pytesseract, "tesseract_cmd", str(program))

    yield replaced
    resident._resident.cache_clear()


def test_a_page_that_takes_too_long_is_given_up(tmp_path, tesseract_is):
    engine = Tesseract(seconds=1)
    tesseract_is("exec sleep 30")
    with pytest.raises(InputError, match="longer than 1 s"):
        engine.read(page(tmp_path).image, dpi=200)


@pytest.mark.parametrize(
    ("ending", "error"), [("kill -9 $$", TransientError), ("exit 3", InputError)]
)
def test_how_the_process_ends_decides_whose_fault_it_is(tmp_path, tesseract_is, ending, error):
    engine = Tesseract()
    tesseract_is(f"echo 'Patient Hargrove' >&2\n{ending}")
    with pytest.raises(error) as caught:
        engine.read(page(tmp_path).image, dpi=200)
    assert "Hargrove" not in str(caught.value)


def test_a_page_after_one_that_ended_the_process_is_read(tmp_path):
    engine = Tesseract(seconds=0.001)
    with pytest.raises(InputError, match="takes longer"):
        engine.read(page(tmp_path).image, dpi=200)
    said = Tesseract().read(page(tmp_path).image, dpi=200)
    assert [" ".join(w.text for w in line.words) for line in said] == list(PRINTED)


def test_one_process_reads_page_after_page_as_the_program_would(tmp_path, monkeypatch):
    engine = Tesseract()
    image = page(tmp_path).image
    first = engine.read(image, dpi=200)
    process = resident.resident(engine.languages)._child
    assert engine.read(image, dpi=200) == first
    assert resident.resident(engine.languages)._child is process
    monkeypatch.setattr(resident.Resident, "read", lambda *_, **__: None)
    assert engine.read(image, dpi=200) == first


def test_what_was_broken_off_is_never_taken_for_the_next_page(tmp_path, monkeypatch):
    engine = Tesseract()
    image = page(tmp_path).image
    first = engine.read(image, dpi=200)
    said = resident.Resident._said

    def interrupted(self, child):
        monkeypatch.setattr(resident.Resident, "_said", said)
        raise KeyboardInterrupt

    monkeypatch.setattr(resident.Resident, "_said", interrupted)
    blank = tmp_path / "blank.png"
    Image.new("L", (600, 300), 255).save(blank)
    with pytest.raises(KeyboardInterrupt):
        engine.read(blank, dpi=200)
    assert engine.read(image, dpi=200) == first


def test_a_process_makes_way_for_a_fresh_one_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(resident, "PAGES", 1)
    engine = Tesseract()
    image = page(tmp_path).image
    first = engine.read(image, dpi=200)
    process = resident.resident(engine.languages)._child
    assert engine.read(image, dpi=200) == first
    assert process.poll() is not None


def test_where_there_is_no_such_library_the_program_is_asked(tmp_path):
    absent = resident.Resident(("xyz",))
    assert absent.read(page(tmp_path).image, layout=3, dpi=200, seconds=9) is None


def test_tsv_becomes_lines_with_boxes_and_confidence():
    head = "level page block par line word left top width height conf text".replace(" ", "\t")
    rows = [
        "4\t1\t1\t1\t1\t0\t0\t0\t90\t20\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t5\t30\t12\t96.5\tchest",
        "5\t1\t1\t1\t1\t2\t45\t5\t20\t12\t-1\t ",
        '5\t1\t1\t1\t1\t3\t70\t5\t20\t12\t41\t"pain',
        "5\t1\t2\t1\t1\t1\t10\t50\t20\t12\t90\tnone",
        "half a row",
    ]
    first, second = lines_of("\n".join([head, *rows]))
    assert [w.text for w in first.words] == ["chest", '"pain']
    assert first.words[0].box == Box(10, 5, 40, 17)
    assert first.words[0].confidence == pytest.approx(0.965)
    assert (first.block, second.block) == (1, 2)


def named(text, confidence, height=20) -> Word:
    return Word(text=text, box=Box(0, 0, 20, height), confidence=confidence)


def test_specks_go_and_words_stay():
    real = [named("hypertension", 0.9), named("5", 0.45), named("-", 0.7), named("of", 0.6)]
    real += [named("Zoster", 0.1), named("2.", 0.3)]
    specks = [
        named("~", 0.7),
        named(".", 0.2),
        named("i", 0.3),
        named("|", 0.9, 60),
        named("a", 0.7, 3),
    ]
    (line,) = without_junk([Line(words=(*real, *specks))])
    assert list(line.words) == real
    assert without_junk([Line(words=(named("~", 0.1),))]) == ()


def test_plausibility_is_the_share_of_characters_read_with_confidence():
    line = Line(words=(named("asthma", 0.9), named("qzx", 0.3), named("a", 0.9)))
    assert plausibility([line]) == pytest.approx(0.6)
    assert plausibility([]) == 0.0
