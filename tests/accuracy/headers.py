"""Scores headers against our own blocks of `headers.jsonl`, half by half.

`python -m tests.accuracy.headers` prints the figures of both halves; with `wrong` it lists what
went wrong in the half to tune with. What went wrong in the other half is never shown.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from digitizer.chart.page import Header, Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.text.names import key_of
from digitizer.text.record_number import key_of as number_key
from digitizer.text.structure import PageStructure, Structure

HERE = Path(__file__).parent
TUNE, KEPT = "tune", "kept"
FIELDS = ("name", "dob", "mrn", "sex", "encounter_date")
MOST_WRONG = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A header as printed; `truth` by field, `None` where the page says nothing or two things."""

    half: str
    text: str
    truth: dict[str, Any]
    surname: str


def blocks() -> list[Block]:
    """The blocks in turn: one to tune with, the next kept for measuring only."""
    lines = (HERE / "headers.jsonl").read_text(encoding="utf-8").splitlines()
    return [_block((TUNE, KEPT)[i % 2], json.loads(line)) for i, line in enumerate(lines)]


def _block(half: str, row: dict[str, Any]) -> Block:
    truth = {**row["patient"], "encounter_date": row["encounter_date"]}
    return Block(half=half, text=row["text"], truth=truth, surname=row["patient"]["last"] or "")


@lru_cache(maxsize=1)
def reader() -> PageStructure:
    """The product's own stage."""
    return Structure().open(Resources(models=HERE.parents[1] / "models"))


def read(block: Block) -> dict[str, str | None]:
    """What the product reads, by field."""
    page = reader()(Page(number=1, text=Text(content=block.text)))
    header = page.header or Header()
    born, day = header.patient.dob, header.encounter_date
    return {
        "name": header.patient.name,
        "dob": born.isoformat() if born else None,
        "mrn": header.patient.mrn,
        "sex": header.patient.sex,
        "encounter_date": day.isoformat() if day else None,
    }


def agrees(field: str, block: Block, said: str) -> bool:
    """Whether a value that was read is the true one."""
    true = block.truth[field]
    if true is None:
        return False
    if field == "name":
        words = set(key_of(said))
        return set(key_of(block.truth["first"])) | set(key_of(block.surname)) <= words
    return number_key(said) == number_key(true) if field == "mrn" else bool(said == true)


def counts(half: str, *, show: bool = False) -> Counter[tuple[str, str]]:
    """(field, "printed" | "right" | "wrong") of a half, counted."""
    counted: Counter[tuple[str, str]] = Counter()
    for block in blocks():
        if block.half != half:
            continue
        found = read(block)
        for field in FIELDS:
            said, true = found[field], block.truth[field]
            right = said is not None and agrees(field, block, said)
            counted[field, "printed"] += true is not None
            counted[field, "right"] += right
            counted[field, "wrong"] += said is not None and not right
            if show and not right and (said or true):
                sys.stdout.write(f"{field}: {said} for {true}\n{block.text}\n\n")
    return counted


def recall(counted: Counter[tuple[str, str]], field: str) -> float:
    """The share of the printed values that were read right."""
    return counted[field, "right"] / counted[field, "printed"]


def wrong(counted: Counter[tuple[str, str]], field: str, half: str) -> float:
    """The share of the blocks of a half for which a wrong value was read."""
    return counted[field, "wrong"] / sum(block.half == half for block in blocks())


def main() -> None:
    """Print the figures."""
    for half in (TUNE, KEPT):
        counted = counts(half, show=half == TUNE and "wrong" in sys.argv)
        for field in FIELDS:
            shares = f"recall {recall(counted, field):.3f}, wrong {wrong(counted, field, half):.3f}"
            sys.stdout.write(f"{half}: {field} {shares} of {counted[field, 'printed']}\n")


if __name__ == "__main__":
    main()
