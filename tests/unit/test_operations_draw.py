"""What identifies is blackened on the picture of a page, also what could only be seen."""

from PIL import Image

from digitizer.chart.document import Document
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.operations import draw
from digitizer.store.documents import StoredDocument


def test_stamps_and_handwriting_are_blackened(tmp_path, monkeypatch):
    scan = tmp_path / "scan.png"
    Image.new("RGB", (200, 100), "white").save(scan)
    monkeypatch.setattr(draw, "picture", lambda *_: scan)
    page = Page(
        number=1,
        width=400,
        height=200,
        to_delivered=Affine.scaling(1 / 400, 1 / 200),
        marks=(Box(100, 100, 300, 160),),
    )
    stored = StoredDocument(id="abc-1", file_id=1, document=Document(pages=(page,)), leaves=())
    (out,) = draw.draw_redacted(None, stored, tmp_path / "hidden")
    with Image.open(out) as hidden:
        assert hidden.convert("L").crop((55, 55, 145, 75)).getextrema() == (0, 0)
        assert hidden.convert("L").crop((0, 0, 40, 40)).getextrema() == (255, 255)
