"""What puts a finding into the past where no cue does: a year, an age, a list of past events."""

from __future__ import annotations

import itertools
import re
from calendar import month_abbr, month_name
from collections.abc import Collection, Mapping, Sequence

from digitizer.chart.clinical import Assertion, Label
from digitizer.nlp.findings import AROUND, Finding
from digitizer.nlp.reading import Reading

_PAST_LISTS = frozenset({"past_medical_history"})
_NOW = frozenset(
    {"today", "now", "current", "currently", "ongoing", "active", "here", "admitted", "brought"}
    | {"presents", "presented", "presenting", "found", "noted", "arrives", "developed", "acutely"}
)
"""Words of a story told of the present, though no heading has ended the past history."""
_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d")
YEAR_NEAR = 4
"""Words after a finding among which the year of an event stands ("in 2009", "(2012)")."""

DATED_NEAR = 9
"""Words after a finding among which the time it happened at stands."""

# What is done with a disease of the past, before the year it was done in.
_DONE = re.compile(
    r"excised|removed|resected|repaired|treated|cured|healed|fixed|pinned|clipped|stented|drained"
    r"|cauterized|recovered|resolved|ablated|eradicated"
)
_HAD = frozenset({"had", "suffered", "sustained"})
_AT_AGE = re.compile(r"\d{1,2}")
_MONTHS = frozenset(month.lower() for month in (*month_name[1:], *month_abbr[1:], "sept"))
_GOES_ON = frozenset({"since", "diagnosed", "dx", "dx'd", "on", "started", "until", "from"})


class Past:
    """Tells findings that are over.

    `roles`: "event" (words of problems that end) and "lasting" (those that a year does not end).
    """

    def __init__(self, roles: Mapping[str, frozenset[str]]) -> None:
        self._events = roles.get("event", frozenset())
        self._lasting = roles.get("lasting", frozenset())

    def listed(self, reading: Reading, finding: Finding, said: Assertion) -> bool:
        """Whether a finding that ends by itself is listed as past history, with no cue at all."""
        if said.cue is not None or finding.label is not Label.PROBLEM:
            return False
        if reading.section(finding.first) not in _PAST_LISTS:
            return False
        told = reading.words[slice(*reading.sentence(finding.first))]
        return _NOW.isdisjoint(told) and self._ends_by_itself(finding.words(reading))

    def _ends_by_itself(self, words: Collection[str]) -> bool:
        return not self._events.isdisjoint(words) and self._lasting.isdisjoint(words)

    def dated(self, reading: Reading, finding: Finding) -> bool:
        """Whether a finding is told of a time gone by: "had zoster in 2022", "stroke (2014)"."""
        low, high = reading.sentence(finding.first)
        before = reading.words[max(low, finding.first - AROUND) : finding.first]
        after = reading.words[finding.last : min(high, finding.last + DATED_NEAR)]
        was = after[:1] == ("was",) and after[1:2] in (("on",), ("in",), ("at",))  # "was in 2015"
        goes_on = _GOES_ON - {"on"} if was else _GOES_ON
        if not goes_on.isdisjoint(after) or "has" in before or "have" in before:
            return False
        had = was or not _HAD.isdisjoint(before)
        ends = self._ends_by_itself(finding.words(reading))
        year = next((i for i, word in enumerate(after) if _YEAR.fullmatch(word)), None)
        if year is None:
            return (had and _told_of_the_past(after)) or (ends and after[:2] == ("at", "age"))
        treated = "treated" in before and after[max(0, year - 1)] in ("in", "(")
        done = any(_DONE.fullmatch(word) for word in after[:year])
        return had or treated or done or ends

    def ended(self, reading: Reading, finding: Finding) -> bool:
        """Whether a finding with a history is over: an event, or one dated by a year."""
        if not self._events.isdisjoint(finding.words(reading)):
            return True
        after = reading.words[finding.last : finding.last + YEAR_NEAR]
        if "," in after:  # another's year: "h/o gout, breast cancer 2009"
            comma = after.index(",")
            after = after if comma == 0 and _dates(after[1:2]) else after[:comma]
        return "since" not in after and (
            any(_YEAR.fullmatch(word) for word in after) or _told_of_the_past(after)
        )


def _dates(words: Sequence[str]) -> bool:
    return any(word == "in" or _YEAR.fullmatch(word) for word in words)


def _told_of_the_past(after: Sequence[str]) -> bool:
    """Whether "in January", "at 20" or "at age 20" stands among the words after a finding."""
    pairs = list(itertools.pairwise(after))
    months = any(first == "in" and second in _MONTHS for first, second in pairs)
    return months or any(
        first == "at" and (second == "age" or _AT_AGE.fullmatch(second)) for first, second in pairs
    )
