"""Measures how print is misread: pages of our own, printed, worn, and read by the product.

`python -m training.misreadings OUT.tsv FILE.jsonl [--pages 14]` prints texts of FILE in several
faces and sizes, wears the pages as copiers and fax machines do, reads them, and counts what was
read for what was printed.
"""

import argparse
import json
import random
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitizer.operations.home import any_home
from digitizer.operations.read_files import read_files
from training.noise import counted

FACES = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "DejaVuSansCondensed", "")
"""Debian's fonts-dejavu-core, and the face that Pillow brings."""

DPI = 200
SEED = 5


def printed(text: str, rng: random.Random) -> tuple[str, Image.Image]:
    """The lines that fit on a page, and the page."""
    size = rng.choice((8, 9, 10, 11)) * DPI / 72
    name = rng.choice(FACES)
    font = ImageFont.truetype(f"{name}.ttf", size) if name else ImageFont.load_default(size)
    column = int(6.5 * DPI / font.getlength("n"))
    lines = [
        wrapped for line in text.split("\n") for wrapped in textwrap.wrap(line, column) or [""]
    ]
    lines = lines[: int(9 * DPI / (1.4 * size))]
    page = Image.new("L", (int(8.5 * DPI), 11 * DPI), 255)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((DPI, DPI + number * 1.4 * size), line, font=font, fill=rng.choice((0, 40)))
    return "\n".join(lines), page


def worn(page: Image.Image, rng: random.Random) -> Image.Image:
    """The page as copiers and fax machines leave it: coarse, blurred, too thin or too bold."""
    width, height = page.size
    page = page.rotate(rng.uniform(-0.7, 0.7), fillcolor=255)
    coarse = rng.uniform(0.4, 0.6)
    lower = coarse * rng.choice((0.75, 1))  # a fax is coarser from line to line
    page = page.resize((int(width * coarse), int(height * lower)), Image.Resampling.BILINEAR)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 0.6)))
    level = rng.randint(130, 205)
    page = page.point(lambda value: 255 if value > level else 0)
    return page.resize((width, height), Image.Resampling.BILINEAR)


def read_pairs(texts: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """What was printed and what was read, page by page."""
    rng = random.Random(SEED)
    meant = {}
    for number, text in enumerate(texts):
        name = f"{number}.png"
        meant[name], page = printed(text, rng)
        worn(page, rng).save(folder / name, dpi=(DPI, DPI))
    for page in read_files(any_home(None), [folder / name for name in meant]):
        if "text" in page:
            yield meant[page["source"]], page["text"]


def main() -> None:
    """Print, read, count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=14)
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.file.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in random.Random(SEED).sample(rows, 2 * asked.pages)]
    pages = ["\n\n".join(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        found = counted(read_pairs(pages, Path(folder)))
    lines = ["# What was read for what was printed; _ is a space. Made by training/misreadings.py."]
    lines.append("printed\tread\tcount")
    for (was, read), count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"{was}\t{read}\t{count}".replace(" ", "_"))
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
