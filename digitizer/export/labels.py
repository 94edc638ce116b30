"""Labels with a record number in Code 128: sheets of Avery 5160, and ZPL for label printers."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from digitizer.errors import UsageError
from digitizer.export.sheets import HEIGHT, Subject, finished, latin, new_canvas

COLUMNS, ROWS = 3, 10
LABEL = 2.625 * inch, 1.0 * inch  # Avery 5160: width, height
PITCH = 2.75 * inch, 1.0 * inch
LEFT, TOP = 0.1875 * inch, 0.5 * inch
MARGIN = 0.1 * inch
THICKEST, THINNEST = 0.015 * inch, 0.009 * inch  # of a bar; thinner ones are lost at 200 dpi

DOTS = 203  # an inch
ZPL_WIDTH, ZPL_HEIGHT = 2 * DOTS, 1 * DOTS
ZPL_BAR = 2  # dots: 0.01 inch
QUIET = 20  # bar widths left empty on both sides together


def labels_pdf(subjects: Sequence[Subject]) -> bytes:
    """A label for each, in rows from the top left, 30 a page.

    Raises:
        UsageError: a record number is too long for a label, or Code 128 has no such character.
    """
    canvas, content = new_canvas("Labels")
    for index, subject in enumerate(subjects):
        place = index % (COLUMNS * ROWS)
        if index and not place:
            canvas.showPage()
        row, column = divmod(place, COLUMNS)
        top = HEIGHT - TOP - row * PITCH[1]
        _label(canvas, subject, LEFT + column * PITCH[0], top, index + 1)
    return finished(canvas, content)


def _label(canvas: Canvas, subject: Subject, left: float, top: float, number: int) -> None:
    room = LABEL[0] - 2 * MARGIN
    bar = min(THICKEST, room / (_modules(subject.mrn, number) + QUIET))
    if bar < THINNEST:
        raise _too_long(number)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(left + MARGIN, top - 0.2 * inch, _cut(canvas, latin(subject.name), room))
    canvas.drawString(left + MARGIN, top - 0.33 * inch, latin(_numbers(subject)))
    code = Code128(subject.mrn, barWidth=bar, barHeight=0.48 * inch, quiet=False)
    code.drawOn(canvas, left + (LABEL[0] - code.width) / 2, top - 0.9 * inch)


def _cut(canvas: Canvas, text: str, room: float) -> str:
    while canvas.stringWidth(text, "Helvetica", 8) > room:
        text = text[:-1]
    return text


def _numbers(subject: Subject) -> str:
    return f"MRN {subject.mrn}" + (f"   DOB {subject.dob}" if subject.dob else "")


def labels_zpl(subjects: Sequence[Subject]) -> str:
    """A label of 2 × 1 inch for each, for printers of 203 dots an inch.

    Raises:
        UsageError: as `labels_pdf`.
    """
    return "".join(_zpl(subject, number) for number, subject in enumerate(subjects, 1))


def _zpl(subject: Subject, number: int) -> str:
    bars = _modules(subject.mrn, number) * ZPL_BAR
    if bars + QUIET * ZPL_BAR > ZPL_WIDTH:
        raise _too_long(number)
    code = escaped(subject.mrn.replace(">", ">0"))  # ">" alone would switch the character set
    return (
        f"^XA^CI28^PW{ZPL_WIDTH}^LL{ZPL_HEIGHT}\n"
        f"^FO20,16^A0N,24,24^FH^FD{escaped(subject.name[:32])}^FS\n"
        f"^FO20,44^A0N,22,22^FH^FD{escaped(_numbers(subject))}^FS\n"
        f"^BY{ZPL_BAR}^FO{(ZPL_WIDTH - bars) // 2},76^BCN,100,N,N,N,A^FH^FD{code}^FS\n"
        "^XZ\n"
    )


def escaped(text: str) -> str:
    """`text` for a field after ^FH: all but letters, digits, spaces and hyphens as _XX of UTF-8.

    So no value can begin a command with "^" or "~".
    """
    plain = b"-. " + bytes(range(48, 58)) + bytes(range(65, 91)) + bytes(range(97, 123))
    return "".join(chr(byte) if byte in plain else f"_{byte:02X}" for byte in text.encode())


def _modules(mrn: str, number: int) -> int:
    """How many of its thinnest bars the code is wide, without its quiet zones."""
    if not (mrn.isascii() and mrn.isprintable()):
        raise UsageError(
            f"label {number}: a record number in a bar code has letters A to Z, digits and signs "
            "of a US keyboard only"
        )
    bars: float = Code128(mrn, barWidth=1, quiet=False).width
    return round(bars)


def _too_long(number: int) -> UsageError:
    return UsageError(f"label {number}: the record number is too long for a label's bar code")
