"""From a query to plans that an engine can carry out: first what was asked, then ever wider.

A plan speaks of folded words in the fields of `digitizer.search.fields`, and of nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from digitizer.chart.clinical import Presence
from digitizer.chart.search import PageHit, SearchRequest
from digitizer.errors import UsageError
from digitizer.search import dates, query
from digitizer.search.fields import ASSERTIONS, LABELS, finding_word
from digitizer.search.identifiers import code_key, exact_number, is_code, is_number, loose_numbers
from digitizer.search.synonyms import LONGEST, NoSynonyms, Synonyms
from digitizer.search.words import fold, pieces, tokens


class How(StrEnum):
    """How the words of an atom must stand in a field.

    RUN: one after another. TOGETHER: in one finding, in any order. PREFIX, LIKE, NEAR: the one word
    is the beginning of a word there, is it but for what its stars stand for, or is spelled much
    like it. MISREAD: as a scan may have them: one after another, each as it is or like it, two
    perhaps run together, a stray word perhaps between.
    """

    RUN = "run"
    TOGETHER = "together"
    PREFIX = "prefix"
    LIKE = "like"
    NEAR = "near"
    MISREAD = "misread"


SPELLINGS = (How.PREFIX, How.LIKE, How.NEAR)
"""Those that stand for many words."""


@dataclass(frozen=True, slots=True)
class Every:
    """Every page."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Pages with `words` in `field`, as `how` says; `weight` multiplies the score."""

    field: str
    words: tuple[str, ...]
    how: How = How.RUN
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Between:
    """Pages whose number in `field` (of NUMBER_FIELDS) is `first` to `last`, both included.

    Those that have none never match.
    """

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class All:
    """Pages that all parts match; scores add up."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Pages that any part matches; scores add up. Nothing, of no parts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Pages that any part matches; the best part's score counts. Nothing, of no parts."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Except:
    """Pages that `part` does not match."""

    part: Plan


@dataclass(frozen=True, slots=True)
class Alike:
    """Pages with many of the words: see `ranking.telling` for which count, and how many."""

    field: str
    counts: tuple[tuple[str, int], ...]


Plan = Every | Atom | Between | All | Any | Best | Except | Alike
NOTHING = Best(())


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

NOTES = {
    Reach.NUMBER: "no exact hit: looked for record numbers that are easily misread for this one",
    Reach.NAME: "no exact hit: looked for similar names",
    Reach.SPELLING: "no exact hit: looked for similar spellings",
    Reach.PREFIX: "no exact hit: looked for longer words that begin so",
    Reach.ANY: "no page has all the words: looked for any of them",
}

AFFIRMED = Presence.AFFIRMED.value
"""The assertion that `problem:` asks for where no other is given."""

NAME_WEIGHT = 2.0
NUMBER_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One plan of the ladder; `tier` falls with the reach, and outweighs every score."""

    reach: Reach
    plan: Plan

    @property
    def tier(self) -> int:
        """From 8 (exact) down to 0 (any word)."""
        return len(Reach) - 1 - list(Reach).index(self.reach)

    @property
    def note(self) -> str:
        """What to say when this rung was needed."""
        return NOTES.get(self.reach, "")


def rungs(request: SearchRequest, synonyms: Synonyms | None = None) -> Iterator[Rung]:
    """The plans for a request, nearest reach first; a plan that adds nothing is left out.

    Those of NEAR_REACHES belong together, the others are for when nothing was found.

    Raises:
        UsageError: The query cannot be read, or `assertion` is none of ASSERTIONS.
    """
    tree = query.parse(request.query)
    if request.like:
        yield Rung(
            Reach.EXACT, _alike(request.like, _Meaning(Reach.EXACT, NoSynonyms(), "").of(tree))
        )
        return
    seen: set[Plan] = set()
    for reach in Reach:
        plan = _Meaning(reach, synonyms or NoSynonyms(), _assertion(request)).of(tree)
        if plan not in seen:
            seen.add(plan)
            yield Rung(reach, plan)


def filters(request: SearchRequest) -> tuple[Plan, ...]:
    """What every hit must match besides the query."""
    words = (
        ("mrn", exact_number(request.mrn or ""), request.mrn),
        ("code", code_key(request.code or ""), request.code),
        ("doctype", fold(request.doc_type or ""), request.doc_type),
        ("file", request.source or "", request.source),
    )
    plans: list[Plan] = [Atom(field, (word,)) for field, word, given in words if given is not None]
    if request.dob:
        plans.append(_days("dob", request.dob, request.dob))
    if request.date_from or request.date_to:
        first, last = request.date_from or date.min, request.date_to or date.max
        plans.append(_days("date", first, last))
    if assertion := _assertion(request):
        plans.append(Atom("finding", (assertion,)))
    return tuple(plans)


def note(
    request: SearchRequest,
    synonyms: Synonyms | None,
    helped: Sequence[Rung],
    hits: Sequence[PageHit],
) -> str:
    """What to say of an answer: how words were read, by which other names, how far widened.

    `helped` are the rungs that found anything, nearest first.
    """
    tree = query.parse(request.query)
    widened = next((rung.note for rung in helped), "")
    return "; ".join(
        filter(None, [reading(tree), _also(tree, synonyms or NoSynonyms(), hits), widened])
    )


def _also(tree: query.Query, synonyms: Synonyms, hits: Sequence[PageHit]) -> str:
    """By which other names something was found."""
    marked = {word for hit in hits for word in hit.terms}
    texts = [" ".join(_texts(tree)), *_texts(tree)]
    names = {name for text in texts for name in synonyms.of(text)}
    met = sorted(name for name in names if marked.issuperset(pieces(name)))
    return f"also as {', '.join(met)}" if met else ""


def _texts(tree: query.Query) -> Iterator[str]:
    match tree:
        case query.Not():
            return
        case query.And(parts) | query.Or(parts):
            for part in parts:
                yield from _texts(part)
        case query.Field("drug" | "problem", part):
            yield part.text
        case query.Term(text):
            yield text


def reading(tree: query.Query) -> str:
    """What the words of a query were taken for, for the answer's note; "" for plain words."""
    kinds = {_kind(part.text) for part in _leaves(tree) if isinstance(part, query.Term)} - {""}
    return " and ".join(f"read as {kind}" for kind in sorted(kinds))


def _assertion(request: SearchRequest) -> str:
    if request.assertion and request.assertion not in ASSERTIONS:
        raise UsageError(f"an assertion is one of: {', '.join(ASSERTIONS)}")
    return request.assertion or ""


def _leaves(tree: query.Query) -> Iterator[query.Query]:
    match tree:
        case query.And(parts) | query.Or(parts):
            for part in parts:
                yield from _leaves(part)
        case query.Not(part):
            yield from _leaves(part)
        case _:
            yield tree


def _kind(text: str) -> str:
    if dates.day(text):
        return "a date"
    if is_number(text):
        return "a medical-record number"
    return "a code" if is_code(text) else ""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a tree means at one reach; with an assertion, its words are words of findings."""

    reach: Reach
    synonyms: Synonyms
    assertion: str

    def of(self, tree: query.Query) -> Plan:
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
                plans.append(self._words([t.text for t in group if isinstance(t, query.Term)]))
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
        return _best([own, *(other for other in others if other != NOTHING)])

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
        kind = _kind(text)
        if kind == "a date" and (on := dates.day(text)):
            yield from (_days("dob", on, on), _days("date", on, on))
        elif kind == "a medical-record number":
            yield from self._number(text)
        elif kind == "a code":
            yield Atom("code", (code_key(text),))

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
                return _days(name, first, last)
            case "conf":
                return Between(name, *(query.percents(part.text) or (1, 0)))
            case "mrn" | "code" if isinstance(part, query.Prefix | query.Wildcard):
                return _spelled((name,), part)
            case "mrn":
                return _best(list(self._number(part.text)))
            case "code":
                return Atom("code", (code_key(part.text),))
            case "drug":
                return self._of_kind("medication", part)
            case "problem":
                return replace(self, assertion=self.assertion or AFFIRMED)._of_kind("problem", part)
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
        near = self.reach in (Reach.NAME, Reach.SPELLING, Reach.ANY)
        return _all([Atom(field, (word,), How.NEAR if near else How.RUN) for word in words])


def _days(field: str, first: date, last: date) -> Between:
    return Between(field, first.toordinal(), last.toordinal())


def _alike(text: str, within: Plan) -> Plan:
    counts = Counter(token.text for token in tokens(text) if not token.whole)
    like = Alike("text", tuple(sorted(counts.items())))
    return like if within == Every() else All((like, within))


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


_MARKED = ("text", "name", "mrn", "finding")
"""Fields whose words are printed on the page as they are written here."""


def marked_atoms(plan: Plan) -> Iterator[Atom]:
    """The atoms whose words can be marked on a hit: none under an Except."""
    match plan:
        case Atom(field) if field in _MARKED:
            yield plan
        case All(parts) | Any(parts) | Best(parts):
            for part in parts:
                yield from marked_atoms(part)
        case _:
            return


def mark(word: str) -> str:
    """The word as printed on a page, without what `finding_word` puts before it."""
    return word.rpartition("|")[2]
