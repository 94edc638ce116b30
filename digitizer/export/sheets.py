"""Cover and separator sheets as PDF, with the bar codes that part the stack they are scanned in."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.renderPDF import draw
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from digitizer.chart.sheet import COVER, SEPARATOR, Sheet

WIDTH, HEIGHT = LETTER  # points of 1/72 inch, origin at the bottom left
QR_SIDE = 2.2 * inch
THICK_BAR = 0.02 * inch  # two pixels of a coarse fax, 98 lines an inch


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a sheet or label is for, each value as it shall be printed; "" where not known."""

    mrn: str
    name: str = ""
    dob: str = ""
    encounter: str = ""
    doc_type: str = ""

    @property
    def sheet(self) -> Sheet:
        """What the cover sheet's bar code says."""
        said = {"encounter": self.encounter or None, "doc_type": self.doc_type or None}
        return Sheet(kind=COVER, mrn=self.mrn, **said)


def covers_pdf(subjects: Sequence[Subject]) -> bytes:
    """A cover sheet for each, with its bar code twice: a fold or a hole spoils but one."""
    canvas, content = new_canvas("Cover sheets")
    for subject in subjects:
        _title(canvas, "CHART COVER SHEET")
        for row, line in enumerate(_said(subject)):
            canvas.setFont("Helvetica", 16)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 2.2 * inch - row * 0.35 * inch, line)
        for bottom in (HEIGHT - 6.8 * inch, 1.2 * inch):
            _qr(canvas, subject.sheet.payload, bottom)
        canvas.showPage()
    return finished(canvas, content)


def separators_pdf(count: int) -> bytes:
    """`count` equal sheets that part documents, each with one bar code of either kind."""
    canvas, content = new_canvas("Separator sheets")
    payload = Sheet(kind=SEPARATOR).payload
    for _ in range(count):
        _title(canvas, "DOCUMENT SEPARATOR")
        bars = Code128(payload, barWidth=THICK_BAR, barHeight=1.2 * inch)
        bars.drawOn(canvas, (WIDTH - bars.width) / 2, HEIGHT - 3.6 * inch)
        _qr(canvas, payload, 2.5 * inch)
        canvas.showPage()
    return finished(canvas, content)


def _title(canvas: Canvas, title: str) -> None:
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 1.4 * inch, title)
    canvas.setFont("Helvetica", 11)
    canvas.drawCentredString(WIDTH / 2, 0.7 * inch, "Do not file this page")


def _said(subject: Subject) -> Iterator[str]:
    printed = {
        "Patient": subject.name,
        "MRN": subject.mrn,
        "DOB": subject.dob,
        "Encounter": subject.encounter,
        "Type": subject.doc_type.replace("_", " "),
    }
    return (f"{label}: {latin(value)}" for label, value in printed.items() if value)


def _qr(canvas: Canvas, payload: str, bottom: float) -> None:
    widget = QrCodeWidget(payload, barLevel="Q")
    x0, y0, x1, y1 = widget.getBounds()
    scale = (QR_SIDE / (x1 - x0), 0, 0, QR_SIDE / (y1 - y0), 0, 0)
    drawing = Drawing(QR_SIDE, QR_SIDE, transform=scale)
    drawing.add(widget)
    draw(drawing, canvas, (WIDTH - QR_SIDE) / 2, bottom)


def new_canvas(title: str) -> tuple[Canvas, io.BytesIO]:
    """An empty PDF of letter pages, and what it will be written to."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=LETTER, invariant=1)
    canvas.setTitle(title)
    return canvas, content


def finished(canvas: Canvas, content: io.BytesIO) -> bytes:
    """The bytes of the PDF."""
    canvas.save()
    return content.getvalue()


def latin(text: str) -> str:
    """`text` as the fonts that every PDF viewer has can print it: "?" for what they lack."""
    try:
        return text.encode("cp1252").decode("cp1252")
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", text)
        marks = "".join(c for c in bare if not unicodedata.combining(c))
        return marks.encode("cp1252", "replace").decode("cp1252")
