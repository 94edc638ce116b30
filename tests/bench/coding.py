"""What each part of code suggestion carries: the figures with everything, and without each part.

`python -m tests.bench.coding [NOTES.jsonl ...] [--terms TERMS.jsonl]
[--learn TRAIN.jsonl --on CODED.jsonl]`

NOTES are lines of {"id", "text", "setting"?, "codes", "distractors"?, "optional"?}; the kept half
of our own notes is always scored. With `--learn`, rankers are made of the coded charts of TRAIN,
each without some features, and rank those of CODED, which took no part (MAP, mean average
precision). With `--terms`, lines of {"text", "codes"}, code search is asked with the lexicon and
without: P@1 and R@10.
Entities are found once, so a table of one minute costs a few seconds more for each row.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

import numpy as np

from digitizer.chart.document import Document
from digitizer.coding import affirm, knowledge, resolve, rules, suggest
from digitizer.coding.boost import fit
from digitizer.coding.covered import COVERED, covered
from digitizer.coding.knowledge import Knowledge
from digitizer.coding.learned import example_of, titles_of
from digitizer.coding.lexicon import Lexicon
from digitizer.coding.memory import VOTES, Example, Memory
from digitizer.coding.named import named
from digitizer.coding.rank import FOLDS, average_precision, rows
from digitizer.config import find_home
from digitizer.operations.crew import analyst
from digitizer.operations.knowledge import open_codes
from digitizer.operations.pipelines import pipeline_of, resources_of
from digitizer.operations.understand import document_of
from digitizer.pipeline import Runner
from tests.accuracy.clinical import KEPT, notes

Suggester = Callable[[Document], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A note with its entities, and what a coder gave, may give, and must not give."""

    document: Document
    codes: frozenset[str]
    optional: frozenset[str] = frozenset()
    traps: frozenset[str] = frozenset()


def _nothing(*_: object, **__: object) -> str:
    return ""


def _as_it_is(made: Mapping[str, Any], *_: object) -> dict[str, Any]:
    return dict(made)


def _unrefined(_: object, code: object, *__: object) -> object:
    return code


WITHOUT: Mapping[str, Sequence[tuple[object, str, object]]] = {
    "everything": (),
    "the lexicon": (
        (suggest, "read_lexicon", lambda _: Lexicon()),
        (knowledge, "read_lexicon", lambda _: Lexicon()),
    ),
    "sites of neoplasms": ((resolve, "_placed", lambda _m, _c, _s, found, *_, **__: found),),
    "statuses": ((suggest, "statuses", lambda *_: ()),),
    "assertion": ((affirm, "withheld", _nothing),),
    "words nearby": ((resolve, "refine", _unrefined),),
    "rules between codes": ((suggest, "apply_rules", _as_it_is),),
    "combination codes": ((rules, "combinations", lambda _: ()),),
    "symptoms and parts left out": ((rules, "integral_to", _nothing),),
    "signs and mentions left out": ((rules, "weigh", lambda *_: {}),),
    "wordings of the code system": ((resolve, "_worded", lambda *_: ()),),
    "names in word windows": (
        (suggest, "named", lambda *_: {}),
        (suggest, "only_named", lambda *_: ()),
    ),
}
"""What is put in place of each part."""


@contextmanager
def without(part: str) -> Iterator[None]:
    """The product without one part."""
    with ExitStack() as stack:
        for where, name, instead in WITHOUT[part]:
            stack.enter_context(mock.patch.object(where, name, instead))
        yield


def reader() -> Runner:
    """Finds entities and suggests nothing."""
    home = find_home(None)
    pipeline = pipeline_of(home).after("text")
    stages = tuple(stage for stage in pipeline.stages if stage.name != "suggest_codes")
    return analyst(replace(pipeline, stages=stages), resources_of(home))


def own(runner: Runner) -> list[Coded]:
    """The kept half of our own notes."""
    return [
        Coded(
            document=_read(runner, {"text": note.text, "setting": note.setting}),
            codes=note.codes,
            traps=note.traps,
        )
        for note in notes()
        if note.half == KEPT
    ]


def coded(runner: Runner, path: Path) -> list[Coded]:
    """Coded notes of a file."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Coded(
            document=_read(runner, line),
            codes=_codes(line, "codes"),
            optional=_codes(line, "optional"),
            traps=_codes(line, "distractors"),
        )
        for line in lines
    ]


def _read(runner: Runner, line: dict[str, Any]) -> Document:
    return runner.read_document(document_of(runner, line))


def _codes(line: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(c["code"] for c in line.get(name, []) if c.get("type", "dx") == "dx")


def scored(suggester: Suggester, given: Sequence[Coded]) -> str:
    """Full-code F1, category F1, traps suggested, and MAP of all that is shown."""
    full, category, traps, tempted, order = [0, 0, 0], [0, 0, 0], 0, 0, []
    for note in given:
        every = suggester(note.document)
        found = {s.code.code for s in every if s.suggested}
        ranking = [s.code.code for s in sorted(every, key=lambda s: -s.score)]
        order.append(average_precision(ranking, note.codes))
        traps, tempted = traps + len(note.traps), tempted + len(note.traps & found)
        found -= note.optional - note.codes
        _count(full, found, note.codes)
        _count(category, {c[:3] for c in found}, {c[:3] for c in note.codes})
    return (
        f"F1 {_f1(full):.3f}  category {_f1(category):.3f}  "
        f"traps {tempted} of {traps}  MAP {mean(order):.3f}"
    )


def _count(counts: list[int], found: set[str], codes: set[str] | frozenset[str]) -> None:
    for place, some in enumerate((found & codes, found - codes, codes - found)):
        counts[place] += len(some)


def _f1(counts: Sequence[int]) -> float:
    right, extra, missed = counts
    return 2 * right / max(1, 2 * right + extra + missed)


def suggester(part: str) -> Suggester:
    """What suggests without one part, which must stay away while it works."""
    home = find_home(None)
    with without(part):
        made = suggest.open_suggester(home.models, open_codes(home))

    def suggested(document: Document) -> Any:
        with without(part):
            return made(document)

    return suggested


FEATURES: Mapping[str, Callable[[int], bool]] = {
    "everything": lambda _: True,
    "which words codes are due to": lambda at: at not in (*range(18, 10 + VOTES), 24),
    "words at all": lambda at: at not in (*range(10, 10 + VOTES), 24),
    "names in the text": lambda at: at not in (7, 8, 9),
    "the category beside": lambda at: at not in (24, 25),
    "names said in part": lambda at: at not in range(28, 28 + COVERED),
    "what the engine says": lambda at: at >= 7,
}
"""Which columns of `rank.rows` are kept."""


def learned(train: Sequence[Example], test: Sequence[Example], codes: Knowledge) -> Iterator[str]:
    """MAP on `test` of rankers made of `train`, each without some features."""
    memory = Memory(train, titles_of(train, codes))
    tables, answers = [], []
    for fold in range(FOLDS):
        others = memory.without(range(fold, len(train), FOLDS))
        for example in train[fold::FOLDS]:
            known, table = rows(others, example)
            tables.append(table)
            answers += [float(code in example.codes) for code in known]
    table, answer = np.vstack(tables), np.array(answers)
    asked = [(example.codes, *rows(memory, example)) for example in test if example.codes]
    for name, keeps in FEATURES.items():
        columns = [at for at in range(table.shape[1]) if keeps(at)]
        trees = fit(table[:, columns], answer)
        precisions = []
        for right, known, mine in asked:
            likely = trees.probability(mine[:, columns])
            order = [code for _, code in sorted(zip(-likely, known, strict=True))]
            precisions.append(average_precision(order, right))
        yield f"{_without(name)}: MAP {mean(precisions):.3f}"


def examples(runner: Runner, path: Path) -> list[Example]:
    """The coded charts of a file as examples."""
    home = find_home(None)
    codes = open_codes(home)
    made = suggest.open_suggester(home.models, codes)
    found = []
    for note in coded(runner, path):
        names = named(note.document, codes, codes.lexicon)
        near = covered(note.document, codes)
        found.append(example_of(note.document, made(note.document), names, near, note.codes))
    return found


def searched(codes: Knowledge, path: Path) -> str:
    """P@1 and R@10 of code search; a gold code is met by any below it."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    first, ten = 0, 0
    for line in lines:
        right = tuple(c["code"] for c in line["codes"])
        order = [match.code.code.startswith(right) for match in codes.search(line["text"], 10)]
        first, ten = first + any(order[:1]), ten + any(order)
    return f"P@1 {first / len(lines):.3f}  R@10 {ten / len(lines):.3f}"


def _without(part: str) -> str:
    return "with everything" if part == "everything" else f"without {part}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What each part of code suggestion carries.")
    parser.add_argument("notes", nargs="*", type=Path)
    parser.add_argument("--terms", type=Path)
    parser.add_argument("--learn", type=Path)
    parser.add_argument("--on", type=Path)
    asked = parser.parse_args()
    runner = reader()
    sets = {"own notes, kept half": own(runner)}
    sets |= {path.name: coded(runner, path) for path in asked.notes}
    for part in WITHOUT:
        made = suggester(part)
        for name, given in sets.items():
            _say(f"{_without(part)}, {name}: {scored(made, given)}")
    for part in ("everything", "the lexicon") if asked.terms else ():
        with without(part):
            codes = open_codes(find_home(None))
        _say(f"{_without(part)}, {asked.terms.name}: {searched(codes, asked.terms)}")
    if asked.learn and asked.on:
        train, test = examples(runner, asked.learn), examples(runner, asked.on)
        for line in learned(train, test, open_codes(find_home(None))):
            _say(line)


if __name__ == "__main__":
    main()
