"""One page in memory, looked at plan by plan: slow, and plainly right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from digitizer.chart.search import PageRecord
from digitizer.search import plan as plans
from digitizer.search import ranking
from digitizer.search.fields import NUMBER_FIELDS, WORD_FIELDS
from digitizer.search.plan import Atom, How, Plan

Telling = Callable[[Sequence[tuple[str, int]]], tuple[list[str], int]]


@dataclass(frozen=True, slots=True)
class Held:
    """A page with its words: field → word → positions."""

    record: PageRecord
    words: dict[str, dict[str, list[int]]]

    @classmethod
    def of(cls, record: PageRecord) -> Held:
        """Find the words of a record."""
        words: dict[str, dict[str, list[int]]] = {name: {} for name in WORD_FIELDS}
        for name, placed in WORD_FIELDS.items():
            for word, position in placed(record):
                words[name].setdefault(word, []).append(position)
        return cls(record, words)

    def matches(self, plan: Plan, telling: Telling) -> bool:
        """Whether the page matches; `telling` is `ranking.telling` of a whole collection."""
        match plan:
            case plans.Every():
                return True
            case Atom():
                return bool(self.matched(plan))
            case plans.Between(field, first, last):
                return max(0, first) <= NUMBER_FIELDS[field](self.record) <= last
            case plans.Alike(field, counts):
                words, least = telling(counts)
                return len(words) > 0 and sum(w in self.words[field] for w in words) >= least
            case plans.All(parts):
                return all(self.matches(part, telling) for part in parts)
            case plans.Any(parts) | plans.Best(parts):
                return any(self.matches(part, telling) for part in parts)
            case plans.Except(part):
                return not self.matches(part, telling)

    def matched(self, atom: Atom) -> Sequence[str]:
        """The words of this page that make it match; none where it does not."""
        words, first = self.words[atom.field], atom.words[0]
        match atom.how:
            case How.PREFIX | How.LIKE | How.NEAR:
                lead, bar, bare = first.rpartition("|")
                there = [w.removeprefix(lead + bar) for w in words if w.startswith(lead + bar)]
                return [
                    lead + bar + there[place] for place in ranking.spelled(atom.how, bare, there)
                ]
            case How.MISREAD:
                return self._misread(atom.words, words)
            case How.RUN:
                starts = (
                    {at - i for at in words.get(word, ())} for i, word in enumerate(atom.words)
                )
            case How.TOGETHER:
                starts = (set(words.get(word, ())) for word in atom.words)
        return atom.words if set.intersection(*starts) else ()

    @staticmethod
    def _misread(wanted: Sequence[str], words: dict[str, list[int]]) -> Sequence[str]:
        """The words that `wanted` may have been misread for, if they stand as MISREAD says."""

        def places(word: str) -> set[int]:
            readings = ranking.misreadings(word, list(words))
            met.extend(readings)
            return {at for reading in readings for at in words[reading]}

        def after(ends: set[int] | None, found: set[int]) -> set[int]:
            return found if ends is None else {p for p in found if {p - 1, p - 2} & ends}

        met: list[str] = []
        ends: list[set[int] | None] = [None]
        for number, word in enumerate(wanted):
            end = after(ends[-1], places(word))
            if number:
                end |= after(ends[-2], places(wanted[number - 1] + word))
            ends.append(end)
        return met if ends[-1] else ()

    def terms(self, asked: Iterable[Plan]) -> tuple[str, ...]:
        """The words of this page that make it match the plans, as in `PageHit.terms`."""
        atoms = {atom for plan in asked for atom in plans.marked_atoms(plan)}
        return tuple(sorted({plans.mark(word) for atom in atoms for word in self.matched(atom)}))
