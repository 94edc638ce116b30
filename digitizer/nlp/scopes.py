"""How far a cue reaches: to a stop, a barrier, the end of its line, box or list."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.nlp.cues import TIMES, Cue, Kind
from digitizer.nlp.findings import Finding, Found, Others
from digitizer.nlp.priors import to_tick
from digitizer.nlp.reading import Reading

_LISTING = frozenset({",", "and", "or", "/", "&", "nor"})
_TESTS = frozenset(
    {"ab", "ag", "antibody", "antigen", "pcr", "swab", "swabs", "screen", "test", "tests"}
    | {"titer", "serology", "culture", "cultures"}
)
_BARRIER = frozenset({";", "•"})
_CLOSING = frozenset({"or", "nor"})


def reaches(
    reading: Reading, found: Found, finding: Finding, stops: Sequence[Found], others: Others
) -> bool:
    """Whether the scope of a cue holds the finding."""
    cue = found.cue
    distance = found.distance(finding)
    taken = others.taken
    if cue.kind in (Kind.STOP, Kind.RESTART) or not found.beside(finding):
        return False
    if (
        cue.reach is not None
        and distance > cue.reach
        and not _listed(reading, found, finding, taken)
    ):
        return False
    low, high = (
        (finding.first - distance, finding.first)
        if cue.forward
        else (finding.last, finding.last + distance)
    )
    between = [stop for stop in stops if low <= stop.first < high]
    if any(_ends(stop, cue) and _restarts(reading, stop, low, finding) for stop in between):
        return False
    if _barred(reading, low, high) or _positive(reading, found, finding):
        return False
    if cue.scope in ("line", "box") and reading.lines[low - 1] != reading.lines[high]:
        return False
    if cue.scope == "box" and not _first_of_box(reading, found, finding, others):
        return False
    done_since = cue.kind is Kind.HISTORICAL  # "cancer, s/p nephrectomy, no recurrence"
    return cue.forward or _looks_back(reading, low, high, others.sick if done_since else taken)


def _ends(stop: Found, cue: Cue) -> bool:
    """Whether the scope of a cue ends at a stop.

    A relative stays the subject through verbs of its own ("both parents are treated for"); and
    what is denied afterwards is denied across a "but" ("was considered but ruled out").
    """
    if stop.cue.kind is Kind.RESTART:
        return cue.kind is Kind.NEGATED and cue.forward
    if cue.kind is Kind.FAMILY:
        return stop.cue.turns
    if stop.cue.scope == "time":
        return cue.kind in TIMES
    contrast = len(stop.cue.words.split()) == 1 and stop.cue.turns
    return not (contrast and cue.kind is Kind.NEGATED and not cue.forward)


def _restarts(reading: Reading, stop: Found, low: int, finding: Finding) -> bool:
    """Whether what is there is told anew at a restart ("no clubbing or cyanosis, trace edema").

    Not where the list of what is denied goes on behind it ("no chills, mild fever or cough").
    """
    if stop.cue.kind is not Kind.RESTART:
        return True
    closed = not _CLOSING.isdisjoint(reading.words[low : stop.first])
    rest = reading.words[finding.last : reading.sentence(finding.first)[1]]
    return (closed or not stop.cue.behind_list) and _CLOSING.isdisjoint(rest)


def _first_of_box(reading: Reading, found: Found, finding: Finding, others: Others) -> bool:
    """Whether a box is this problem's: the first behind it, or in one list with the first.

    A denial by a box reaches further, unless somebody is to tick: there nothing is said of a
    problem whose own box was not seen.
    """
    if found.cue.kind is Kind.NEGATED and not to_tick(reading, finding):
        return True
    return not any(
        found.last <= p.first
        and p.last <= finding.first
        and not any(_listing(word) for word in reading.words[p.last : finding.first])
        for p in others.problems
    )


def _barred(reading: Reading, low: int, high: int) -> bool:
    return not _BARRIER.isdisjoint(reading.words[low:high])


def _positive(reading: Reading, found: Found, finding: Finding) -> bool:
    """Whether what a denial looks back over was found: "influenza A positive, B negative"."""
    denies = found.cue.kind is Kind.NEGATED and not found.cue.forward
    return denies and "positive" in reading.words[finding.first : found.first]


def _listed(reading: Reading, found: Found, finding: Finding, taken: Sequence[int]) -> bool:
    """Whether only listed findings stand between a backward cue and this one."""
    if found.cue.forward:
        return False
    between = range(finding.last, found.first)
    return all(i in taken or _listing(reading.words[i]) for i in between)


def _listing(word: str) -> bool:
    """Whether a word may stand between listed findings: "influenza and COVID-19 PCR negative"."""
    return word in _LISTING or word in _TESTS


def _looks_back(reading: Reading, low: int, high: int, taken: Sequence[int]) -> bool:
    """A backward cue speaks of the finding before it, and of others only in one list with it."""
    if not any(low <= i < high for i in taken):
        return True
    last = max(i for i in taken if i < high)
    return all(i in taken or _listing(reading.words[i]) for i in range(low, last + 1))
