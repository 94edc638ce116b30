"""Scans that tests make themselves, from words they know."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

NOTE = (
    "LAKEVIEW FAMILY MEDICINE",
    "PROGRESS NOTE",
    "Patient Name: Hargrove, Rajesh R.   MRN: 887-96-68",
    "DOB: 04/13/1959   Sex: Male",
    "Date of Service: 01/24/2022   Provider: Susan Pell, DO",
    "",
    "HISTORY OF PRESENT ILLNESS",
    "The patient has hypertension and reports chest pain for two days.",
    "Denies asthma.",
    "FAMILY HISTORY",
    "Mother had breast cancer.",
    "MEDICATIONS",
    "lisinopril 20 mg PO once daily",
)


def page(lines=NOTE, dpi=150) -> Image.Image:
    """A letter page with `lines` printed on it in black."""
    image = Image.new("L", (int(8.5 * dpi), 11 * dpi), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=dpi * 12 / 72)
    for number, line in enumerate(lines):
        draw.text((dpi, dpi + number * dpi // 4), line, font=font, fill=0)
    return image


def pdf(path: Path, pages, dpi=150) -> Path:
    """A PDF with one image a page."""
    first, *rest = pages
    first.save(path, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return path


def tiff(path: Path, pages, dpi=150) -> Path:
    """A multi-page TIFF."""
    first, *rest = pages
    first.save(path, "TIFF", dpi=(dpi, dpi), save_all=True, append_images=rest)
    return path
