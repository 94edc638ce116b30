"""Words that a PDF spells itself are used where the eye sees them, and only there."""

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.page import PageKind
from digitizer.chart.stage import Resources
from digitizer.imaging.checkboxes import Checkboxes
from digitizer.imaging.clean import Clean
from digitizer.imaging.deliver import deliver
from digitizer.imaging.delivered import delivered
from digitizer.imaging.open import Open
from digitizer.imaging.upright import Upright
from digitizer.ocr.recognise import Reading
from digitizer.text.compose import compose
from tests import pdfs

SENTENCES = (
    "The patient reports a painful cough for two weeks, with little sputum.",
    "Past history of gout, hypertension and a hip fracture, all treated.",
    "Medications: lisinopril 20 mg daily, allopurinol 100 mg at bedtime.",
    "Physical examination: lungs are clear, the heart beats regularly.",
)
SIZE = (460, 200)


def typed(lines=SENTENCES, first=150, size=12) -> bytes:
    rows = (f"1 0 0 1 30 {first - 20 * number} Tm ({line}) Tj" for number, line in enumerate(lines))
    return f"BT /F1 {size} Tf 0 g 0 Tr {' '.join(rows)} ET ".encode()


def read(path, folder, **options):
    (page,) = (
        delivered(values).page(folder)
        for values in deliver(str(path), str(folder), 300, 9, 10**8, **options)
    )
    return page


def text(page) -> str:
    return " ".join(compose(page.lines or ()).content.split())


def page_of(folder, content, **more):
    return read(pdfs.drawn(folder / "a.pdf", content, page=SIZE, **more), folder)


def ink(page, box: Box) -> np.ndarray:
    with Image.open(page.image) as image:
        assert image.size == (page.width, page.height)
        return np.asarray(image.crop((round(box.x0), round(box.y0), round(box.x1), round(box.y1))))


def test_a_page_that_was_never_on_paper_keeps_its_words(tmp_path):
    page = page_of(tmp_path, typed())
    assert text(page) == " ".join(SENTENCES)
    assert len(page.lines) == len(SENTENCES)
    assert page.dpi == 150 and page.notes == ()


class NoEngine:
    def read(self, *_, **__):
        raise AssertionError("a page that has its words is not read")


def test_such_a_page_is_not_read_again(tmp_path):
    page = page_of(tmp_path, typed())
    resources = Resources(models=tmp_path)
    done = Reading(engine=NoEngine())(Clean().open(resources)(Upright().open(resources)(page)))
    assert (done.kind, done.lines, done.image) == (PageKind.CONTENT, page.lines, page.image)


# Where a line of text runs: its matrix on a page of 460 x 200 or, lying across it, 200 x 460.
DIRECTIONS = {
    0: "1 0 0 1 0 0",
    90: "0 -1 1 0 0 460",
    180: "-1 0 0 -1 460 200",
    270: "0 1 -1 0 200 0",
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("runs", DIRECTIONS)
def test_however_it_lies_its_words_stand_upright_on_their_ink(tmp_path, runs, rotate):
    content = f"q {DIRECTIONS[runs]} cm ".encode() + typed() + b" Q"
    size = SIZE[::-1] if runs % 180 else SIZE
    page = read(pdfs.drawn(tmp_path / "a.pdf", content, page=size, Rotate=rotate), tmp_path)
    assert text(page) == " ".join(SENTENCES)
    assert page.rotation == (runs + rotate) % 360
    assert page.width > page.height
    for line in page.lines:
        for word in line.words:
            assert word.box.width > 0 and ink(page, word.box).min() < 100


def test_boxes_fit_the_page_as_a_viewer_shows_it(tmp_path):
    page = page_of(tmp_path, typed(), CropBox=Array([20, 40, 460, 180]), Rotate=90)
    (first,) = (word for line in page.lines for word in line.words if word.text == "The")
    there = page.delivered(first.box)  # 440 x 140 points, turned a quarter clockwise
    assert there.centre == pytest.approx((1 - 26 / 140, 20 / 440), abs=0.03)


WHITE, BAR = b" 1 1 1 rg 25 170 400 20 re f", b" 0 g 25 170 400 20 re f"
HIDDEN = {
    "painted invisibly": (b"3 Tr", b""),
    "cut out and not painted": (b"7 Tr", b""),
    "white on white": (b"1 g", b""),
    "all but white": (b"0.97 g", b""),
    "transparent": (b"/Clear gs", b""),
    "tiny": (b"/F1 1 Tf", b""),
    "off the page": (b"1 0 0 1 30 -50 Tm", b""),
    "beyond the edge": (b"1 0 0 1 900 175 Tm", b""),
    "under white paint": (b"", WHITE),
    "under a black bar": (b"", BAR),
    "under other words": (b"1 0 0 1 30 150 Tm 1 g", b""),
}


def with_hidden(way, words):
    """The sentences, and `words` that no one sees, under them in what was drawn first."""
    how, after = HIDDEN[way]
    begin = b"q BT /F1 12 Tf 1 0 0 1 30 175 Tm "
    return begin + how + f" ({words}) Tj ET Q".encode() + after + b" " + typed()


CLEAR = Dictionary(ExtGState=Dictionary(Clear=Dictionary(ca=0, CA=0)))


@pytest.mark.parametrize("way", HIDDEN)
def test_a_word_that_no_one_sees_is_no_text(tmp_path, way):
    page = page_of(tmp_path, with_hidden(way, "Dead"), resources=CLEAR)
    assert text(page) in (" ".join(SENTENCES), "")


@pytest.mark.parametrize("way", HIDDEN)
def test_a_page_with_much_that_no_one_sees_is_read_afresh(tmp_path, way):
    page = page_of(tmp_path, with_hidden(way, SENTENCES[0].upper()), resources=CLEAR)
    assert (page.lines, page.dpi) == (None, 300)
    (note,) = page.notes
    assert "seen" in note and "cough" not in note.lower()


def test_a_word_in_white_on_a_dark_bar_is_seen(tmp_path):
    heading = BAR + b" BT /F1 12 Tf 1 g 1 0 0 1 30 176 Tm (DISCHARGE SUMMARY) Tj ET 0 g "
    assert text(page_of(tmp_path, heading + typed())).startswith("DISCHARGE SUMMARY The patient")


def test_a_slanted_stamp_is_seen(tmp_path):
    stamp = b"BT /F1 14 Tf 0.5 g 0.97 0.24 -0.24 0.97 300 20 Tm (COPY) Tj ET "
    assert "COPY" in text(page_of(tmp_path, typed() + stamp))


def shifted(character):
    """What a font without its own encoding makes of a letter: three further in the alphabet."""
    return chr((ord(character) - 97 + 3) % 26 + 97)


def font_that_says(character_of):
    pairs = (f"<{ord(c):02x}> <{ord(character_of(c)):04x}>" for c in map(chr, range(97, 123)))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        "/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange 26 beginbfchar "
        + " ".join(pairs)
        + " endbfchar endcmap end end"
    )
    return table.encode()


def other_words(character):
    """So that "patient" says "matoest": letters that make words, of other heights."""
    return dict(zip("pnisgdl", "mesntra", strict=True)).get(character, character)


@pytest.mark.parametrize(
    ("character_of", "why"),
    [
        (shifted, "look other"),
        (other_words, "look other"),
        (lambda letter: chr(0xE000 + ord(letter)), "characters"),
    ],
)
def test_a_font_that_says_other_letters_than_it_shows_is_not_believed(tmp_path, character_of, why):
    page = page_of(tmp_path, typed(), says=font_that_says(character_of))
    assert page.lines is None
    assert why in page.notes[0]


def scanned_strip():
    image = Image.new("L", (1200, 200), 255)
    font = ImageFont.load_default(size=40)
    ImageDraw.Draw(image).text((20, 60), "ECG: sinus rhythm, rate 72", font=font, fill=0)
    return image


def test_a_page_with_print_in_a_picture_is_read_from_its_image(tmp_path):
    path = tmp_path / "a.pdf"
    place = (300, 0, 0, 50, 30, 10)
    pdfs.one_image(path, scanned_strip(), page=SIZE, place=place, after=typed())
    page = read(path, tmp_path)
    assert page.lines is None
    assert "beside" in page.notes[0]


@pytest.mark.parametrize("order", ["under", "over"])
def test_words_under_or_over_a_picture_are_read_from_the_image(tmp_path, order):
    words = {"after" if order == "over" else "before": typed()}
    picture = Image.new("L", (300, 30), 255)
    place = (300, 0, 0, 30, 30, 80)
    read_from = pdfs.one_image(tmp_path / "a.pdf", picture, page=SIZE, place=place, **words)
    page = read(read_from, tmp_path)
    assert page.lines is None
    assert "picture" in page.notes[0]


def test_a_logo_beside_the_words_does_no_harm(tmp_path):
    logo = Image.new("L", (100, 100), 90)
    path = pdfs.one_image(
        tmp_path / "a.pdf", logo, page=SIZE, place=(30, 0, 0, 30, 10, 10), after=typed()
    )
    assert text(read(path, tmp_path)) == " ".join(SENTENCES)


def test_a_page_with_a_note_pinned_on_is_read_from_its_image(tmp_path):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([30, 10, 200, 30]))
    page = page_of(tmp_path, typed(), Annots=Array([note]))
    assert page.lines is None
    assert "form fields" in page.notes[0]


def test_a_link_does_no_harm(tmp_path):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([30, 10, 200, 30]))
    assert text(page_of(tmp_path, typed(), Annots=Array([link]))) == " ".join(SENTENCES)


def test_an_earlier_reading_under_a_scan_is_not_used(tmp_path):
    words = b" BT /F1 12 Tf 3 Tr 30 150 Td (Tlie patient dcnies chcst pairi) Tj ET"
    scan = scanned_strip().resize((1200, 520))
    page = read(pdfs.one_image(tmp_path / "a.pdf", scan, page=SIZE, after=words), tmp_path)
    assert (page.lines, page.width) == (None, 1200)
    assert "unseen on a scan" in page.notes[0] and "chcst" not in page.notes[0]


def test_text_layers_can_be_left_alone(tmp_path):
    path = pdfs.drawn(tmp_path / "a.pdf", typed(), page=SIZE)
    assert read(path, tmp_path, text=False).lines is None


def test_pages_of_all_kinds_in_one_file_keep_their_order(tmp_path):
    hidden = with_hidden("painted invisibly", SENTENCES[0])
    path = pdfs.drawn(tmp_path / "a.pdf", typed(), hidden, b"", typed(), page=SIZE)
    values = deliver(str(path), str(tmp_path), 300, 9, 10**8)
    pages = [delivered(each).page(tmp_path) for each in values]
    assert [page.number for page in pages] == [1, 2, 3, 4]
    assert [page.lines is not None for page in pages] == [True, False, False, True]


def test_a_heading_that_is_spaced_out_is_read_as_its_words(tmp_path):
    heading = b"BT /F1 12 Tf 4 Tc 1 0 0 1 30 175 Tm (DISCHARGE  SUMMARY) Tj 0 Tc ET "
    assert text(page_of(tmp_path, heading + typed())).startswith("DISCHARGE SUMMARY The patient")


def test_words_that_are_placed_one_by_one_stay_apart(tmp_path):
    words = (
        b"BT /F1 12 Tf 30 175 Td (Pathology) Tj 55 0 Td (Report) Tj 39 0 Td (A) Tj 11 0 Td (5) Tj "
    )
    words += b"ET "
    assert text(page_of(tmp_path, words + typed())).startswith("Pathology Report A 5 The patient")


def test_a_form_filled_in_by_a_program_tells_ticked_boxes_from_letters(tmp_path):
    boxes = b"".join(b"30 %d 10 10 re S " % y for y in (168, 184))
    labels = b"BT /F1 12 Tf 32 169.5 Td (X) Tj 14 0 Td (Gout) Tj -14 16 Td 14 0 Td (Stroke) Tj ET "
    grade = b"BT /F1 12 Tf 200 169 Td (H 5.2) Tj ET "
    page = page_of(tmp_path, boxes + labels + grade + typed(first=140))
    done = Checkboxes().open(Resources(models=tmp_path))(page)
    said = text(done)
    assert "[ ] Stroke" in said and "[x] Gout" in said and "H 5.2" in said


def test_a_group_that_draws_itself_costs_its_page_the_words_and_no_other(tmp_path):
    path = tmp_path / "a.pdf"
    with pikepdf.open(pdfs.drawn(path, typed(), typed(), page=SIZE)) as pdf:
        loop = pikepdf.Stream(pdf, b"/Loop Do /Loop Do", Type=Name.XObject, Subtype=Name.Form)
        loop = pdf.make_indirect(loop)
        loop.BBox = Array([0, 0, *SIZE])
        loop.Resources = Dictionary(XObject=Dictionary(Loop=loop))
        pdf.pages[0].obj.Resources.XObject = Dictionary(Loop=loop)
        pdf.pages[0].contents_add(b"/Loop Do")
        pdf.save(tmp_path / "b.pdf")
    values = deliver(str(tmp_path / "b.pdf"), str(tmp_path), 300, 9, 10**8)
    first, second = [delivered(each).page(tmp_path) for each in values]
    assert first.lines is None and first.image is not None
    assert text(second) == " ".join(SENTENCES)


def test_in_the_box_that_opens_strangers_files_words_are_kept_too(tmp_path):
    (tmp_path / "work").mkdir()
    path = pdfs.drawn(tmp_path / "a.pdf", typed(), page=SIZE)
    (page,) = Open().open(Resources(models=tmp_path))(path, tmp_path / "work")
    assert text(page) == " ".join(SENTENCES)
