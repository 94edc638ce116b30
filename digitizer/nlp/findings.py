"""Findings that something may be asserted of, and cues where they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digitizer.chart.clinical import Label
from digitizer.nlp.cues import Cue, Kind
from digitizer.nlp.reading import Reading

AROUND = 4
"""Words between which one speaks of another: "had", a denial and what it denies."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Tokens `first..last` that something may be asserted of."""

    first: int
    last: int
    label: Label | None = None

    def words(self, reading: Reading) -> tuple[str, ...]:
        """The words that it is named by."""
        return reading.words[self.first : self.last]


@dataclass(frozen=True, slots=True)
class Found:
    """A cue where it is printed."""

    first: int
    last: int
    cue: Cue

    def distance(self, finding: Finding) -> int:
        """Words between the cue and the finding."""
        if self.cue.forward:
            return finding.first - min(self.last, finding.first)
        return max(self.first, finding.last) - finding.last

    def beside(self, finding: Finding) -> bool:
        """Whether the cue stands on its side of the finding; it may reach into it ("no acute").

        A name may begin with what puts it into the past: "old infarct".
        """
        if self.first == finding.first and self.cue.kind is Kind.HISTORICAL:
            return self.cue.forward and self.last < finding.last
        return self.first < finding.first if self.cue.forward else self.last > finding.last


@dataclass(frozen=True, slots=True)
class Others:
    """All findings of a page: their tokens, rising; its problems, and the tokens of those."""

    taken: Sequence[int]
    problems: Sequence[Finding]
    sick: Sequence[int]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Others:
        """Those of `findings`."""
        problems = [f for f in findings if f.label is Label.PROBLEM]
        return cls(_tokens(findings), problems, _tokens(problems))


def _tokens(findings: Iterable[Finding]) -> list[int]:
    return sorted({i for f in findings for i in range(f.first, f.last)})
