"""What a chart would have to say for a closer code: the side, the type, the stage. Pure.

A code that leaves something open has closer ones in its category. What their titles say and its own
does not is what is missing.
"""

from __future__ import annotations

import re

from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.coding.refine import closer

AXES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in (
        ("side", "right|left|bilateral"),
        ("site", r"\w+-\w+ quadrant|upper lobe|lower lobe"),
        ("type", "paroxysmal|persistent|permanent|intermittent|type [12]|primary|secondary"),
        ("stage", r"stage \d\w?|(?:mild|moderate|severe) stage"),
        ("trimester", "first trimester|second trimester|third trimester"),
        ("severity", "mild|moderate|severe"),
        ("acuity", "acute|chronic|subacute"),
        ("systolic or diastolic", "systolic|diastolic"),
        ("whether controlled", "intractable|controlled|in remission"),
        ("episode", "single episode|recurrent"),
        ("displacement", "displaced|nondisplaced"),
        ("organism", r"due to (?!other)\w+(?:us|ae|coli|monas|ella|bacter)\b"),
    )
)
"""What may be missing, and the words of titles that say it."""

_OPEN = re.compile(r"\bunspecified\b|\bnot specified\b", re.IGNORECASE)


def missing(code: Code, knowledge: CodeKnowledge) -> tuple[str, ...]:
    """What the chart does not say of a code that leaves it open, () where nothing is left open."""
    if not _OPEN.search(code.title):
        return ()
    base = knowledge.parent(code.code) if "encounter" in code.title else code
    titles = [near.title for near in closer(knowledge, base or code)]
    lacks = [
        name
        for name, words in AXES
        if not words.search(code.title) and any(words.search(title) for title in titles)
    ]
    return tuple(name for name in lacks if name != "severity" or "stage" not in lacks)
