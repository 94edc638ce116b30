"""Chart pages that the bench draws itself, from words it knows, in the ways paper arrives."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from tests.bench.sheets import Sheet

DPI = 300
MARGIN, LEADING = 0.8, 0.2  # inches
LONGEST = 70  # characters of a line
_FONTS = tuple(
    Path(reportlab.__file__).parent / "fonts" / name for name in ("Vera.ttf", "VeraBd.ttf")
)
_NAMES = ("Okafor, Ruth B.", "Lindqvist, Per", "Marchetti, Gina", "Abernathy, Joel T.")
_COMPLAINTS = (
    "returns with two weeks of dry cough, worse at night, and mild wheezing on exertion.",
    "reports burning epigastric pain after meals, relieved by antacids within the hour.",
    "was found to have elevated blood pressure at a health fair and comes for a check.",
    "complains of numbness in both feet, first noticed about three months ago.",
    "is seen after a fall on an outstretched hand; the left wrist is swollen and tender.",
)
_FINDINGS = (
    "Heart sounds are regular, without murmur or gallop.",
    "Breath sounds are equal on both sides, no crackles.",
    "The abdomen is soft and not tender; bowel sounds are present.",
    "No edema of the ankles. Pedal pulses are palpable.",
    "Gait is steady. Reflexes are brisk and symmetrical.",
    "Denies fever, chills, night sweats or loss of weight.",
)
_DRUGS = ("metformin", "lisinopril", "omeprazole", "atorvastatin", "sertraline", "furosemide")
_TESTS = ("Sodium", "Potassium", "Creatinine", "Glucose", "Hemoglobin", "Platelets")
_UNITS = ("mmol/L", "mg/dL", "g/dL", "10^3/uL")
_FIELDS = ("Last name", "First name", "Street", "City", "Phone", "Employer", "Policy no.", "Group")


def drawn(folder: Path, each: int) -> Iterator[Sheet]:
    """`each` pages of every kind, as one-page PDFs in `folder`; the same on every run."""
    folder.mkdir(parents=True)
    for kind, draw in _KINDS.items():
        for number in range(each):
            chance = random.Random(f"{kind} {number}")
            file = folder / f"{kind.replace(' ', '-')}-{number}.pdf"
            yield draw(kind, file, chance)


def note(chance: random.Random) -> list[str]:
    """The lines of a progress note with vital signs, results and medication."""
    name = chance.choice(_NAMES)
    lines = [
        "NORTHFIELD COMMUNITY CLINIC",
        "PROGRESS NOTE",
        f"Patient: {name}    MRN: {chance.randrange(10**7, 10**8)}",
        f"DOB: {_day(chance, 1930, 2001)}    Visit: {_day(chance, 2015, 2024)}",
        "",
        "HISTORY",
        f"The patient {chance.choice(_COMPLAINTS)}",
        f"The patient {chance.choice(_COMPLAINTS)}",
        "",
        "EXAMINATION",
        f"BP {chance.randrange(98, 178)}/{chance.randrange(55, 105)}  "
        f"Pulse {chance.randrange(52, 118)}  Temp {chance.uniform(97, 102):.1f} F  "
        f"SpO2 {chance.randrange(89, 100)}%  Weight {chance.randrange(98, 260)} lb",
        *chance.sample(_FINDINGS, 4),
        "",
        "RESULTS",
        *(
            f"{test}    {chance.uniform(0.4, 180):.1f} {chance.choice(_UNITS)}"
            for test in chance.sample(_TESTS, 5)
        ),
        "",
        "MEDICATION",
        *(
            f"{place}. {drug} {chance.choice((5, 10, 20, 40, 500))} mg PO "
            f"{chance.choice(('once daily', 'BID', 'at bedtime'))}"
            for place, drug in enumerate(chance.sample(_DRUGS, 4), 1)
        ),
        "",
        "PLAN",
        f"Return in {chance.randrange(2, 12)} weeks. Call sooner if symptoms get worse.",
        chance.choice(_FINDINGS),
        f"Dictated by {chance.choice(_NAMES)}  {_day(chance, 2015, 2024)}",
    ]
    return [part for line in lines for part in textwrap.wrap(line, LONGEST) or [""]]


def _day(chance: random.Random, first: int, last: int) -> str:
    month, day = chance.randrange(1, 13), chance.randrange(1, 29)
    return f"{month:02}/{day:02}/{chance.randrange(first, last)}"


def _printed(lines: list[str], chance: random.Random, dpi: int = DPI) -> Image.Image:
    """The lines in black on white, on Letter paper."""
    paper = Image.new("L", (round(8.5 * dpi), 11 * dpi), 255)
    draw = ImageDraw.Draw(paper)
    points = chance.choice((10, 11))
    face = ImageFont.truetype(chance.choice(_FONTS), round(points * dpi / 72))
    for place, line in enumerate(lines):
        draw.text((MARGIN * dpi, (MARGIN + place * LEADING) * dpi), line, font=face, fill=20)
    return paper


def _scanned(
    kind: str,
    file: Path,
    lines: list[str],
    image: Image.Image,
    *,
    dpi: int = DPI,
    turned: bool = False,
) -> Sheet:
    """Saved as scanners do: JPEG of gray, Group 4 of black and white."""
    options = {} if image.mode == "1" else {"quality": 85}
    image.save(file, "PDF", resolution=dpi, **options)
    return Sheet(kind=kind, file=file, number=1, printed="\n".join(lines), dpi=dpi, turned=turned)


def _clean(kind: str, file: Path, chance: random.Random) -> Sheet:
    lines = note(chance)
    return _scanned(kind, file, lines, _noisy(_printed(lines, chance), chance, 3))


def _skewed(kind: str, file: Path, chance: random.Random) -> Sheet:
    lines = note(chance)
    angle = chance.choice((-1, 1)) * chance.uniform(0.8, 3)
    askew = _printed(lines, chance).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    return _scanned(kind, file, lines, _noisy(askew, chance, 3))


def _turned(kind: str, file: Path, chance: random.Random) -> Sheet:
    lines = note(chance)
    image = _printed(lines, chance).rotate(chance.choice((90, 180, 270)), expand=True)
    return _scanned(kind, file, lines, _noisy(image, chance, 3), turned=True)


def _fax(kind: str, file: Path, chance: random.Random) -> Sheet:
    """Fine resolution of Group 3 in black and white, with specks."""
    lines, dpi = note(chance), 200
    image = _printed(lines, chance).resize((round(8.5 * dpi), 11 * dpi), Image.Resampling.BOX)
    spotted = np.asarray(_noisy(image, chance, 45)) > 128
    return _scanned(kind, file, lines, Image.fromarray(spotted), dpi=dpi)


def _photocopy(kind: str, file: Path, chance: random.Random) -> Sheet:
    """Blurred, shaded towards one side, gray."""
    lines = note(chance)
    blurred = _printed(lines, chance).filter(ImageFilter.GaussianBlur(1.2))
    shade = np.linspace(chance.uniform(0.5, 0.7), 1, blurred.width)
    shaded = Image.fromarray((np.asarray(blurred) * shade).astype(np.uint8))
    return _scanned(kind, file, lines, _noisy(shaded, chance, 10))


def _form(kind: str, file: Path, chance: random.Random) -> Sheet:
    """Boxes with a label and a value in each, at a low resolution."""
    dpi = 100
    fields = [(label, _value(chance)) for label in _FIELDS]
    image = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
    draw = ImageDraw.Draw(image)
    small, large = (ImageFont.truetype(_FONTS[0], round(p * DPI / 72)) for p in (8, 11))
    for place, (label, value) in enumerate(fields):
        x, y = (0.7 + place % 2 * 3.5) * DPI, (1 + place // 2 * 0.7) * DPI
        draw.rectangle((x, y, x + 3.5 * DPI, y + 0.7 * DPI), outline=0, width=4)
        draw.text((x + 20, y + 15), label, font=small, fill=0)
        draw.text((x + 40, y + 85), value, font=large, fill=0)
    coarse = image.resize((round(8.5 * dpi), 11 * dpi), Image.Resampling.BOX)
    lines = [f"{label} {value}" for label, value in fields]
    return _scanned(kind, file, lines, _noisy(coarse, chance, 4), dpi=dpi)


def _value(chance: random.Random) -> str:
    number = chance.randrange(100, 99999)
    return chance.choice((f"{number} Elm Road", chance.choice(_NAMES), f"555-{number:05}"))


def _digital(kind: str, file: Path, chance: random.Random) -> Sheet:
    """Written by a program: text, no image."""
    lines = note(chance)
    canvas = Canvas(str(file), pagesize=letter, invariant=True)
    canvas.setFont("Helvetica", 10.5)
    for place, line in enumerate(lines):
        canvas.drawString(72 * MARGIN, letter[1] - 72 * (MARGIN + (place + 1) * LEADING), line)
    canvas.save()
    return Sheet(kind=kind, file=file, number=1, printed="\n".join(lines), dpi=DPI, digital=True)


def _blank(kind: str, file: Path, chance: random.Random) -> Sheet:
    return _scanned(kind, file, [], _noisy(_printed([], chance), chance, 3))


def _noisy(image: Image.Image, chance: random.Random, deviation: float) -> Image.Image:
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, deviation, image.size[::-1])
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


_KINDS: dict[str, Callable[[str, Path, random.Random], Sheet]] = {
    "clean": _clean,
    "skewed": _skewed,
    "turned": _turned,
    "fax": _fax,
    "photocopy": _photocopy,
    "low-dpi form": _form,
    "born digital": _digital,
    "blank": _blank,
}
