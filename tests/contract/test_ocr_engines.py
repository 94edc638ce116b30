"""Each of our engines keeps the contract that strangers' are held to."""

import socket

import pytest

from digitizer.ocr.layouts import Layouts
from digitizer.ocr.rapid import RapidOcr
from digitizer.ocr.tesseract import Tesseract
from digitizer.testing.engine_conformance import EngineConformance


class TestTesseract(EngineConformance):
    @pytest.fixture
    def engine(self):
        return Tesseract()


class TestLayouts(EngineConformance):
    @pytest.fixture
    def engine(self):
        return Layouts()


class TestRapidOcr(EngineConformance):
    """Without a network: its models must come from its wheel."""

    @pytest.fixture
    def engine(self, monkeypatch):
        def refused(*_, **__):
            raise AssertionError("it reaches for the network")

        monkeypatch.setattr(socket, "socket", refused)
        monkeypatch.setattr(socket, "create_connection", refused)
        monkeypatch.setattr(socket, "getaddrinfo", refused)
        return RapidOcr()
