"""What a query means: its tree as a plan, taken literally or stretched as far as a reach allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from digitizer.chart.clinical import Presence
from digitizer.search import dates, query
from digitizer.search.fields import ASSERTIONS, LABELS, finding_word
from digitizer.search.identifiers import (
    Kind,
    code_key,
    exact_number,
    is_number,
    kind,
    loose_numbers,
)
from digitizer.search.plan import NOTHING, All, Any, Atom, Best, Between, Every, Except, How, Plan
from digitizer.search.synonyms import LONGEST, Synonyms
from digitizer.search.words import fold, pieces


class Reach(StrEnum):
    """How far a word's meaning is stretched, nearest first."""

    EXACT = "exact"
    SYNONYM = "synonym"
    WORDS = "words"
    MISREAD = "misread"
    NUMBER = "number"
    NAME = "name"
    SPELLING = "spelling"
    PREFIX = "prefix"
    ANY = "any"


NEAR_REACHES = (Reach.EXACT, Reach.SYNONYM, Reach.WORDS, Reach.MISREAD)
"""Always looked at. Words that name one thing ("potassium chloride") must stand side by side for
EXACT, and may stand apart for WORDS; words that do not may always stand apart. MISREAD adds, after
all others, pages on which the scan may have garbled a phrase."""

AFFIRMED = Presence.AFFIRMED.value
"""The assertion that `problem:` asks for where no other is given."""

NAME_WEIGHT = 2.0
NUMBER_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a tree means at one reach; with an assertion, its words are words of findings."""

    reach: Reach
    synonyms: Synonyms
    assertion: str

    def of(self, tree: query.Query) -> Plan:
        """The tree as a plan."""
        match tree:
            case query.Everything():
                return Every()
            case query.And(parts):
                return self._conjunction(parts)
            case query.Or(parts):
                return Any(tuple(self.of(part) for part in parts))
            case query.Not(part):
                return Except(replace(self, reach=Reach.EXACT).of(part))
            case query.Field(name, part):
                return self._field(name, part)
            case query.Term(text):
                return self._words((text,))
            case query.Phrase(text):
                return self._finding(text, LABELS) if self.assertion else self._phrase(text)
            case query.Prefix() | query.Wildcard() | query.Fuzzy():
                return self._spelled_out(tree)

    def _phrase(self, text: str) -> Plan:
        exact = _run("text", text)
        if self.reach is Reach.MISREAD and isinstance(exact, Atom) and len(exact.words) > 1:
            return replace(exact, how=How.MISREAD)
        return exact

    def _conjunction(self, parts: Sequence[query.Query]) -> Plan:
        """Neighbouring plain words are read together; the rest each by itself."""
        plans: list[Plan] = []
        for plain, group in groupby(parts, key=lambda part: isinstance(part, query.Term)):
            if plain:
                words = [part.text for part in group if isinstance(part, query.Term)]
                plans.append(self._words(dates.joined(words)))
            else:
                plans.extend(map(self.of, group))
        return _all(plans)

    def _words(self, words: Sequence[str]) -> Plan:
        if self.assertion:
            return self._found(words)
        if self.reach is Reach.ANY:
            return Any(tuple(self._word(word) for word in words))
        if self.reach not in (Reach.EXACT, Reach.SYNONYM):
            return _all([self._word(word) for word in words])
        concepts = list(self._concepts(words))
        plan = _all([self._concept(run, names) for run, names in concepts])
        if len(concepts) == 1:
            return plan
        side_by_side = _run("text", " ".join(words))
        return Any((plan, All((plan, side_by_side))))

    def _concepts(self, words: Sequence[str]) -> Iterator[tuple[Sequence[str], frozenset[str]]]:
        """Cut `words` into the longest runs that have other names, and single words."""
        at = 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                run = words[at : at + length]
                names = self.synonyms.of(" ".join(run))
                if names or length == 1:
                    yield run, names
                    at += length
                    break

    def _concept(self, run: Sequence[str], names: Iterable[str]) -> Plan:
        own = self._word(run[0]) if len(run) == 1 else _run("text", " ".join(run))
        if self.reach is Reach.EXACT:
            return own
        others = (_run("text", name) for name in sorted(names))
        codes = map(_coded, sorted(self.synonyms.codes(" ".join(run))))
        return _best([own, *(other for other in others if other != NOTHING), *codes])

    def _word(self, text: str) -> Plan:
        """One word: in the text, in the name, and as the number, date or code it looks like."""
        folded = pieces(text)
        if not folded:
            return NOTHING
        plans: list[Plan] = [_run("text", text), Atom("name", folded, weight=NAME_WEIGHT)]
        whole = fold(text)
        if len(folded) > 1:
            plans.append(Atom("text", (whole,)))
        plans += self._identified(text)
        if len(folded) == 1 and not is_number(text):
            plans += self._stretched(whole)
        return _best(plans)

    def _identified(self, text: str) -> Iterator[Plan]:
        match kind(text):
            case Kind.DATE:
                for day in dates.days(text):
                    yield from (days("dob", day, day), days("date", day, day))
            case Kind.NUMBER:
                yield from self._number(text)
            case Kind.CODE:
                yield _coded(text)
                if self.reach is Reach.SYNONYM:
                    yield self._affirmed._named_by(text)

    @property
    def _affirmed(self) -> Meaning:
        return replace(self, assertion=self.assertion or AFFIRMED)

    def _named_by(self, code: str) -> Plan:
        """Problems found that a code stands for."""
        names = sorted(self.synonyms.named(code))
        return _best([self._finding(name, ("problem",)) for name in names])

    def _number(self, text: str) -> Iterator[Plan]:
        yield Atom("mrn", (exact_number(text),), weight=NUMBER_WEIGHT)
        if self.reach not in NEAR_REACHES:
            yield from (Atom("number", (form,)) for form in sorted(loose_numbers(text)))

    def _stretched(self, word: str) -> Iterator[Plan]:
        """Words like this one. Record numbers are kept out: one digit off is another patient."""
        if self.reach in (Reach.NAME, Reach.SPELLING, Reach.ANY):
            yield Atom("name", (word,), How.NEAR, NAME_WEIGHT)
        if self.reach in (Reach.SPELLING, Reach.ANY):
            yield Atom("text", (word,), How.NEAR)
        if self.reach is Reach.PREFIX:
            yield from (Atom("name", (word,), How.PREFIX), Atom("text", (word,), How.PREFIX))

    def _found(self, words: Sequence[str]) -> Plan:
        """Plain words under an assertion: in one finding, or in one for each name among them."""
        together = self._finding(" ".join(words), LABELS)
        if self.reach is Reach.EXACT:
            return together
        plans: list[Plan] = []
        for named, runs in groupby(self._concepts(words), key=lambda concept: bool(concept[1])):
            if named:
                plans += [self._called(" ".join(run), names, LABELS) for run, names in runs]
            else:
                plans.append(
                    self._finding(" ".join(word for run, _ in runs for word in run), LABELS)
                )
        return _best([together, _all(plans)])

    def _called(self, text: str, names: Iterable[str], labels: Sequence[str]) -> Plan:
        return _best([self._finding(name, labels) for name in (text, *sorted(names))])

    def _finding(self, text: str, labels: Sequence[str]) -> Plan:
        words = pieces(text)
        if not words:
            return NOTHING
        assertions = (self.assertion,) if self.assertion else ASSERTIONS
        return _best(
            [
                Atom("finding", tuple(finding_word(label, a, w) for w in words), How.TOGETHER)
                for label in labels
                for a in assertions
            ]
        )

    def _spelled_out(self, part: query.Leaf) -> Plan:
        if self.assertion:
            return self._finding_spelled(part, LABELS)
        return _spelled(("text", "name"), part)

    def _finding_spelled(self, part: query.Leaf, labels: Sequence[str]) -> Plan:
        assertions = (self.assertion,) if self.assertion else ASSERTIONS
        leads = [finding_word(label, a, "") for label in labels for a in assertions]
        return _best([_spelled(("finding",), part, lead) for lead in leads])

    def _field(self, name: str, part: query.Leaf) -> Plan:
        match name:
            case "dob" | "date":
                first, last = dates.period(part.text) or (date.max, date.min)
                return days(name, first, last)
            case "conf":
                return Between(name, *(query.percents(part.text) or (1, 0)))
            case "mrn" | "code" if isinstance(part, query.Prefix | query.Wildcard):
                return _spelled((name,), part)
            case "mrn":
                return _best(list(self._number(part.text)))
            case "code":
                return _coded(part.text)
            case "drug":
                return self._of_kind("medication", part)
            case "problem":
                return self._affirmed._of_kind("problem", part)
            case _:
                return self._named(name, part)

    def _of_kind(self, label: str, part: query.Leaf) -> Plan:
        if isinstance(part, _Spelled):
            return self._finding_spelled(part, (label,))
        names = () if self.reach is Reach.EXACT else self.synonyms.of(part.text)
        return self._called(part.text, names, (label,))

    def _named(self, field: str, part: query.Leaf) -> Plan:
        if isinstance(part, _Spelled):
            return _spelled((field,), part)
        words = pieces(part.text)
        if not words:
            return NOTHING
        whole = Atom(field, (fold(part.text),))
        if field != "name" or isinstance(part, query.Phrase):
            return _best([_run(field, part.text), whole])
        how = _HOW_NAMED.get(self.reach, How.RUN)
        return _all([Atom(field, (word,), how) for word in words])


_HOW_NAMED = {
    Reach.NAME: How.NEAR,
    Reach.SPELLING: How.NEAR,
    Reach.PREFIX: How.PREFIX,
    Reach.ANY: How.NEAR,
}
"""How a name must stand after `name:`, where it is stretched."""


def days(field: str, first: date, last: date) -> Between:
    """Pages whose day in `field` is `first` to `last`, both included."""
    return Between(field, first.toordinal(), last.toordinal())


def _coded(code: str) -> Atom:
    return Atom("code", (code_key(code),))


def _run(field: str, text: str) -> Plan:
    words = pieces(text)
    return Atom(field, words) if words else NOTHING


_Spelled = query.Prefix | query.Wildcard | query.Fuzzy
_HOW = {query.Prefix: How.PREFIX, query.Wildcard: How.LIKE, query.Fuzzy: How.NEAR}


def _spelled(fields: Sequence[str], part: query.Leaf, lead: str = "") -> Plan:
    """`part` with its stars and tildes; of several pieces only the whole word counts."""
    how = _HOW[type(part)]
    word = "*".join(map(fold, part.text.split("*")))
    return _best([Atom(field, (lead + word,), how) for field in fields]) if word else NOTHING


def _all(plans: Sequence[Plan]) -> Plan:
    return plans[0] if len(plans) == 1 else All(tuple(plans))


def _best(plans: Sequence[Plan]) -> Plan:
    unique = tuple(dict.fromkeys(plans))
    return unique[0] if len(unique) == 1 else Best(unique)
