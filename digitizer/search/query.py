"""The query language: what a person types, as a frozen tree, and back again.

heart attack            both words                "heart attack"   the words in this order
metf*  *itis  hyp*sion  words that begin, end so   delagdo~        words spelled like it
a OR b, a AND b, NOT c  (brackets group; AND is implied and binds closer than OR;
                            NOT takes away these very words, no others like them)
name: mrn: dob: code: drug: problem: type: date: source:   one word or "several words" follow
date:2019..2021  dob:12/25/1973  code:E11   a range, a day, a code with all codes below it
problem:diabetes   found as a problem and affirmed: neither denied nor a relative's
conf:<60  conf:80..100   pages whose words were read with so many percent of confidence
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from digitizer.errors import UsageError
from digitizer.search import dates

FIELDS = (
    "name", "mrn", "dob", "code", "drug", "problem", "type", "date", "source", "conf", "paper",
)  # fmt: skip
_DATE_FIELDS = ("dob", "date")
_DEEPEST = 40
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Everything:
    """Every page: what an empty query asks for."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word as typed; it may be hyphenated and holds at least one letter or digit."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another, single blanks between."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words that are `text` but for the stars in it: each stands for any letters, or none."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that are spelled much like `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`part` is looked for in the field `name`, one of FIELDS."""

    name: str
    part: Term | Phrase | Prefix | Wildcard | Fuzzy


@dataclass(frozen=True, slots=True)
class Not:
    """Pages that `part` does not match."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """Pages that all parts match; two parts or more, none of them an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Pages that any part matches; two parts or more, none of them an Or."""

    parts: tuple[Query, ...]


_MARKS: dict[type, str] = {
    Term: "{}",
    Phrase: '"{}"',
    Prefix: "{}*",
    Wildcard: "{}",
    Fuzzy: "{}~",
}

Leaf = Term | Phrase | Prefix | Wildcard | Fuzzy
Query = Everything | Leaf | Field | Not | And | Or


class QueryError(UsageError):
    """A query that cannot be read. `position` is the character at fault, counted from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1} of the query)")
        self.position = position


def parse(text: str) -> Query:
    """The tree for `text`; Everything for text without a word.

    Raises:
        QueryError: Brackets or quotes do not match, an operator lacks a side, a field lacks a
            word or holds no date, or the query is longer or deeper than anyone types.
    """
    if len(text) > _LONGEST:
        raise QueryError(f"a query has at most {_LONGEST} characters", _LONGEST)
    return _Parser(list(_lex(text)), len(text)).whole()


def unparse(query: Query) -> str:
    """Text that `parse` reads as `query` again."""
    match query:
        case Everything():
            return ""
        case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            return _MARKS[type(query)].format(query.text)
        case Field(name, part):
            return f"{name}:{unparse(part)}"
        case Not(part):
            return f"NOT {_grouped(part)}"
        case And(parts):
            return " ".join(_grouped(part) for part in parts)
        case Or(parts):
            return " OR ".join(_grouped(part) for part in parts)


def _grouped(query: Query) -> str:
    return f"({unparse(query)})" if isinstance(query, And | Or) else unparse(query)


def all_of(parts: Sequence[Query]) -> Query:
    """Their conjunction: Everything of none, the part itself of one, nested ones laid flat."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, And) else (part,))]
    flat = [part for part in flat if part != Everything()]
    return And(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Everything()


def any_of(parts: Sequence[Query]) -> Query:
    """Their disjunction: Everything of none, the part itself of one, nested ones laid flat."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))]
    return Or(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Everything()


class _Lexeme(NamedTuple):
    kind: str  # "(", ")", "AND", "OR", "NOT", "field" or "leaf"
    position: int
    leaf: Leaf | None = None
    name: str = ""


_RAW = re.compile(r'\s+|(?P<bracket>[()])|(?P<quote>")|(?P<word>[^\s()"]+)')
_QUOTES = str.maketrans(
    dict.fromkeys("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\uff02", '"')
)
_EDGE = r"[\W_]+"
_LEADING = re.compile(rf"^{_EDGE}")
_TRAILING = re.compile(rf"{_EDGE}$")
_NAMED = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)


def _lex(text: str) -> Iterator[_Lexeme]:
    text, at = text.translate(_QUOTES), 0
    while at < len(text):
        match = _RAW.match(text, at)
        if match is None:  # pragma: no cover - the four alternatives cover every character
            raise QueryError("this cannot be read", at)
        end = match.end()
        if match["bracket"]:
            yield _Lexeme(match["bracket"], at)
        elif match["quote"]:
            end = text.find('"', at + 1) + 1
            if not end:
                raise QueryError("this quotation mark is never closed", at)
            yield from _phrase(text[at + 1 : end - 1], at)
        elif match["word"]:
            yield from _word(match["word"], at)
        at = end


def _phrase(inside: str, at: int) -> Iterator[_Lexeme]:
    words = " ".join(inside.split())
    if any(map(str.isalnum, words)):
        yield _Lexeme("leaf", at, Phrase(words))


def _word(raw: str, at: int) -> Iterator[_Lexeme]:
    if raw in ("AND", "OR", "NOT"):
        yield _Lexeme(raw, at)
        return
    body = _LEADING.sub("", raw)
    at += len(raw) - len(body)
    if raw.endswith(f"*{body}") and body:
        yield _Lexeme("leaf", at - 1, _leaf(f"*{body}"))
        return
    if match := _NAMED.fullmatch(body):
        name, rest = match[1].lower(), match[2]
        if _is_field(name, at):
            yield _Lexeme("field", at, name=name)
            body, at = rest.lstrip(":"), at + len(body) - len(rest.lstrip(":"))
    if leaf := _leaf(body):
        yield _Lexeme("leaf", at, leaf)


def _is_field(name: str, at: int) -> bool:
    if name in FIELDS:
        return True
    near = [known for known in FIELDS if OSA.distance(name, known) == 1]
    if near and len(name) > 2:
        raise QueryError(f"there is no such field; did you mean {near[0]}:?", at)
    return False


def _leaf(raw: str) -> Leaf | None:
    """The word in `raw` without the punctuation around it; dots of a range stay."""
    if pattern := _pattern(raw):
        return Wildcard(pattern)
    open_range = re.fullmatch(r"\.\.[0-9/-]+|[0-9/-]+\.\.", raw)
    ended = _TRAILING.sub("", raw)
    text = raw if open_range else ended if _PERCENTS.fullmatch(ended) else _LEADING.sub("", ended)
    if not any(map(str.isalnum, text)):
        return None
    if text in ("AND", "OR", "NOT"):
        text = text.lower()
    ending = raw.rstrip(",;.)!?")[-1:]
    if ending == "*":
        return Prefix(text)
    return Fuzzy(text) if ending == "~" else Term(text)


def _pattern(raw: str) -> str:
    """`raw` as the text of a Wildcard; "" where it is none."""
    core = re.sub(r"^[^\w*]+|[^\w*]+$", "", raw)
    first, *others = re.split(r"\*+", core)
    if not any(map(str.isalnum, "".join(others))):
        return ""
    return "*".join((first, *others))


_PERCENTS = re.compile(r"(?P<sign>[<>]=?)?(?P<first>\d{1,3})(?:\.\.(?P<last>\d{1,3}))?")


def percents(text: str) -> tuple[int, int] | None:
    """Least and greatest percentage meant: "60", "<60", ">=80", "60..80"; `None` for others."""
    match = _PERCENTS.fullmatch(text)
    if not match or (match["sign"] and match["last"]):
        return None
    number, last = int(match["first"]), int(match["last"] or match["first"])
    ranges = {"<": (0, number - 1), "<=": (0, number), ">": (number + 1, 100), ">=": (number, 100)}
    first, last = ranges.get(match["sign"], (number, last))
    return (first, last) if first <= last else None


class _Parser:
    """Recursive descent over the lexemes: or → and → not → leaf, field or brackets."""

    def __init__(self, lexemes: list[_Lexeme], length: int) -> None:
        self._lexemes = lexemes
        self._length = length
        self._next = 0
        self._depth = 0

    def whole(self) -> Query:
        if not self._lexemes:
            return Everything()
        query = self._either()
        if self._kind() == ")":
            raise QueryError("this bracket was never opened", self._at())
        return query

    def _either(self) -> Query:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return any_of(parts)

    def _both(self) -> Query:
        parts = [self._unary()]
        while self._take("AND") or self._kind() not in ("", ")", "OR"):
            parts.append(self._unary())
        return all_of(parts)

    def _unary(self) -> Query:
        negations = 0
        while self._take("NOT"):
            negations += 1
        part = self._primary()
        return Not(part) if negations % 2 else part

    def _primary(self) -> Query:
        at = self._at()
        if self._take("("):
            return self._bracket(at)
        if self._kind() == "field":
            return self._field()
        return self._word_at(at, "a word is missing here")

    def _bracket(self, at: int) -> Query:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(f"brackets go at most {_DEEPEST} deep", at)
        query = self._either()
        if not self._take(")"):
            raise QueryError("this bracket is never closed", at)
        self._depth -= 1
        return query

    def _field(self) -> Field:
        name, at = self._lexemes[self._next].name, self._at()
        self._next += 1
        value = self._at()
        part = self._word_at(at, f'one word, or several in quotation marks, must follow "{name}:"')
        if name in _DATE_FIELDS and not dates.period(part.text):
            complaint = f"{name}: takes a date: 2019, 2019-03, 03/14/2019 or 2019..2021"
            raise QueryError(complaint, value)
        if name == "conf" and not percents(part.text):
            raise QueryError("conf: takes percent: <60, >=80 or 60..80", value)
        return Field(name, part)

    def _word_at(self, at: int, complaint: str) -> Leaf:
        leaf = self._lexemes[self._next].leaf if self._next < len(self._lexemes) else None
        if leaf is None:
            raise QueryError(complaint, at)
        self._next += 1
        return leaf

    def _take(self, kind: str) -> bool:
        taken = self._kind() == kind
        self._next += taken
        return taken

    def _kind(self) -> str:
        return self._lexemes[self._next].kind if self._next < len(self._lexemes) else ""

    def _at(self) -> int:
        more = self._next < len(self._lexemes)
        return self._lexemes[self._next].position if more else self._length
