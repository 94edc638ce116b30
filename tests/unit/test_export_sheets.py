"""What users rely on: what we print, copied badly and scanned askew, is read back by our stage."""

import json
import random
import stat
import subprocess

import numpy as np
import pytest
from pdf2image import convert_from_bytes
from PIL import Image, ImageFilter

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page
from digitizer.chart.sheet import sheet_of
from digitizer.chart.stage import Resources
from digitizer.errors import UsageError
from digitizer.export.labels import escaped, labels_pdf, labels_zpl
from digitizer.export.sheets import Subject, covers_pdf, separators_pdf
from digitizer.imaging.barcodes import Barcodes
from digitizer.operations.sheets import subjects_of
from tests.program import PROGRAM

EVA = Subject(
    mrn="MR-448-29-13", name="Lind, Eva Ðặng", dob="1950-02-01", encounter="E/7|1",
    doc_type="consultation",
)  # fmt: skip


def scan(pdf: bytes, dpi: int, turn=0, skew=0.0) -> list[Image.Image]:
    """The pages as a worn copier delivers them: blurred, gray, noisy, turned and skewed."""
    noise = np.random.default_rng(7)
    pages = []
    for image in convert_from_bytes(pdf, dpi=dpi, grayscale=True):
        askew = image.rotate(turn, expand=True).rotate(
            skew, Image.Resampling.BILINEAR, fillcolor=255
        )
        soft = np.asarray(askew.filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
        copy = 40 + soft * 0.75 + noise.normal(0, 14, soft.shape)
        pages.append(Image.fromarray(np.clip(copy, 0, 255).astype(np.uint8)))
    return pages


def read(image: Image.Image, folder, dpi: int) -> list[str]:
    target = folder / "page.pgm"
    image.save(target, format="PPM")
    wide, high = image.size
    place = Affine.scaling(1 / wide, 1 / high)
    page = Page(number=1, width=wide, height=high, dpi=dpi, image=target, to_delivered=place)
    return [code.value for code in Barcodes().open(Resources(models=folder))(page).barcodes]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_sheets_read_back(tmp_path, turn, dpi):
    skew = 2.0 if turn < 180 else -2.0
    (cover,) = scan(covers_pdf([EVA]), dpi, turn, skew)
    values = read(cover, tmp_path, dpi)
    assert [sheet_of(value) for value in values] == [EVA.sheet] * 2
    (separator,) = scan(separators_pdf(1), dpi, turn, skew)
    assert len(read(separator, tmp_path, dpi)) == 2


def test_a_coarse_fax_of_a_sheet_reads_back(tmp_path):
    (page,) = convert_from_bytes(covers_pdf([EVA]), dpi=200, grayscale=True)
    fax = page.resize((page.width, page.height // 2)).point(lambda v: 255 * (v > 140))
    values = read(fax.resize(page.size), tmp_path, 200)
    assert {sheet_of(value) for value in values} == {EVA.sheet}


@pytest.mark.parametrize("turn", [0, 90])
def test_each_label_of_a_sheet_reads_back(tmp_path, turn):
    numbers = [str(number) for number in random.Random(3).sample(range(10**6, 10**9), 31)]
    pdf = labels_pdf([Subject(mrn=number, name="Lind, Eva") for number in numbers])
    first, second = scan(pdf, 300, turn, 1.0)
    assert sorted(read(first, tmp_path, 300)) == sorted(numbers[:30])
    assert read(second, tmp_path, 300) == numbers[30:]


def test_a_label_too_small_for_its_number_is_refused_without_telling_it():
    for printer in (labels_pdf, labels_zpl):
        with pytest.raises(UsageError, match="^label 2: .* too long") as refused:
            printer([EVA, Subject(mrn="ABCDEFGHIJKLMNOPQRSTUVW")])
        assert "ABC" not in str(refused.value)


def test_no_value_can_command_a_label_printer():
    zpl = labels_zpl([Subject(mrn="1^XZ~2>_", name="^XA~JR Ōe")])
    assert zpl.count("^XZ") == zpl.count("^XA") == 1 and "~" not in zpl
    assert escaped("^~_é") == "_5E_7E_5F_C3_A9"
    assert "_3E0" in zpl


@pytest.mark.parametrize(
    ("line", "why"),
    [({}, "no mrn"), ({"mrn": "a\x00"}, "odd"), ({"mrn": "1", "type": "diary"}, "type is none of")],
)
def test_a_line_that_cannot_be_printed_is_named(line, why):
    with pytest.raises(UsageError, match=f"line 2.*{why}"):
        subjects_of([{"mrn": "1"}, line])


def test_covers_are_printed_from_stdin_for_the_owner_only(tmp_path):
    out = tmp_path / "covers.pdf"
    lines = json.dumps({"mrn": "04482913", "name": "Lind, Eva"}) + "\n"
    command = [PROGRAM, "sheets", "cover", "--jsonl", "-", "--out", out]
    subprocess.run(command, input=lines, text=True, check=True)
    assert out.read_bytes()[:5] == b"%PDF-" and stat.S_IMODE(out.stat().st_mode) == 0o600
