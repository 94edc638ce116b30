"""The second engine says what it lacks, keeps to its time, and loads its models from its wheel."""

import os
import socket
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.errors import ConfigError, InputError
from digitizer.ocr import pp_ocr, rapid
from digitizer.ocr.rapid import RapidOcr


def test_where_it_is_not_installed_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(rapid, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"digitizer\[second\]"):
        RapidOcr()


def test_letters_that_it_does_not_read_are_refused():
    with pytest.raises(ConfigError, match="does not read rus"):
        RapidOcr(languages=("eng", "rus"))


def test_its_models_come_with_its_wheel(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("it reaches for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)
    pp_ocr._session.cache_clear()
    white = np.full((40, 200), 255, dtype=np.uint8)
    assert pp_ocr.read_line(white).text == ""
    assert list(pp_ocr.find_lines(white, 1.0)) == []


def test_none_of_the_code_that_comes_with_the_models_runs(tmp_path):
    image = tmp_path / "page.pgm"
    Image.new("L", (200, 100), 255).save(image, format="PPM")
    script = (
        "import pathlib, sys; from digitizer.ocr.rapid import RapidOcr; "
        f"RapidOcr().read(pathlib.Path({str(image)!r}), dpi=200); "
        "print([name for name in sys.modules if name.split('.')[0] in ('rapidocr', 'requests')])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert said.stdout.decode().strip() == "[]"


def test_lines_are_found_where_they_are_and_as_high_as_they_are():
    page = Image.new("L", (900, 400), 255)
    font = ImageFont.load_default(size=30)
    for y in (60, 200):
        ImageDraw.Draw(page).text((50, y), "Lisinopril 20 mg daily", font=font, fill=0)
    for dpi in (200, 400):
        first, second = rapid._found(np.asarray(page), dpi)
        for (left, top, right, bottom), y in ((first, 60), (second, 200)):
            assert 30 < left <= 52
            assert 320 < right < 400
            assert y - 15 < top < y + 15 < y + 25 < bottom < y + 55


def test_a_page_of_other_shapes_than_pages_is_no_fault():
    for shape in ((5, 3000), (3000, 5), (1, 1), (31, 33)):
        assert list(rapid._found(np.zeros(shape, dtype=np.uint8), 300.0)) == []


def test_a_page_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(rapid, "_found", lambda gray, dpi: iter([(0, 0, 20, 10)]))
    image = tmp_path / "page.pgm"
    Image.new("L", (100, 100), 255).save(image, format="PPM")
    with pytest.raises(InputError, match="longer than 0 s"):
        RapidOcr(seconds=0).read(image, dpi=200)


def test_rules_are_no_lines(monkeypatch):
    boxes = [(0, 0, 900, 5), (0, 0, 5, 900), (10, 10, 200, 40)]

    def corners(*_):
        return (np.array([[a, b], [c, b], [c, d], [a, d]], dtype=float) for a, b, c, d in boxes)

    monkeypatch.setattr(rapid, "find_lines", corners)
    assert list(rapid._found(np.zeros((9, 9), dtype=np.uint8), 300.0)) == [(10, 10, 201, 41)]


@pytest.mark.parametrize("turn", [90, 270])
def test_a_number_stamped_along_the_side_is_read_where_it_stands(tmp_path, turn):
    page = Image.new("L", (600, 500), 255)
    font = ImageFont.load_default(size=30)
    ImageDraw.Draw(page).text((150, 20), "83996357", font=font, fill=0)
    image = tmp_path / "page.tif"
    page.rotate(turn, expand=True).save(image)
    ((number,),) = (line.words for line in RapidOcr().read(image, dpi=200))
    x0, x1 = (20, 55) if turn == 90 else (445, 480)
    y0, y1 = (310, 450) if turn == 90 else (150, 290)
    assert number.text == "83996357"
    assert x0 - 5 < number.box.x0 < number.box.x1 < x1 + 5
    assert y0 - 8 < number.box.y0 < number.box.y1 < y1 + 8


def test_a_rule_down_the_page_is_no_number(tmp_path):
    page = Image.new("L", (600, 500), 255)
    ImageDraw.Draw(page).rectangle((100, 100, 112, 300), fill=0)
    image = tmp_path / "page.tif"
    page.save(image)
    assert RapidOcr().read(image, dpi=200) == ()


def test_lines_of_one_row_come_from_left_to_right(monkeypatch):
    boxes = [(500, 8, 600, 30), (10, 12, 200, 40), (10, 60, 200, 90)]

    def corners(*_):
        return (np.array([[a, b], [c, b], [c, d], [a, d]], dtype=float) for a, b, c, d in boxes)

    monkeypatch.setattr(rapid, "find_lines", corners)
    found = [box[:2] for box in rapid._found(np.zeros((9, 9), dtype=np.uint8), 300.0)]
    assert found == [(10, 12), (500, 8), (10, 60)]


def test_the_networks_report_to_nobody(tmp_path):
    load = "from digitizer.ocr.pp_ocr import READER, _session; _session(READER)"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", load], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
