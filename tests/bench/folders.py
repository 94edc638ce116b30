"""Folders of pages with their words, as the bench takes them.

Either `inbox/` with files and `gold/NAME.json` for each (`{"format", "pages": [{"page", "text",
"level", "rotation", "dpi", …}]}`), or `pages.jsonl` with one object a page image (`{"file", "text",
"subset"}`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.bench.sheets import Sheet

DIGITAL_DPI = 300
FORM_DPI = 100


def sheets_in(folder: Path) -> list[Sheet]:
    """Every page of the folder; SystemExit where it is none that we know."""
    if (folder / "gold").is_dir():
        return [s for gold in sorted((folder / "gold").glob("*.json")) for s in _of_chart(gold)]
    if (folder / "pages.jsonl").is_file():
        return list(_of_images(folder))
    raise SystemExit(f"{folder} holds neither inbox/ and gold/ nor pages.jsonl")


def _of_chart(gold: Path) -> Iterator[Sheet]:
    chart = json.loads(gold.read_text(encoding="utf-8"))
    file = gold.parents[1] / "inbox" / gold.stem
    for page in chart["pages"]:
        yield Sheet(
            kind=page["level"],
            file=file,
            number=page["page"],
            printed=page["text"],
            dpi=max(page["dpi"] or [DIGITAL_DPI]),
            turned=bool(page["rotation"]),
            digital=page["dpi"] is None,
        )


def _of_images(folder: Path) -> Iterator[Sheet]:
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        for page in map(json.loads, lines):
            yield Sheet(
                kind=page.get("subset", "image"),
                file=folder / page["file"],
                number=1,
                printed=page["text"],
                dpi=FORM_DPI,
            )
