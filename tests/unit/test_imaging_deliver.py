"""Every page of a file is delivered as a viewer shows it, or is said to be missing."""

import io
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
        (1, "page-0001.pgm", 200),
        (2, "page-0002.pgm", 200),
        (3, "page-0003.pgm", 200),
    ]
    assert is_marked(gray(tmp_path, pages[2]))
    assert not is_marked(gray(tmp_path, pages[1]))


def test_a_pdf_is_rendered_at_the_resolution_asked_for(tmp_path):
    marked().save(tmp_path / "a.pdf", resolution=72, save_all=True, append_images=[marked()] * 5)
    pages = read(tmp_path / "a.pdf", tmp_path, dpi=144)
    assert [(p["number"], p["width"], p["height"], p["dpi"]) for p in pages] == [
        (number, 400, 600, 144) for number in range(1, 7)
    ]


def test_a_colour_mode_becomes_gray_as_the_eye_sees_it(tmp_path):
    marked("CMYK", paper=(0, 0, 0, 0), ink=(0, 0, 0, 255)).save(tmp_path / "cmyk.jpg")
    marked("RGBA", paper=(0, 0, 0, 0), ink=(0, 0, 0, 255)).save(tmp_path / "clear.png")
    marked("1", paper=1).save(tmp_path / "bilevel.png")
    marked().convert("P").save(tmp_path / "palette.png")
    deep = np.asarray(marked()).astype(np.uint16) * 16
    Image.fromarray(deep).save(tmp_path / "twelve-bit.png")
    for name in ("cmyk.jpg", "clear.png", "bilevel.png", "palette.png", "twelve-bit.png"):
        (page,) = read(tmp_path / name, tmp_path)
        assert is_marked(gray(tmp_path, page)), name


def test_a_photo_is_turned_as_its_exif_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn a quarter clockwise
    marked().rotate(90, expand=True).save(tmp_path / "a.jpg", exif=exif)
    (page,) = read(tmp_path / "a.jpg", tmp_path)
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
    assert not list(Path(tmp_path).glob("*.pgm"))
