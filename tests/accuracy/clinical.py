"""Scores what is asserted and coded against our own sentences and notes, half by half.

`python -m tests.accuracy.clinical` prints the figures of both halves; with `wrong` it lists what
went wrong in the half to tune with. What went wrong in the other half is never shown.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import Text
from digitizer.config import find_home
from digitizer.operations.understand import reader_of, understand
from digitizer.pipeline import Runner
from tests.codes import knowledge

HERE = Path(__file__).parent
TUNE, KEPT = "tune", "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A finding at `start..end` of `text`, and what is said of it."""

    half: str
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note, its codes, and the codes that it tempts to."""

    half: str
    setting: str
    text: str
    codes: frozenset[str]
    traps: frozenset[str]


def rows(name: str) -> list[tuple[str, list[str]]]:
    """The rows of a table with the half each is in, in turn; comments and header left out."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return [((TUNE, KEPT)[i % 2], cells) for i, cells in enumerate(told)]


def sentences() -> list[Sentence]:
    """The sentences of `assertions.tsv`."""
    return [_sentence(half, kind, marked) for half, (kind, _, marked) in rows("assertions.tsv")]


def _sentence(half: str, kind: str, marked: str) -> Sentence:
    start, end = marked.index("{"), marked.index("}") - 1
    return Sentence(half=half, kind=kind, text=re.sub("[{}]", "", marked), start=start, end=end)


def notes() -> list[Note]:
    """The notes of `coded_notes.tsv`."""
    return [
        Note(
            half=half,
            setting=setting,
            text=text,
            codes=frozenset(codes.split()),
            traps=frozenset(traps.split()),
        )
        for half, (_, setting, text, codes, traps) in rows("coded_notes.tsv")
    ]


@lru_cache(maxsize=1)
def runner() -> Runner:
    """The product's own stages from text to codes."""
    opened = reader_of(find_home(HERE.parents[1]))
    return Runner(opened.pipeline, replace(opened.resources, knowledge=knowledge()))


def asserted(sentence: Sentence) -> str:
    """What the product says of the finding."""
    page = runner().read_page(Page(number=1, text=Text(content=sentence.text)))
    spans = {1: [(sentence.start, sentence.end, "")]}
    return runner().reader.classify(Document(pages=(page,)), spans)[0].assertion.word


def suggested(note: Note) -> frozenset[str]:
    """The codes that the product suggests for a note."""
    answer = understand(runner(), {"text": note.text, "setting": note.setting})
    return frozenset(c["code"] for c in answer["codes"] if c["suggested"])


def assertion_counts(half: str, *, show: bool = False) -> Counter[tuple[str, str]]:
    """(what is so, what was said) of the sentences of a half, counted."""
    counts: Counter[tuple[str, str]] = Counter()
    for sentence in sentences():
        if sentence.half == half:
            said = asserted(sentence)
            counts[sentence.kind, said] += 1
            if show and said != sentence.kind:
                say(f"{sentence.kind} read as {said}: {sentence.text}")
    return counts


def right(counts: Counter[tuple[str, str]]) -> float:
    """The share of sentences read right."""
    return sum(n for (kind, said), n in counts.items() if kind == said) / counts.total()


def leaks(counts: Counter[tuple[str, str]]) -> float:
    """Of findings that the patient does not have now, the share taken for present."""
    absent = Counter({pair: n for pair, n in counts.items() if pair[0] != "affirmed"})
    return sum(n for (_, said), n in absent.items() if said == "affirmed") / absent.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScore:
    """Precision and recall of suggested codes, and the share of traps among them."""

    precision: float
    recall: float
    traps: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def code_score(half: str, *, show: bool = False) -> CodeScore:
    """How the suggestions for a half's notes compare with their codes."""
    right_ones = made = meant = tempted = traps = 0
    for note in notes():
        if note.half != half:
            continue
        found = suggested(note)
        right_ones += len(found & note.codes)
        made += len(found)
        meant += len(note.codes)
        tempted += len(found & note.traps)
        traps += len(note.traps)
        if show and found != note.codes:
            missed, extra = sorted(note.codes - found), sorted(found - note.codes)
            say(f"missed {missed} extra {extra} TRAPS {sorted(found & note.traps)}: {note.text}")
    return CodeScore(precision=right_ones / made, recall=right_ones / meant, traps=tempted / traps)


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Print the figures."""
    for half in (TUNE, KEPT):
        show = half == TUNE and "wrong" in sys.argv
        counts = assertion_counts(half, show=show)
        say(
            f"{half}: {counts.total()} sentences, right {right(counts):.3f}, "
            f"absent taken for present {leaks(counts):.3f}"
        )
        score = code_score(half, show=show)
        say(
            f"{half}: codes precision {score.precision:.3f} recall {score.recall:.3f} "
            f"F1 {score.f1:.3f}, traps suggested {score.traps:.3f}"
        )


if __name__ == "__main__":
    main()
