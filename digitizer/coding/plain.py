"""The billable code that stands for a code when nothing more is said. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from digitizer.coding.tabular import Entry
from digitizer.coding.words import stems

_UNMARKED = frozenset(stems("uncomplicated site part side eye ear limb organism type episode"))
_NOT_SAID = re.compile(r"\b(without|not|unspecified whether|unspecified as to)\b[^,]*")
_SEVENTHS = "A09X"
"""Initial encounter (of a closed fracture); stage or fetus not specified; eye not specified."""


def plain_codes(entries: Iterable[Entry]) -> dict[str, str]:
    """For each code the billable code to use where the chart says no more; "" where none is right.

    That is the child whose title adds nothing but "unspecified" or what is absent, and so on down:
    J45 → J45.9 → J45.90 → J45.909, E11 → E11.9, S52.5 → S52.50 → S52.509 → S52.509A.
    """
    children: dict[str, list[Entry]] = defaultdict(list)
    codes = list(entries)
    for entry in codes:
        children[entry.parent].append(entry)
    return {entry.code: _plain(entry, children) for entry in codes}


def _plain(entry: Entry, children: Mapping[str, Sequence[Entry]]) -> str:
    while below := children.get(entry.code):
        if below[0].completes:
            return min(below, key=_seventh_rank).code
        title = entry.title
        entry = min(below, key=lambda child: (*_added(title, child.title), child.code))
        if _added(title, entry.title)[0]:
            return ""
    return entry.code


def _seventh_rank(entry: Entry) -> tuple[int, str]:
    seventh = entry.code[-1]
    return (_SEVENTHS.index(seventh) if seventh in _SEVENTHS else len(_SEVENTHS), seventh)


def _added(parent: str, child: str) -> tuple[int, bool]:
    """How much of its own the child's title says, and whether it lacks "unspecified"."""
    child = child.lower()
    own = set(stems(_NOT_SAID.sub("", child))) - set(stems(parent)) - _UNMARKED
    unspecified = "unspecified" in child
    return len(own) + (child.startswith("other") and not unspecified), not unspecified
