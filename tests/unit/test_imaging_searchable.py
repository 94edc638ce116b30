"""A searchable PDF shows the scan as it was, with each word over its ink, and nothing that acts."""

import html
import json
import math
import re
import subprocess
from dataclasses import astuple
from io import BytesIO

import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image, ImageChops, ImageDraw, ImageFont

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.imaging.searchable import searchable

DPI = 150
WORDS = ("Assessment:", "hypertension", "(stage", "II),", "café", "µg", "12.5", "mg")
SIZE = WIDTH, HEIGHT = 1275, 1650


def printed(shift=0):
    """A page with WORDS on two lines, and their boxes in its pixels."""
    image = Image.new("L", SIZE, 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    rows, x, y = [[]], 150, 200 + shift
    for word in WORDS:
        box = draw.textbbox((x, y), word, font=font)
        draw.text((x, y), word, font=font, fill=0)
        rows[-1].append([word, *box])
        x = box[2] + 14
        if x > 900:
            rows.append([])
            x, y = 150, y + 80
    return image, rows


def leaf(rows, page=1, to_delivered=None, height=HEIGHT, original=0):
    there = to_delivered or Affine.scaling(1 / WIDTH, 1 / HEIGHT)
    return {
        "original": original,
        "page": page,
        "height": height,
        "map": astuple(there),
        "rows": rows,
    }


def make(tmp_path, originals, leaves):
    layer, out = tmp_path / "layer.jsonl", tmp_path / "out.pdf"
    layer.write_text("".join(json.dumps(each) + "\n" for each in leaves))
    (done,) = searchable([str(path) for path in originals], str(layer), str(out), 10**8)
    with pikepdf.open(out) as pdf:
        assert pdf.check_pdf_syntax() == []
    return out, done


def sizes(path):
    """Each page's width and height as shown, in points."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            x0, y0, x1, y1 = (float(value) for value in page.cropbox)
            yield (x1 - x0, y1 - y0) if page.rotation % 180 == 0 else (y1 - y0, x1 - x0)


def found(pdf):
    """What a viewer finds on each page: words with boxes in fractions of the page as shown."""
    said = subprocess.run(
        ["pdftotext", "-cropbox", "-bbox", pdf, "-"], capture_output=True, check=True
    )
    pages = []
    for part, (wide, high) in zip(
        said.stdout.decode().split("<page ")[1:], sizes(pdf), strict=True
    ):
        words = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<', part)
        fractions = Affine.scaling(1 / wide, 1 / high)
        boxes = (fractions.box(Box(*map(float, box))) for *box, _ in words)
        pages.append(list(zip((html.unescape(word[-1]) for word in words), boxes, strict=True)))
    return pages


def there(rows, to_delivered=None):
    """Each word's ink, and the line it stands on, in fractions of the page as delivered."""
    place = to_delivered or Affine.scaling(1 / WIDTH, 1 / HEIGHT)
    return [
        (text, place.box(Box(*box)), place.box(Box.around(Box(*b) for _, *b in row)))
        for row in rows
        for text, *box in row
    ]


def assert_over_the_ink(words, expected, slack=0.004):
    """From the word's first letter to its last, as high as its line."""
    by_text = {text: (ink, line) for text, ink, line in expected}
    assert sorted(text for text, _ in words) == sorted(by_text)
    for text, box in words:
        ink, line = by_text[text]
        for inner, outer in ((ink, box), (box, line)):
            both = Box.around((inner, outer))
            apart = max(abs(a - b) for a, b in zip(astuple(both), astuple(outer), strict=True))
            assert apart < slack, (text, inner, outer)
        along = min(abs(box.width - ink.width), abs(box.height - ink.height))
        assert along < slack, (text, box, ink)


def shown(pdf, page=1, dpi=DPI):
    """The page as poppler shows it."""
    command = ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", str(page), "-singlefile", pdf]
    done = subprocess.run(command, capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout)).convert("L")


def difference(one, other):
    """Mean difference in steps of gray."""
    assert one.size == other.size
    histogram = ImageChops.difference(one, other).histogram()
    return sum(step * count for step, count in enumerate(histogram)) / (one.width * one.height)


SAVED = {
    "jpg": dict(quality=80),
    "png": {},
    "tif": dict(compression="tiff_lzw"),
    "jp2": dict(quality_mode="rates", quality_layers=[20]),
}


@pytest.mark.parametrize("kind", [*SAVED, "g4.tif", "1.png", "rgb.tif", "palette.png", "rgba.png"])
def test_an_image_becomes_a_pdf_that_looks_the_same_with_each_word_over_its_ink(tmp_path, kind):
    image, rows = printed()
    original = tmp_path / f"scan.{kind}"
    options = SAVED.get(kind, {})
    if kind in ("g4.tif", "1.png"):
        image = image.point(lambda v: 255 * (v > 128)).convert("1")
    if kind == "g4.tif":
        options = dict(compression="group4")
    if kind in ("rgb.tif", "rgba.png"):
        image = image.convert(kind.split(".")[0].upper())
    if kind == "palette.png":
        image = image.convert("P")
    image.save(original, dpi=(DPI, DPI), **options)
    pdf, done = make(tmp_path, [original], [leaf(rows)])
    assert_over_the_ink(found(pdf)[0], there(rows))
    with Image.open(original) as before:
        on_white = before.convert("RGBA")
        on_white = Image.alpha_composite(Image.new("RGBA", on_white.size, "white"), on_white)
    assert difference(shown(pdf, dpi=DPI if kind != "jp2" else 150), on_white.convert("L")) < 1
    assert done["archival"] == pdfa.validate_written(pdf, "2b").passed
    assert done["archival"] or kind == "jp2"  # which the validator does not check


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_the_compressed_image_goes_in_as_it_is(tmp_path, kind):
    image, rows = printed()
    original = tmp_path / f"scan.{kind}"
    image.save(original, dpi=(DPI, DPI))
    pdf, _ = make(tmp_path, [original], [leaf(rows)])
    with pikepdf.open(pdf) as made:
        raw = made.pages[0].Resources.XObject.Scan.read_raw_bytes()
    assert raw in original.read_bytes()


def test_every_page_of_a_fax_is_there_and_the_file_grows_by_little(tmp_path):
    pages = [printed(shift) for shift in (0, 300, 600)]
    images = [image.resize((1728, 2200)).convert("1") for image, _ in pages]
    for image in images:
        image.paste(Image.effect_noise((1500, 800), 90).convert("1"), (100, 1300))
    original = tmp_path / "fax.tif"
    first, *rest = images
    first.save(original, compression="group4", dpi=(204, 196), save_all=True, append_images=rest)
    pdf, done = make(tmp_path, [original], [leaf(rows, n) for n, (_, rows) in enumerate(pages, 1)])
    assert done == {"pages": 3, "archival": True}
    for words, (_, rows) in zip(found(pdf), pages, strict=True):
        assert_over_the_ink(words, there(rows))
    assert pdf.stat().st_size < 1.1 * original.stat().st_size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_that_was_held_otherwise(tmp_path, orientation):
    image, rows = printed()
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = image.transpose(undone[orientation]) if orientation > 1 else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    original = tmp_path / "photo.jpg"
    stored.save(original, dpi=(DPI, DPI), exif=exif)
    pdf, _ = make(tmp_path, [original], [leaf(rows)])
    assert difference(shown(pdf), image) < 1
    assert_over_the_ink(found(pdf)[0], there(rows))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_text_runs_along_the_print_of_a_turned_page(tmp_path, degrees):
    """`degrees` clockwise bring the page upright."""
    image, rows = printed()
    delivered = image.rotate(degrees, expand=True)
    original = tmp_path / "scan.jpg"
    delivered.save(original, dpi=(DPI, DPI))
    wide, high = delivered.size
    lying = Page(number=1, width=wide, height=high, to_delivered=Affine.scaling(1 / wide, 1 / high))
    upright = lying.turned(degrees, tmp_path)
    assert (upright.width, upright.height) == SIZE
    pdf, _ = make(tmp_path, [original], [leaf(rows, to_delivered=upright.to_delivered)])
    assert_over_the_ink(found(pdf)[0], there(rows, upright.to_delivered))
    said = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True)
    assert said.stdout.decode().split() == list(WORDS)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_a_pdf_page_that_is_turned_or_cropped(tmp_path, turn, cropped):
    """What the viewer shows is `image`, whatever the page's own numbers are."""
    image, rows = printed()
    stored = image.rotate(turn, expand=True)
    original = tmp_path / "scan.pdf"
    stored.save(original, "PDF", resolution=DPI)
    with pikepdf.open(original, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.Rotate = turn
        if cropped:
            x0, y0, x1, y1 = (float(value) for value in page.MediaBox)
            page.MediaBox = [x0 - 30, y0 - 50, x1 + 20, y1 + 10]
            page.CropBox = [x0, y0, x1, y1]
        pdf.save(original)
    pdf, _ = make(tmp_path, [original], [leaf(rows)])
    assert_over_the_ink(found(pdf)[0], there(rows))


def test_text_leans_with_a_skewed_page(tmp_path):
    image, rows = printed()
    skew = 3.0
    original = tmp_path / "scan.png"
    image.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255).save(original, dpi=(DPI, DPI))
    tilt = Affine.turning(skew, (WIDTH / 2, HEIGHT / 2)).then(Affine.scaling(1 / WIDTH, 1 / HEIGHT))
    pdf, _ = make(tmp_path, [original], [leaf(rows, to_delivered=tilt)])
    with pikepdf.open(pdf) as made:
        matrix = next(
            [float(v) for v in operands]
            for operands, operator in pikepdf.parse_content_stream(made.pages[0])
            if str(operator) == "cm"
        )
    assert math.degrees(math.atan2(matrix[1], matrix[0])) == pytest.approx(-skew)
    pieces = found(pdf)[0]  # poppler cuts words at the steps that a sloping line makes
    assert "".join(text for text, _ in pieces) == "".join(WORDS)
    _, ink, _ = there(rows, tilt)[0]
    assert math.dist(pieces[0][1].centre, ink.centre) < 0.01


def hostile(path, image):
    """A scan with an earlier hidden reading, and everything that acts."""
    image.save(path, "PDF", resolution=DPI)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.add_resource(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            ),
            pikepdf.Name.Font,
            pikepdf.Name.Old,
        )
        page.contents_add(b"q BT 3 Tr /Old 9 Tf 50 700 Td (hypotension) Tj ET Q")
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 90, 90], A=launch
        )
        page.Annots = pdf.make_indirect(pikepdf.Array([note]))
        page.AA = pikepdf.Dictionary(O=script)
        pdf.Root.OpenAction = script
        pdf.attachments["virus.exe"] = b"MZ"
        pdf.docinfo["/Title"] = "Hargrove, Rajesh"
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return path


def test_nothing_that_acts_comes_along_and_the_old_hidden_text_is_replaced(tmp_path):
    image, rows = printed()
    original = hostile(tmp_path / "scan.pdf", image)
    pdf, done = make(tmp_path, [original], [leaf(rows)])
    assert [text for text, _ in found(pdf)[0]] == list(WORDS)
    assert done["archival"]
    with pikepdf.open(pdf) as made:
        plain = b"".join(thing.unparse() for thing in made.objects)
        assert not made.attachments
    for word in (b"JavaScript", b"alert", b"Launch", b"calc", b"Annot", b"Hargrove", b"/Old"):
        assert word not in plain


def test_a_page_of_visible_text_keeps_it_and_is_given_no_second_one(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    original = tmp_path / "letter.pdf"
    canvas = Canvas(str(original), pagesize=(612, 792))
    canvas.drawString(72, 700, "Assessment: hypertension")
    canvas.save()
    pdf, done = make(tmp_path, [original], [leaf([[["Assessment:", 1, 1, 90, 20]]])])
    assert [text for text, _ in found(pdf)[0]] == ["Assessment:", "hypertension"]
    assert not done["archival"]  # its font is not embedded, so nothing is claimed
    with pikepdf.open(pdf) as made, made.open_metadata() as said:
        assert "pdfaid:part" not in said


def test_pages_are_taken_in_the_order_asked_from_several_files(tmp_path):
    image, _ = printed()
    fronts, backs = tmp_path / "fronts.pdf", tmp_path / "backs.pdf"
    for path in (fronts, backs):
        image.save(path, "PDF", resolution=DPI, save_all=True, append_images=[image])
    leaves = [
        leaf([[[f"{name}{page}", 100, 100, 300, 140]]], page, original=original)
        for original, page, name in ((0, 1, "front"), (1, 2, "back"), (0, 2, "front"))
    ]
    pdf, _ = make(tmp_path, [fronts, backs], leaves)
    assert [[text for text, _ in page] for page in found(pdf)] == [
        ["front1"],
        ["back2"],
        ["front2"],
    ]
