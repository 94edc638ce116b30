"""Whose a label's name is that may be the patient's or somebody else's: "Infant:", "Recipient:".

An infant, a donor or a resident is the patient where no other label names one; otherwise what
stands behind such a label is somebody else's, as behind "Mother:".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from digitizer.text.fields import CHARTED, Field, keeps_in_others_line
from digitizer.text.layout import PrintedLine

CHILD, ROLE = "name.child", "name.role"
"""Fields of such labels: a child goes before a donor, recipient, partner or resident."""

_IDENTITY = frozenset({"dob", "mrn", "sex", "age"})
_NAMED = frozenset({"name", "name.last"})
_BLANK = " |\t"


def settle_people(fields: Sequence[Field], lines: Sequence[PrintedLine]) -> tuple[Field, ...]:
    """`fields`, each of a child or role as the patient's or as somebody else's.

    Of two of a kind, the title in the `lines` above them says which is meant.
    """
    named = any(f.field in _NAMED and f.text.strip(_BLANK)[:1].isalpha() for f in fields)
    maybe = [] if named else [f for f in fields if f.field in (CHILD, ROLE) and _is_told(f, fields)]
    first = min((f.line.index for f in maybe), default=0)
    title = "\n".join(line.text for line in lines if line.index < first)
    return tuple(_settled(fields, _meant(maybe, title.casefold())))


def _is_told(person: Field, fields: Sequence[Field]) -> bool:
    """Whether a birth date, number or sex follows the name, and no doctor goes before it."""
    own = [f for f in fields if f.line.index == person.line.index]
    if any(f.field.startswith("provider") and f.start < person.start for f in own):
        return False
    below = next((f for f in fields if f.line.index == person.line.index + 1), None)
    follows = [f for f in own if f.start > person.start] + ([below] if below else [])
    return any(f.field in _IDENTITY for f in follows)


def _meant(people: Sequence[Field], title: str) -> Field | None:
    """The one who is the patient: a child, the only one, or the one whom the title names."""
    best = [f for f in people if f.field == CHILD] or people
    titled = [f for f in best if f.label.split()[0].casefold() in title]
    return best[0] if len(best) == 1 else titled[0] if len(titled) == 1 else None


def _settled(fields: Sequence[Field], patient: Field | None) -> Iterator[Field]:
    others: set[int] = set()
    for field in fields:
        line = field.line.index
        if field is patient:
            yield replace(field, field="name")
        elif field.field in (CHILD, ROLE):
            others.add(line)
            yield replace(field, field=CHARTED)
        elif line not in others or keeps_in_others_line(field, CHARTED):
            yield field
