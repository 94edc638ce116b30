"""Every page of a file is delivered as a viewer shows it, or is said to be missing."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.errors import InputError
from digitizer.imaging.deliver import deliver


def read(path, folder, *, dpi=72, pages=50, pixels=50_000_000):
    return list(deliver(str(path), str(folder), dpi, pages, pixels))


def gray(folder, page) -> np.ndarray:
    with Image.open(folder / page["file"]) as image:
        assert image.mode == "L"
        assert image.size == (page["width"], page["height"])
        return np.asarray(image)


def marked(mode="L", size=(200, 300), paper=255, ink=0) -> Image.Image:
    """A page with a block of ink in its top left corner."""
    image = Image.new(mode, size, paper)
    ImageDraw.Draw(image).rectangle((10, 10, 59, 39), fill=ink)
    return image


def is_marked(pixels) -> bool:
    return pixels[25, 30] < 80 and pixels[200, 150] > 200


def test_every_frame_of_a_tiff_is_a_page(tmp_path):
    frames = [marked(), marked().rotate(180), marked()]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], dpi=(200, 200))
    pages = read(tmp_path / "a.tif", tmp_path)
    assert [(page["number"], page["file"], page["dpi"]) for page in pages] == [
        (1, "page-0001.tif", 200),
        (2, "page-0002.tif", 200),
        (3, "page-0003.tif", 200),
    ]
    assert is_marked(gray(tmp_path, pages[2]))
    assert not is_marked(gray(tmp_path, pages[1]))


def test_a_pdf_is_rendered_at_the_resolution_asked_for(tmp_path):
    marked().save(tmp_path / "a.pdf", resolution=72, save_all=True, append_images=[marked()] * 5)
    pages = read(tmp_path / "a.pdf", tmp_path, dpi=144)
    assert [(p["number"], p["width"], p["height"], p["dpi"]) for p in pages] == [
        (number, 400, 600, 144) for number in range(1, 7)
    ]


def samples(bits):
    """The page in samples of so many bits, in words of sixteen."""
    return Image.fromarray(np.asarray(marked()).astype(np.uint16) << bits - 8)


CLEAR, INK = (0, 0, 0, 0), (0, 0, 0, 255)  # as CMYK no ink and full black, as RGBA glass and black
KINDS = {
    "four inks.jpg": (marked("CMYK", paper=CLEAR, ink=INK), {}),
    "in steps.jpg": (marked(), {"progressive": True}),
    "one of two.mpo": (marked(), {"save_all": True, "append_images": [marked().rotate(180)]}),
    "black on glass.png": (marked("RGBA", paper=CLEAR, ink=INK), {}),
    "gray on glass.png": (marked("LA", paper=(0, 0), ink=(0, 255)), {}),
    "one clear gray.png": (marked(paper=7), {"transparency": 7}),
    "bits.png": (marked("1", paper=1), {}),
    "palette.png": (marked().convert("P"), {}),
    "ten bits.png": (samples(10), {}),
    "twelve bits.png": (samples(12), {}),
    "sixteen bits.png": (samples(16), {}),
    "sixteen bits.tif": (samples(16), {}),
    "real numbers.tif": (marked().convert("F"), {}),
    "group 3.tif": (marked("1", paper=1), {"compression": "group3"}),
    "group 4.tif": (marked("1", paper=1), {"compression": "group4"}),
    "white is 0 in gray.tif": (marked(), {"tiffinfo": {262: 0}}),
    "lzw.tif": (marked("RGB", paper="white", ink="black"), {"compression": "tiff_lzw"}),
    "jpeg in tiff.tif": (marked("RGB", paper="white", ink="black"), {"compression": "jpeg"}),
    "four inks.tif": (marked("CMYK", paper=CLEAR, ink=INK), {}),
    "larger than 4 GB can be.tif": (marked(), {"big_tiff": True}),
    "jpeg 2000.jp2": (marked(), {}),
    "bare jpeg 2000.j2k": (marked("RGB", paper="white", ink="black"), {}),
}


@pytest.mark.parametrize("name", KINDS)
def test_however_an_image_is_stored_it_is_black_on_white(tmp_path, name):
    image, how = KINDS[name]
    image.save(tmp_path / name, **how)
    (page,) = read(tmp_path / name, tmp_path)
    assert is_marked(gray(tmp_path, page))


def test_a_fax_in_which_white_is_0_is_black_on_white(tmp_path):
    path = tmp_path / "a.tif"
    marked("1", paper=0, ink=1).save(path, compression="group4")
    content = path.read_bytes()
    meaning = struct.pack("<HHI", 262, 3, 1)  # of a bit: one SHORT, 1 where black is 0
    assert content.count(meaning) == 1
    path.write_bytes(content.replace(meaning + b"\x01", meaning + b"\x00"))
    (page,) = read(path, tmp_path)
    assert is_marked(gray(tmp_path, page))


# EXIF values, and how a camera that was held so lays the page on its sensor.
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_photo_is_turned_as_its_exif_says(tmp_path, turn, suffix):
    exif = Image.Exif()
    exif[0x0112] = turn
    image = marked() if TURNS[turn] is None else marked().transpose(TURNS[turn])
    image.save(tmp_path / f"a.{suffix}", exif=exif)
    (page,) = read(tmp_path / f"a.{suffix}", tmp_path)
    assert (page["width"], page["height"]) == (200, 300)
    assert is_marked(gray(tmp_path, page))


def test_a_fax_of_standard_resolution_is_not_squeezed(tmp_path):
    Image.new("1", (1728, 1078), 1).save(tmp_path / "fax.tif", dpi=(204, 98), compression="group4")
    (page,) = read(tmp_path / "fax.tif", tmp_path)
    assert (page["width"], page["height"], page["dpi"]) == (1728, 2244, 204)


def test_a_picture_without_a_resolution_is_taken_for_a_letter_page(tmp_path):
    Image.new("L", (1700, 2200), 255).save(tmp_path / "a.png")
    (page,) = read(tmp_path / "a.png", tmp_path)
    assert page["dpi"] == 200


def test_a_truncated_image_is_read_as_far_as_it_goes_and_says_so(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (300, 200), dtype=np.uint8)
    held = io.BytesIO()
    Image.fromarray(noise).save(held, "JPEG")
    (tmp_path / "a.jpg").write_bytes(held.getvalue()[: len(held.getvalue()) // 2])
    (page,) = read(tmp_path / "a.jpg", tmp_path)
    assert "truncated" in page["warnings"][0]
    assert gray(tmp_path, page)[:100].std() > 30


def test_a_page_that_cannot_be_read_keeps_its_place(tmp_path):
    frames = [marked(), Image.new("L", (3000, 3000)), marked()]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    pages = read(tmp_path / "a.tif", tmp_path, pixels=1_000_000)
    assert [bool(page["file"]) for page in pages] == [True, False, True]
    assert pages[1]["warnings"][0].startswith("page 2 could not be read: the image is too large")


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    with pytest.raises(InputError, match=r"too large \(20000 x 20000"):
        read(tmp_path / "bomb.png", tmp_path, pixels=120_000_000)


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_a_line_of_a_coarse_fax_is_stretched_and_stays_black(tmp_path, compression):
    fax = marked("1", size=(408, 196), paper=1)
    fax.save(tmp_path / "fax.tif", dpi=(204, 98), compression=compression)
    (page,) = read(tmp_path / "fax.tif", tmp_path)
    pixels = gray(tmp_path, page)
    assert pixels.shape == (408, 408)
    assert pixels[75, 30] < 80 < 200 < pixels[90, 30]


def test_a_tiff_that_bites_its_own_tail_comes_to_an_end(tmp_path):
    path = tmp_path / "a.tif"
    marked().save(path, save_all=True, append_images=[marked()])
    content = bytearray(path.read_bytes())
    first = struct.unpack_from("<I", content, 4)[0]
    second_link = first + 2 + 12 * struct.unpack_from("<H", content, first)[0]
    second = struct.unpack_from("<I", content, second_link)[0]
    last_link = second + 2 + 12 * struct.unpack_from("<H", content, second)[0]
    struct.pack_into("<I", content, last_link, first)
    path.write_bytes(content)
    try:
        assert 1 <= len(read(path, tmp_path)) <= 50
    except InputError as error:
        assert "too many pages" in str(error)


@pytest.mark.parametrize("suffix", ["pdf", "tif"])
def test_too_many_pages_are_refused(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    marked().save(path, save_all=True, append_images=[marked()] * 3)
    with pytest.raises(InputError, match="too many pages"):
        read(path, tmp_path, pages=3)


def test_a_page_of_two_hundred_inches_is_rendered_within_reason(tmp_path):
    marked(size=(1440, 1440)).save(tmp_path / "a.pdf", resolution=7.2)
    (page,) = read(tmp_path / "a.pdf", tmp_path, dpi=300)
    assert 2000 < page["width"] <= 5100


def test_a_torn_pdf_is_refused_as_truncated(tmp_path):
    marked().save(tmp_path / "a.pdf")
    whole = (tmp_path / "a.pdf").read_bytes()
    (tmp_path / "a.pdf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="truncated or corrupt"):
        read(tmp_path / "a.pdf", tmp_path)


def test_a_pdf_without_its_last_bytes_is_read_with_a_warning(tmp_path):
    marked().save(tmp_path / "a.pdf")
    whole = (tmp_path / "a.pdf").read_bytes()
    (tmp_path / "a.pdf").write_bytes(whole[: whole.rindex(b"startxref")])
    (page,) = read(tmp_path / "a.pdf", tmp_path)
    assert "truncated" in page["warnings"][0]


def test_messages_hold_no_path(tmp_path):
    secret = tmp_path / "Hargrove_Rajesh.pdf"
    secret.write_bytes(b"%PDF-1.4\nbroken")
    with pytest.raises(InputError) as caught:
        read(secret, tmp_path)
    assert "Hargrove" not in str(caught.value)
    assert not list(Path(tmp_path).glob("*.tif"))
