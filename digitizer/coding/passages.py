"""Where a note names its diagnoses: under "Dx:", "Impression:", "A/P:". Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_DIAGNOSES = re.compile(
    r"(?:^|(?<=[.;\n])[ \t]*)(?:pre/post-?op|final|principal|primary|secondary|discharge|admi\w+"
    r"|clinical|pre-?op\w*|post-?op\w*|working|other|active)?[ \t]*"
    r"(?:dx|diagnos[ei]s|impression|imp|assessment|a/p|a&p|assessment (?:and|&) plan|problems?"
    r"|problem list|principal|secondary)(?:\s+as per[^.:\n]*)?[ \t]*[:=\-]",
    re.IGNORECASE | re.MULTILINE,
)
_OVER = re.compile(
    r"\n\s*\n|(?:^|(?<=[.;\n])[ \t]*)(?:plan|p|rx|(?:discharge |home )?(?:meds?|medications)"
    r"|hospital (?:course|details)|exam|labs?|imaging|procedures?|allerg\w+|social|history|hx"
    r"|mother|father|family|disposition|dispo|course|rec\w*|follow-?up|instructions|hpi|indications?"
    r"|findings|consent|technique|description)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


@lru_cache(maxsize=8)
def passages(content: str) -> tuple[tuple[int, int], ...]:
    """The stretches of the text that list diagnoses, from their heading to what comes next."""
    found = []
    for match in _DIAGNOSES.finditer(content):
        over = _OVER.search(content, match.end() + 1)
        found.append((match.start(), over.start() if over else len(content)))
    return tuple(found)


def listed(content: str, at: int) -> bool:
    """Whether character `at` stands in a stretch that lists diagnoses."""
    return any(start <= at < end for start, end in passages(content))
