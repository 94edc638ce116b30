"""Learns from coders: coded charts become examples, and a ranker is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import mean
from typing import Any

from digitizer.chart.coding import ICD10CM, CodeKnowledge
from digitizer.chart.document import Document
from digitizer.coding.boost import Trees
from digitizer.coding.covered import covered
from digitizer.coding.experience import Batch, Experience, Ranker
from digitizer.coding.knowledge import Knowledge
from digitizer.coding.learned import Learned, example_of, read_learned, titles_of
from digitizer.coding.memory import Example, Memory
from digitizer.coding.named import named
from digitizer.coding.rank import average_precision, ranked, train
from digitizer.config import Home
from digitizer.errors import UsageError
from digitizer.operations.crew import analyst
from digitizer.operations.house import House, system_user
from digitizer.operations.knowledge import open_codes
from digitizer.operations.pipelines import pipeline_of, resources_of
from digitizer.operations.sign_off import unchanged
from digitizer.operations.understand import document_of
from digitizer.pipeline import Pipeline, Runner
from digitizer.store import documents, reviews
from digitizer.store.reviews import Version

HELD_BACK = 5
"""Every so many-th chart is held back to compare a new ranker with the one before."""

FEWEST = 30
"""With fewer charts no ranker is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """How many charts were learned, and the ranker made of all, `None` where there are too few.

    `left_out` counts signed charts whose pages no longer lie together as they were signed: what was
    signed is not to be told from the words that are there now.
    """

    charts: int
    ranker: Ranker | None
    left_out: int = 0


def learn(home: Home, lines: Iterable[dict[str, Any]], source: str) -> Lesson:
    """Learn charts that were coded elsewhere.

    A line is `{"id", "text", "codes": [{"code", "type"?, "system"?}]}`; codes of procedures and of
    other systems are left out.

    Raises:
        UsageError: a line lacks its text or its codes.
    """
    reader = _reader(home, pipeline_of(home).after("text"))
    return _append(home, list(_read(reader, lines)), source)


def learn_from_reviews(home: Home, house: House) -> Lesson:
    """Learn the charts that coders of this home have signed, each as it was last signed.

    Raises:
        UsageError: none was signed, or what was signed was changed in the database.
    """
    reader = _reader(home, pipeline_of(home))
    with house.store.read() as tx:
        newest = {version.document: version for version in reviews.versions(tx)}
    signed = ((key, _signed(house, version)) for key, version in newest.items())
    examples = [(key, reader.example(*found)) for key, found in signed if found]
    left_out = len(newest) - len(examples)
    return replace(_append(home, examples, "signed charts"), left_out=left_out)


def _signed(house: House, version: Version) -> tuple[Document, frozenset[str]] | None:
    """The pages that were signed and their codes; `None` where the pages lie otherwise now."""
    with house.store.read() as tx:
        said = json.loads(unchanged(tx, version))
        stored = documents.get(tx, version.document)
    if stored is None or list(stored.numbers) != said["pages"]:
        return None
    codes = (line["code"] for line in said["codes"] if line["system"] == ICD10CM)
    return stored.document, frozenset(codes)


def listed(home: Home) -> tuple[tuple[Batch, ...], tuple[Ranker, ...]]:
    """What was learned: batches and rankers, oldest first."""
    experience = Experience(home.learned)
    return experience.batches(), experience.rankers()


def undo(home: Home, batch: int) -> Ranker | None:
    """Forget a batch; returns the ranker made of what is left, `None` where too little is.

    Raises:
        UsageError: there is no such batch, or it is undone already.
    """
    experience = Experience(home.learned)
    if not experience.undo(batch):
        raise UsageError(f"there is no batch {batch} to undo: `digitizer codes learned` lists them")
    return retrain(home)


def roll_back(home: Home) -> None:
    """Put the ranker before the present one in force again.

    Raises:
        UsageError: none is in force.
    """
    if not Experience(home.learned).roll_back():
        raise UsageError("no ranker is in force")


def retrain(home: Home) -> Ranker | None:
    """Make a ranker of all charts that count; it is in force if it does not lose to the last."""
    experience = Experience(home.learned)
    examples = experience.examples()
    if len(examples) < FEWEST:
        while experience.roll_back():
            pass
        return None
    knowledge = open_codes(home)
    before, after = _compared(examples, read_learned(home.learned, knowledge), knowledge)
    memory = Memory(examples, titles_of(examples, knowledge))
    return experience.keep(_now(), len(examples), before, after, train(memory))


def _compared(
    examples: Sequence[Example], now: Learned | None, knowledge: CodeKnowledge
) -> tuple[float, float]:
    """Mean average precision on held-back charts: of what ranks now, and of a new ranker.

    Both are given the memory without the held-back charts; with no ranker the own scores count.
    """
    held, rest = examples[::HELD_BACK], [e for i, e in enumerate(examples) if i % HELD_BACK]
    memory = Memory(rest, titles_of(rest, knowledge))
    trees = train(memory)
    after = mean(_precision(memory, trees, e) for e in held)
    if now is None:
        return mean(_own(e) for e in held), after
    return mean(_precision(memory, now.trees, e) for e in held), after


def _precision(memory: Memory, trees: Trees, example: Example) -> float:
    order = [code for code, _ in ranked(memory, trees, example)]
    return average_precision(order, example.codes)


def _own(example: Example) -> float:
    order = sorted(example.suggested, key=lambda code: -example.suggested[code][0])
    return average_precision(order, example.codes)


def _append(home: Home, examples: Sequence[tuple[str, Example]], source: str) -> Lesson:
    if not examples:
        raise UsageError("there is no coded chart to learn from")
    Experience(home.learned).add(_now(), system_user(), source, examples)
    return Lesson(charts=len(examples), ranker=retrain(home))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads charts as if nothing had been learned before."""

    runner: Runner
    knowledge: Knowledge

    def example(self, document: Document, codes: frozenset[str]) -> Example:
        read = self.runner.read_document(document)
        found = named(read, self.knowledge, self.knowledge.lexicon)
        own = [s for s in read.suggestions or () if s.code.system == ICD10CM]
        near = covered(read, self.knowledge)
        return example_of(read, own, found, near, codes)


def _reader(home: Home, pipeline: Pipeline) -> _Reader:
    runner = analyst(pipeline, replace(resources_of(home), learned=None))
    return _Reader(runner, open_codes(home))


def _read(reader: _Reader, lines: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Example]]:
    for number, line in enumerate(lines, 1):
        given = line.get("codes")
        if not isinstance(given, list) or not all(
            isinstance(c, dict) and c.get("code") for c in given
        ):
            raise UsageError(f'line {number} needs "codes": [{{"code": …}}]')
        codes = frozenset(
            str(c["code"]).upper()
            for c in given
            if c.get("type", "dx") == "dx" and c.get("system", ICD10CM) == ICD10CM
        )
        document = document_of(reader.runner, line)
        yield str(line.get("id", number)), reader.example(document, codes)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
