"""From annotated text to training data of spaCy, through the words that the product reads.

`python -m training.convert CORPORA WORK [--charts 500] [--models models]` reads the JSON lines in
CORPORA (see `models/problems-ner/project.yml`) and writes to WORK what spaCy trains on.
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans

from digitizer.chart.text import Text
from digitizer.nlp.ner import as_seen
from digitizer.nlp.pipeline import ClinicalModel
from training.charts import charts
from training.noise import Noise

FIRST, SECOND = (0.01, 0.02, 0.04, 0.06), (0.01, 0.03, 0.05, 0.07)
"""Shares of characters misread, in the two rounds: from a good scan to a bad fax."""

TEST_RATE = 0.03
VALID = 60
"""The last abstracts of the training set: they tell which of the weights are best."""

Row = dict[str, Any]


def misread(
    rows: Iterable[Row], noise: Noise, rates: Sequence[float], copies: int = 0
) -> Iterator[Row]:
    """Each row as it is and `copies` times misread; without copies every other row misread."""
    for number, row in enumerate(rows):
        if copies or not number % 2:
            yield row
        for copy in range(copies or number % 2):
            rng = random.Random(f"noise-{copy}-{row['id']}")
            yield noise.misread(row, rng.choice(rates), rng)


def rows_of(file: Path) -> list[Row]:
    """The rows of a file; what the corpora call a medication may be any chemical."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        {**row, "spans": [[s, e, n.replace("MEDICATION", "CHEMICAL")] for s, e, n in row["spans"]]}
        for row in rows
    ]


def write(out: Path, rows: Iterable[Row], model: ClinicalModel) -> None:
    """Keep rows as documents of the words that the product reads in them."""
    out.parent.mkdir(parents=True, exist_ok=True)
    docs = (_example(row, model) for row in rows)
    DocBin(docs=docs, attrs=["ENT_IOB", "ENT_TYPE"]).to_disk(out)


def _example(row: Row, model: ClinicalModel) -> Doc:
    reading = model.read(Text(content=row["text"]))
    doc = Doc(model.vocab, words=as_seen(reading))
    found = [_span(doc, *reading.tokens(start, end), label) for start, end, label in row["spans"]]
    doc.ents = filter_spans([span for span in found if span])
    return doc


def _span(doc: Doc, first: int, last: int, label: str) -> Span | None:
    return Span(doc, first, last, label=label) if first < last else None


def main() -> None:
    """Write everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--charts", type=int, default=500)
    parser.add_argument("--models", type=Path, default=Path("models"))
    asked = parser.parse_args()
    models, work = asked.models, asked.work
    model = ClinicalModel(models / "clinical-en", models / "lexicon" / "problems.tsv")
    noise = Noise.load(models / "problems-ner" / "misreadings.tsv")
    abstracts = rows_of(asked.corpora / "bc5cdr.train.jsonl")
    others = {
        "ncbi": rows_of(asked.corpora / "ncbi.train.jsonl"),
        "charts": list(charts(models, asked.charts)),
    }
    for folder, rates, copies in (("train", FIRST, 1), ("misread", SECOND, 2)):
        rows = misread(abstracts[:-VALID], noise, rates, copies)
        write(work / folder / "bc5cdr.spacy", rows, model)
        for name, other in others.items():
            write(work / folder / f"{name}.spacy", misread(other, noise, rates), model)
    write(work / "valid.spacy", abstracts[-VALID:], model)
    test = rows_of(asked.corpora / "bc5cdr.test.jsonl")
    write(work / "test.spacy", test, model)
    spoiled = [noise.misread(row, TEST_RATE, random.Random(str(row["id"]))) for row in test]
    write(work / "test-misread.spacy", spoiled, model)


if __name__ == "__main__":
    main()
