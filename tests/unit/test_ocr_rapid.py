"""The second engine says what it lacks, keeps to its time, and loads its models from its wheel."""

import socket

import numpy as np
import pytest
from PIL import Image

from digitizer.errors import ConfigError, InputError
from digitizer.ocr import rapid
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
    rapid._loaded.cache_clear()
    assert rapid._decoded(np.full((40, 200), 255, dtype=np.uint8)).text == ""


def test_a_page_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(rapid, "_found", lambda gray: iter([(0, 0, 20, 10)]))
    image = tmp_path / "page.pgm"
    Image.new("L", (100, 100), 255).save(image, format="PPM")
    with pytest.raises(InputError, match="longer than 0 s"):
        RapidOcr(seconds=0).read(image, dpi=200)


def test_rules_and_writing_up_the_page_are_no_lines(monkeypatch):
    boxes = [(0, 0, 900, 5), (0, 0, 10, 100), (10, 10, 200, 40)]

    class Detector:
        def __call__(self, *_, **__):
            corners = [[[a, b], [c, b], [c, d], [a, d]] for a, b, c, d in boxes]
            return type("Found", (), {"boxes": np.array(corners, dtype=float)})

    monkeypatch.setattr(rapid, "_loaded", Detector)
    assert list(rapid._found(np.zeros((9, 9), dtype=np.uint8))) == [(10, 10, 201, 41)]
