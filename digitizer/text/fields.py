"""Printed labels and what stands behind them: "DOB: 02/27/1954  Sex: F" as (field, value) pairs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from digitizer.text.columns import HEAD, table_columns
from digitizer.text.dates import find_dates
from digitizer.text.layout import PrintedLine
from digitizer.text.vocabulary import Vocabulary

# A label may be glued to the value before it: "Stone, PaulMRN: 1", "06/17/2021Provider: Ash".
_TOKEN = re.compile(
    r"[^\s:#|]+?(?=(?:[MmNW]RN|D[O0]B)[\s:#])|[^\s:#|]*?\d(?=[A-Za-z]{3,12}:)"
    r"|[^\s:#|]+[#.]?\s?[:#]*|[:#|]+"
)
_MARKS = r"[\s:#.\-|\u2013]*"
_AFTER = re.compile(
    rf"{_MARKS}(?:(?:\([^()\d]{{2,20}}\)|is(?=\s)){_MARKS})?"
)  # "Born (mm/dd/yyyy):"
_SHORT = 9
_PREFIX = re.compile(r"[A-Z]{1,3} \d\d")
"""How a record number begins whose letters stand apart: "GS 14-10"."""
_NAMES = frozenset(
    {
        "name",
        "name.first",
        "name.last",
        "name.middle",
        "name.child",
        "name.role",
        "re",
        "provider",
        "provider.order",
        "facility",
    }
)
_WORDY = frozenset({"person.other", "person.charted", "other"})
_VISITS = frozenset({"date.service", "date.exam", "date.procedure", "date.collected"})
"""Dates that are the patient's even behind somebody else in the line."""
_LETTERS = frozenset({"mrn", "number.other"})
_SPOKEN = _NAMES | _WORDY
_BLANK = " |\t"
_LONGEST_LINE = 80
"""Words of a line that labels are looked for among: no line of a header has more."""
_AND = re.compile(r"\s*(?:[/&,+]|\band\b)\s*", re.IGNORECASE)
_BETWEEN = " |\t/,;-"
_STROKE = re.compile(r"\s+/\s+|\s*\|\s*")
_PEOPLE = frozenset({"name", "name.child", "name.role"})
_TELLING = frozenset({"name", "dob", "mrn", "sex", "date.service", "date.exam", "date.plain"})
"""Fields of which a table must hold one to be read as a table at all."""
_JOINED = frozenset({"name", "dob", "mrn", "mrn_weak", "sex", "age", "number", "date", "other"})
CHARTED = "person.charted"
"""Somebody else who may have a record number of their own, as the patient's mother may."""

JOINED = "+"
"""Between the fields of a label that stands for several values: "Name / DOB / MRN:"."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of `field` at (`start`, `end`) of its line; of several, where it is joined.

    `firm`: a colon or # follows it. `exact`: no letter of it is misread.
    """

    field: str
    start: int
    end: int
    firm: bool
    exact: bool

    @property
    def fields(self) -> list[str]:
        """What it stands for, in the order of the values."""
        return self.field.split(JOINED)


@dataclass(frozen=True, slots=True)
class Field:
    """What a label says: `text` is the rest of its line up to the next label.

    `start` is where `text` begins in `line`. `firm` as in Label; `below`: the value stands in a
    line under the label. `label` is the label as printed.
    """

    field: str
    line: PrintedLine
    start: int
    text: str
    firm: bool = True
    below: bool = False
    label: str = ""

    @property
    def label_start(self) -> int:
        """Where the label begins in `line`; where the value does, if the label stands above."""
        return self.line.text.rfind(self.label, 0, self.start) if self.label else self.start


def find_labels(line: PrintedLine, labels: Vocabulary) -> tuple[Label, ...]:
    """The labels printed in a line, left to right, none overlapping another.

    The longest phrase wins, an exact one before a misread one. A word that may as well be a value
    (a patient called Page) counts as a label only where its surroundings say so.
    """
    tokens = list(islice(_TOKEN.finditer(line.text), _LONGEST_LINE))
    found: list[Label] = []
    at = 0
    while at < len(tokens):
        size, field = _longest(line, tokens[at:], labels)
        if field:
            field = "other" if field.startswith(HEAD) else field
            label = _label(line.text, tokens[at : at + size], field, labels)
            found.append(label)
        at += size
        while field and at < len(tokens) and tokens[at].start() < label.end:
            at += 1  # in brackets behind the label: "(Last, First)"
    counted: list[Label] = []
    for label in reversed(found):
        if _counts(label, line, counted[-1] if counted else None):
            counted.append(label)
    return tuple(_without_prefixes(reversed(counted)))


def _without_prefixes(labels: Iterable[Label]) -> Iterator[Label]:
    """Labels but those that begin another's value: the letters of "MRN: MR - 437"."""
    before: Label | None = None
    for label in labels:
        begins = before is not None and before.end == label.start and before.field == label.field
        if not (before and begins and before.firm and not label.firm):
            yield label
            before = label


def _longest(
    line: PrintedLine, tokens: list[re.Match[str]], labels: Vocabulary
) -> tuple[int, str | None]:
    """How many of the first tokens make a label, and of what; (1, None) where they make none.

    Best is a phrase that a colon ends, then one without misreadings, then the longest; of those
    that say the same, the longest.
    """
    best: tuple[tuple[bool, bool, int], str] | None = None
    for size, phrase in _phrases(line, tokens, labels.words + 1):
        numbered = "#" in tokens[size - 1].group() and labels.exact(f"{phrase} no")
        exact = numbered or _kind(phrase, labels)
        words = phrase[-1:].isalpha() and phrase[1:2].isalnum()
        field = exact or (labels.find(phrase) if words else None)
        if field and not exact and _is_named(phrase, labels):
            continue
        rank = (tokens[size - 1].group().rstrip().endswith((":", "#")), exact is not None, size)
        if field and (best is None or rank > best[0] or field == best[1]):
            best = rank, field
    return (best[0][2], best[1]) if best else (1, None)


def _joined(phrase: str, labels: Vocabulary) -> str | None:
    """The fields of several labels in one: "Name/DOB", "MRN & Acct #"."""
    if not _AND.search(phrase):
        return None
    parts = [part.strip(" #.") for part in _AND.split(phrase)]
    kinds = [labels.exact(part) if len(part) > 1 else None for part in parts]
    told = [kind for kind in kinds if kind and kind.partition(".")[0] in _JOINED]
    if len(told) < len(kinds) or len(kinds) < 2:
        return None
    return "name" if _PEOPLE.issuperset(told) else JOINED.join(told)


def _is_named(phrase: str, labels: Vocabulary) -> bool:
    """Whether a short phrase is a given name before a label, and no label misread: "Pat MRN"."""
    name, _, rest = phrase.partition(" ")
    return len(phrase) < _SHORT and name.istitle() and labels.exact(rest) is not None


def _phrases(
    line: PrintedLine, tokens: list[re.Match[str]], most: int
) -> Iterator[tuple[int, str]]:
    """The first one, two … tokens as phrases that a column or colon does not cut."""
    start = tokens[0].start()
    limit = line.cell_end(start)
    for size, token in enumerate(tokens[:most], start=1):
        if size > 1 and token.start() >= limit:
            return
        phrase = line.text[start : token.end()].rstrip(" :#.")
        yield size, phrase or line.text[start : token.end()]
        if token.group().rstrip().endswith((":", "#")):
            return


def _label(text: str, tokens: list[re.Match[str]], field: str, labels: Vocabulary) -> Label:
    start, end = tokens[0].start(), tokens[-1].end()
    after = _AFTER.match(text, end)
    stop = after.end() if after else end
    firm = any(c in text[start:stop] for c in ":#")
    exact = labels.exact(text[start:end].rstrip(" :#.") or text[start:end]) is not None
    return Label(field, start, stop, firm, exact)


def _is_name(label: Label, printed: str) -> bool:
    """Whether a label is an initial, or a surname before its comma: "Page, John"."""
    letter = len(printed.rstrip(" :#.")) == 1 and "#" not in printed
    surname = printed.endswith(",") and not label.firm and label.field in _SPOKEN
    return surname or (letter and label.field in _LETTERS)


def _with_next(labels: Iterable[Label]) -> Iterator[tuple[Label, Label | None]]:
    for label, after in pairwise((*labels, None)):
        if label:
            yield label, after


def _counts(label: Label, line: PrintedLine, after: Label | None) -> bool:
    """Whether a label's surroundings say that it is one."""
    rest = line.text[label.end : after.start if after else len(line.text)]
    starts_cell = any(start == label.start for start, _ in line.cells)
    if _is_name(label, line.text[label.start : label.end].rstrip()):
        return False
    if label.firm:
        return True
    if label.field in _WORDY:
        return starts_cell
    if label.field in _NAMES:
        return _names(label, line.text[: label.start].rstrip(), rest, starts_cell=starts_cell)
    if not rest.strip():
        letters = line.text[label.start : label.end].strip(" :#.")
        return len(letters) > 1 and (label.exact or starts_cell)
    if label.field == "sex":
        return bool(re.match(r"(?i)(m|f|male|female)\b", rest))
    if label.field == "dob" or label.field.startswith("date."):
        dates = find_dates(rest)
        return bool(dates) and not rest[: dates[0].span.start].strip()
    if label.field == "mrn" and label.exact and _PREFIX.match(rest):
        return True
    return any(c.isdigit() for c in rest.split()[0])


def _names(label: Label, before: str, rest: str, *, starts_cell: bool) -> bool:
    """Whether a label of people or places without a colon is one, and no part of a name."""
    if label.field == "name.child" and rest.strip():  # "Baby Boy Ash"
        return False
    doctor = label.field.startswith("provider") and not before.endswith((",", "."))
    behind_value = label.exact and before[-1:].isdigit()
    return label.field != "facility" and (starts_cell or doctor or behind_value)


Measure = Callable[[str, str], int | None]
"""(field, text) → how many characters at the start of `text` are its value; `None`: no value."""


def find_fields(
    lines: Iterable[PrintedLine], labels: Vocabulary, measure: Measure
) -> tuple[Field, ...]:
    """Every label in `lines` with its value, which stands behind it or in a line below.

    Labels in a row without values wait for the next line without labels, which holds their values
    in the same order, as `measure` finds them; they stop waiting at a line that does not fit. Then
    the line above them may hold the values: a form with captions. A
    line with a label of somebody else ("Mother:", "cc:") says nothing of the patient from there on.
    """
    found: list[Field] = []
    waiting: tuple[str, ...] = ()
    last = 0
    captions = _Captions(measure)
    lines = tuple(lines)
    rows = dict(_table_rows(lines, labels, measure))
    for line in lines:
        if line.index in rows:
            found += rows[line.index]
            waiting = ()
            continue
        marks = find_labels(line, labels)
        if waiting and not (marks and _TELLING.isdisjoint(waiting)) and not _led(marks, line):
            for expected in (waiting, waiting[-last:]):  # a title may have read like labels
                below = tuple(_values_below(line, expected, measure))
                if below:
                    break
            found += below or captions.values()
            waiting = expected[len(below) :] if below else ()
            captions.pass_by(None if below else line)
            continue
        here = tuple(_fields_of(line, marks, measure))
        found += here
        only_labels = (
            marks and _leads(marks[0], line) and not any(f.text.strip(_BLANK) for f in here)
        )
        if not only_labels:
            found += captions.values()
        waiting = (*waiting, *(f.field for f in here)) if only_labels else ()
        last = len(here)
        if only_labels and captions.row(marks, found, alone=len(waiting) == last):
            waiting = ()
        elif not only_labels:
            captions.pass_by(None if marks else line)
    return (*found, *captions.values())


def _table_rows(
    lines: Sequence[PrintedLine], labels: Vocabulary, measure: Measure
) -> Iterator[tuple[int, tuple[Field, ...]]]:
    """The lines of tables with unknown columns, each with the values that it holds."""
    for head, row in pairwise(lines):
        columns = table_columns(head, row, labels, lambda phrase: _kind(phrase, labels))
        values = tuple(_columns(row, columns, measure))
        if any(value.field in _TELLING for value in values):
            yield head.index, ()
            yield row.index, values


def _columns(
    row: PrintedLine, columns: Iterable[tuple[str, int, int]], measure: Measure
) -> Iterator[Field]:
    for joined, start, end in columns:
        fields, text = joined.split(JOINED), row.text[start:end]
        for field, (first, last) in zip(fields, _parts(fields, text, measure), strict=False):
            if length := measure(field, text[first:last]):
                value = text[first : first + length]
                yield Field(field, row, start + first, value, below=True)


def _kind(phrase: str, labels: Vocabulary) -> str | None:
    return _joined(phrase, labels) or labels.exact(phrase)


def _led(marks: Iterable[Label], line: PrintedLine) -> bool:
    return any(_leads(mark, line) for mark in marks)


def _leads(label: Label, line: PrintedLine) -> bool:
    return not line.text[: label.start].strip(_BLANK)


class _Captions:
    """Rows of labels that stand under their values, as on a form to be filled in by hand.

    Once a row is found to be one, so are all that follow.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._above: PrintedLine | None = None
        self._marks: tuple[Label, ...] = ()
        self._sure = False

    def pass_by(self, line: PrintedLine | None) -> None:
        """Remember a line without labels: the next row of labels may belong to it."""
        if line is None or any(map(str.isalnum, line.text)):
            self._above = line
        self._marks = ()

    def row(self, marks: tuple[Label, ...], found: list[Field], *, alone: bool) -> bool:
        """Take up a row of labels; `alone`: no other waits before it. Whether it is settled."""
        self._marks = marks if alone else ()
        values = self.values() if self._sure else ()
        found += values
        return bool(values)

    def values(self) -> tuple[Field, ...]:
        """What stands above the row of labels, if it is all of that line and nothing but that."""
        above, marks, self._marks = self._above, self._marks, ()
        several = len(marks) > 1
        fields = tuple(field for mark in marks for field in mark.fields)
        if not above or not {"name", "dob", "mrn"} & set(fields):
            return ()
        if not several and marks[0].firm:
            return ()
        values = tuple(_values_below(above, fields, self._measure))
        rest = above.text[values[-1].start + len(values[-1].text) :] if values else above.text
        if len(values) < len(fields) or rest.strip(_BLANK):
            return ()
        self._sure, self._above = True, None
        return values


def _values_below(line: PrintedLine, waiting: tuple[str, ...], measure: Measure) -> Iterator[Field]:
    at = 0
    for field in waiting:
        at += len(line.text[at:]) - len(line.text[at:].lstrip(" |\t"))
        length = measure(field, line.text[at : line.cell_end(at)])
        if not length:
            return
        yield Field(field, line, at, line.text[at : at + length], below=True)
        at += length


def keeps_in_others_line(said: Label | Field, others: str) -> bool:
    """Whether a label is the patient's though it stands behind somebody else's name."""
    own = _VISITS | {"mrn"} if others != CHARTED else _VISITS
    return said.field in own and said.firm


def _fields_of(line: PrintedLine, marks: tuple[Label, ...], measure: Measure) -> Iterator[Field]:
    others = ""
    for mark, after in _with_next(marks):
        if others and not keeps_in_others_line(mark, others):
            continue
        if mark.field in ("person.other", CHARTED):
            yield Field(mark.field, line, mark.start, line.text[mark.end :], mark.firm)
            others = mark.field
        end = after.start if after else len(line.text)
        printed = line.text[mark.start : mark.end].strip(" :#.")
        parts = _parts(mark.fields, line.text[mark.end : end], measure)
        for field, (first, last) in zip(mark.fields, parts, strict=False):
            start, text = mark.end + first, line.text[mark.end + first : mark.end + last]
            yield Field(field, line, start, text, mark.firm, label=printed)


def _parts(fields: list[str], text: str, measure: Measure) -> Iterator[tuple[int, int]]:
    """Where the values behind one label stand, as far as they can be told apart."""
    between = [match.span() for match in _STROKE.finditer(text)]
    between = between or [match.span() for match in re.finditer("/", text)]
    if len(between) == len(fields) - 1:
        edges = [0, *(at for span in between for at in span), len(text)]
        yield from zip(edges[::2], edges[1::2], strict=True)
        return
    at = 0
    for field in fields[:-1]:
        at += len(text[at:]) - len(text[at:].lstrip(_BETWEEN))
        length = measure(field, text[at:]) if text[at:] else 0
        if length is None:
            break
        yield at, at + length
        at += length
    yield at + len(text[at:]) - len(text[at:].lstrip(_BETWEEN)) if at else 0, len(text)
