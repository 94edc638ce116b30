"""What the text asserts of a finding: cues, their scopes, and what a section says by itself.

A ConText-like method (Harkema et al., 2009): cues open scopes, stops end them, the nearest cue of
each dimension (presence, whose, when) decides. When in doubt the safer reading wins: at the same
distance a negation goes before an affirmation.
"""

from __future__ import annotations

import itertools
import re
from calendar import month_abbr, month_name
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.vocab import Vocab

from digitizer.chart.clinical import Assertion, Experiencer, Label, Presence, Time
from digitizer.chart.text import TextSpan
from digitizer.nlp.cues import Cue, Kind
from digitizer.nlp.directions import Tails, speaking
from digitizer.nlp.reading import Reading
from digitizer.nlp.terms import Terms

_PRESENCE = {
    Kind.NEGATED: Presence.NEGATED,
    Kind.POSSIBLE: Presence.POSSIBLE,
    Kind.HYPOTHETICAL: Presence.HYPOTHETICAL,
    Kind.NEEDED: Presence.HYPOTHETICAL,
    Kind.VACCINE: Presence.HYPOTHETICAL,
    Kind.CONDITIONAL: Presence.CONDITIONAL,
    Kind.AFFIRMED: Presence.AFFIRMED,
}
_TIME = {
    Kind.HISTORICAL: Time.HISTORICAL,
    Kind.HISTORY: Time.HISTORICAL,
    Kind.PLANNED: Time.PLANNED,
    Kind.DISCONTINUED: Time.DISCONTINUED,
}
_DIMENSION = {kind: "presence" for kind in _PRESENCE} | {kind: "time" for kind in _TIME}
_DIMENSION[Kind.FAMILY] = "experiencer"
_SAFER = list(Kind)  # at the same distance the kind that is named first in Kind decides

# Which kinds can be said of what. A problem is neither planned nor discontinued, a medicine "as
# needed" is still taken; values are as measured.
_SAID_OF: dict[Label | None, frozenset[Kind]] = {
    Label.PROBLEM: frozenset(Kind) - {Kind.PLANNED, Kind.DISCONTINUED},
    Label.MEDICATION: frozenset({Kind.NEGATED, Kind.PLANNED, Kind.DISCONTINUED, Kind.AFFIRMED}),
    Label.PROCEDURE: frozenset(
        {Kind.NEGATED, Kind.PLANNED, Kind.HISTORICAL, Kind.HISTORY, Kind.HYPOTHETICAL}
    ),
    Label.ALLERGY: frozenset({Kind.NEGATED, Kind.FAMILY, Kind.AFFIRMED}),
}

# What a section says of the findings of a label that no cue speaks of.
_SECTIONS: dict[tuple[str, Label], Assertion] = {
    ("family_history", Label.PROBLEM): Assertion(experiencer=Experiencer.FAMILY),
    ("risks", Label.PROBLEM): Assertion(presence=Presence.HYPOTHETICAL),
    ("return_precautions", Label.PROBLEM): Assertion(presence=Presence.HYPOTHETICAL),
    ("resolved_problems", Label.PROBLEM): Assertion(time=Time.HISTORICAL),
    ("past_surgical_history", Label.PROCEDURE): Assertion(time=Time.HISTORICAL),
    ("discontinued_medications", Label.MEDICATION): Assertion(time=Time.DISCONTINUED),
}
_PAST_LISTS = frozenset({"past_medical_history"})
_NOW = frozenset(
    {"today", "now", "current", "currently", "ongoing", "active", "here", "admitted", "brought"}
    | {"presents", "presented", "presenting", "found", "noted", "arrives", "developed", "acutely"}
)
"""Words of a story told of the present, though no heading has ended the past history."""
CHECK_LISTS = frozenset({"conditions", "advance_directives", "consents"})
_TO_TICK = re.compile(r"check|tick|mark|circle|apply", re.IGNORECASE)
_BOX = re.compile(r"\[ ?[xXvV]? ?\]|[☐☒☑□■]")
_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d")
YEAR_NEAR = 4
"""Words after a finding among which the year of an event stands ("in 2009", "(2012)")."""

AROUND = 4
"""Words before a finding among which "had" is looked for."""

DATED_NEAR = 9
"""Words after a finding among which the time it happened at stands."""

_LISTING = frozenset({",", "and", "or", "/", "&", "nor"})
_TESTS = frozenset(
    {"ab", "ag", "antibody", "antigen", "pcr", "swab", "swabs", "screen", "test", "tests"}
    | {"titer", "serology", "culture", "cultures"}
)
# What is done with a disease of the past, before the year it was done in.
_DONE = re.compile(
    r"excised|removed|resected|repaired|treated|cured|healed|fixed|pinned|clipped|stented|drained"
    r"|cauterized|recovered|resolved|ablated|eradicated"
)
_HAD = frozenset({"had", "suffered", "sustained"})
_AT_AGE = re.compile(r"\d{1,2}")
_MONTHS = frozenset(month.lower() for month in (*month_name[1:], *month_abbr[1:], "sept"))
_GOES_ON = frozenset({"since", "diagnosed", "dx", "dx'd", "on", "started", "until", "from"})
_BARRIER = frozenset({";", "•"})
_PARTS = frozenset({",", ";", "but", "and", "or", "(", ":"})
_CLOSING = frozenset({"or", "nor"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Tokens `first..last` that something may be asserted of."""

    first: int
    last: int
    label: Label | None = None

    def words(self, reading: Reading) -> tuple[str, ...]:
        """The words that it is named by."""
        return reading.words[self.first : self.last]


@dataclass(frozen=True, slots=True)
class _Found:
    """A cue where it is printed."""

    first: int
    last: int
    cue: Cue

    def distance(self, finding: Finding) -> int:
        """Words between the cue and the finding."""
        if self.cue.forward:
            return finding.first - min(self.last, finding.first)
        return max(self.first, finding.last) - finding.last

    def beside(self, finding: Finding) -> bool:
        """Whether the cue stands on its side of the finding; it may reach into it ("no acute").

        A name may begin with what puts it into the past: "old infarct".
        """
        if self.first == finding.first and self.cue.kind is Kind.HISTORICAL:
            return self.cue.forward and self.last < finding.last
        return self.first < finding.first if self.cue.forward else self.last > finding.last


@dataclass(frozen=True, slots=True)
class _Others:
    """All findings of a page: their tokens, rising; its problems, and the tokens of those."""

    taken: Sequence[int]
    problems: Sequence[Finding]
    sick: Sequence[int]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> _Others:
        problems = [f for f in findings if f.label is Label.PROBLEM]
        return cls(_tokens(findings), problems, _tokens(problems))


def _tokens(findings: Iterable[Finding]) -> list[int]:
    return sorted({i for f in findings for i in range(f.first, f.last)})


class Context:
    """Reads assertions.

    `roles` are those of `problem_words.tsv`: "event" (words of problems that end), "lasting"
    (those of them that a year alone does not end), "symptom" (what a medicine is taken for when
    needed) and "vaccine" (what one is vaccinated against).
    """

    def __init__(
        self, cues: Iterable[Cue], roles: Mapping[str, frozenset[str]], vocab: Vocab
    ) -> None:
        cues = list(cues)
        self._terms = Terms(vocab, ((cue.words, cue) for cue in cues))
        self._tails = Tails(cues)
        self._events = roles.get("event", frozenset())
        self._lasting = roles.get("lasting", frozenset())
        self._lacking = {
            Kind.NEEDED: roles.get("symptom", frozenset()),
            Kind.VACCINE: roles.get("vaccine", frozenset()),
        }
        self.phrases = frozenset(self._terms.phrases)

    def assertions(
        self, reading: Reading, findings: Sequence[Finding], beside: Sequence[Finding] = ()
    ) -> list[Assertion]:
        """What is asserted of each finding, in the order given; `beside` are others on the page."""
        others = _Others.of([*findings, *beside])
        cues = self._cues(reading, frozenset(others.taken))
        return [self._assertion(reading, f, cues, others) for f in findings]

    def _cues(self, reading: Reading, taken: Collection[int]) -> dict[int, list[_Found]]:
        """Cues and stops by sentence, in print order; what only looks like one is left out."""
        by_sentence: dict[int, list[_Found]] = {}
        for start, last, cues in self._terms.longest(reading, _pseudo_bonus):
            first, speak = speaking(reading, start, last, cues, self._tails, taken)
            for cue in speak:
                if cue.kind is not Kind.PSEUDO:
                    found = _Found(first, last, cue)
                    by_sentence.setdefault(reading.sentences[first], []).append(found)
        return by_sentence

    def _assertion(
        self,
        reading: Reading,
        finding: Finding,
        cues: dict[int, list[_Found]],
        others: _Others,
    ) -> Assertion:
        if finding.label in (Label.LAB, Label.VITAL, Label.DATE, Label.ANATOMY):
            return Assertion()
        inside = cues.get(reading.sentences[finding.first], [])
        stops = [c for c in inside if c.cue.kind in (Kind.STOP, Kind.RESTART)]
        reaching = [c for c in inside if _reaches(reading, c, finding, stops, others)]
        said = self._said(reading, finding, reaching)
        if self._past_event(reading, finding, said):
            said = replace(said, time=Time.HISTORICAL, cue=_heading(reading, finding.first))
        return _with_section(reading, finding, said, reaching)

    def _past_event(self, reading: Reading, finding: Finding, said: Assertion) -> bool:
        """Whether a finding that ends by itself is listed as past history, with no cue at all."""
        if said.cue is not None or finding.label is not Label.PROBLEM:
            return False
        if reading.section(finding.first) not in _PAST_LISTS:
            return False
        told = reading.words[slice(*reading.sentence(finding.first))]
        return _NOW.isdisjoint(told) and self._ends_by_itself(finding.words(reading))

    def _ends_by_itself(self, words: Collection[str]) -> bool:
        return not self._events.isdisjoint(words) and self._lasting.isdisjoint(words)

    def _said(self, reading: Reading, finding: Finding, reaching: list[_Found]) -> Assertion:
        """The nearest cue of each dimension, put together."""
        allowed = _SAID_OF.get(finding.label, frozenset(Kind))
        nearest: dict[str, _Found] = {}
        for found in sorted(
            reaching, key=lambda c: (c.distance(finding), _SAFER.index(c.cue.kind))
        ):
            kind = found.cue.kind
            if kind in allowed and self._holds(kind, reading, finding):
                nearest.setdefault(_DIMENSION[kind], found)
        _exclude(reading, nearest, reaching, allowed)
        if (
            "time" not in nearest
            and finding.label is Label.PROBLEM
            and self._dated(reading, finding)
        ):
            return replace(_put_together(reading, nearest), time=Time.HISTORICAL)
        return _put_together(reading, nearest)

    def _dated(self, reading: Reading, finding: Finding) -> bool:
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

    def _holds(self, kind: Kind, reading: Reading, finding: Finding) -> bool:
        """Whether a kind that depends on what the finding is holds of this one."""
        if kind is Kind.HISTORY:
            return self._ended(reading, finding)
        lacking = self._lacking.get(kind)
        return lacking is None or not lacking.isdisjoint(finding.words(reading))

    def _ended(self, reading: Reading, finding: Finding) -> bool:
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


def _exclude(
    reading: Reading,
    nearest: dict[str, _Found],
    reaching: Iterable[_Found],
    allowed: frozenset[Kind],
) -> None:
    """A denial that a nearer cue does not undo: considered, then excluded; none positive for."""
    found = nearest.get("presence")
    if found is None or Kind.NEGATED not in allowed:
        return
    denials = [c for c in reaching if c.cue.kind is Kind.NEGATED and _undoes(reading, c, found)]
    if denials:
        nearest["presence"] = denials[0]


def _undoes(reading: Reading, denial: _Found, found: _Found) -> bool:
    """Whether a denial holds though `found` stands nearer: behind a doubt, or ahead of a "for"."""
    if found.cue.kind is Kind.POSSIBLE:
        return not denial.cue.forward
    affirms = found.cue.kind is Kind.AFFIRMED and found.cue.words.endswith(" for")
    return affirms and denial.cue.forward and _governs(reading, denial, found)


def _governs(reading: Reading, denial: _Found, found: _Found) -> bool:
    """Whether a denial speaks of an affirmation itself: "none of the nodes are positive for"."""
    between = reading.words[denial.last : found.first]
    return len(between) <= AROUND and _PARTS.isdisjoint(between)


def _told_of_the_past(after: Sequence[str]) -> bool:
    """Whether "in January", "at 20" or "at age 20" stands among the words after a finding."""
    pairs = list(itertools.pairwise(after))
    months = any(first == "in" and second in _MONTHS for first, second in pairs)
    return months or any(
        first == "at" and (second == "age" or _AT_AGE.fullmatch(second)) for first, second in pairs
    )


def _pseudo_bonus(cues: list[Cue]) -> float:
    """What only looks like a cue goes before cues that overlap it and are a word longer."""
    return 1.5 if any(cue.kind is Kind.PSEUDO for cue in cues) else 0


def _reaches(
    reading: Reading, found: _Found, finding: Finding, stops: Sequence[_Found], others: _Others
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


def _ends(stop: _Found, cue: Cue) -> bool:
    """Whether the scope of a cue ends at a stop.

    A relative stays the subject through verbs of its own ("both parents are treated for"); and
    what is denied afterwards is denied across a "but" ("was considered but ruled out").
    """
    if stop.cue.kind is Kind.RESTART:
        return cue.kind is Kind.NEGATED and cue.forward
    if cue.kind is Kind.FAMILY:
        return stop.cue.turns
    if stop.cue.scope == "time":
        return cue.kind in _TIME
    contrast = len(stop.cue.words.split()) == 1 and stop.cue.turns
    return not (contrast and cue.kind is Kind.NEGATED and not cue.forward)


def _restarts(reading: Reading, stop: _Found, low: int, finding: Finding) -> bool:
    """Whether what is there is told anew at a restart ("no clubbing or cyanosis, trace edema").

    Not where the list of what is denied goes on behind it ("no chills, mild fever or cough").
    """
    if stop.cue.kind is not Kind.RESTART:
        return True
    closed = not _CLOSING.isdisjoint(reading.words[low : stop.first])
    rest = reading.words[finding.last : reading.sentence(finding.first)[1]]
    return (closed or not stop.cue.behind_list) and _CLOSING.isdisjoint(rest)


def _first_of_box(reading: Reading, found: _Found, finding: Finding, others: _Others) -> bool:
    """Whether a box is this problem's: the first behind it, or in one list with the first.

    A denial by a box reaches further, unless somebody is to tick: there nothing is said of a
    problem whose own box was not seen.
    """
    if found.cue.kind is Kind.NEGATED and not _to_tick(reading, finding):
        return True
    return not any(
        found.last <= p.first
        and p.last <= finding.first
        and not any(_listing(word) for word in reading.words[p.last : finding.first])
        for p in others.problems
    )


def _barred(reading: Reading, low: int, high: int) -> bool:
    return not _BARRIER.isdisjoint(reading.words[low:high])


def _positive(reading: Reading, found: _Found, finding: Finding) -> bool:
    """Whether what a denial looks back over was found: "influenza A positive, B negative"."""
    denies = found.cue.kind is Kind.NEGATED and not found.cue.forward
    return denies and "positive" in reading.words[finding.first : found.first]


def _listed(reading: Reading, found: _Found, finding: Finding, taken: Sequence[int]) -> bool:
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


def _put_together(reading: Reading, nearest: dict[str, _Found]) -> Assertion:
    said = Assertion()
    if found := nearest.get("presence"):
        said = replace(said, presence=_PRESENCE[found.cue.kind])
    if found := nearest.get("time"):
        said = replace(said, time=_TIME[found.cue.kind])
    if "experiencer" in nearest:
        said = replace(said, experiencer=Experiencer.FAMILY)
    decisive = _decisive(said)
    found = nearest.get(decisive) or nearest.get("presence")
    return replace(said, cue=reading.span(found.first, found.last)) if found else said


def _decisive(said: Assertion) -> str:
    """The dimension that `Assertion.word` names."""
    if said.experiencer is Experiencer.FAMILY:
        return "experiencer"
    if said.presence is not Presence.NEGATED and said.time is not Time.CURRENT:
        return "time"
    return "presence"


def _with_section(
    reading: Reading, finding: Finding, said: Assertion, reaching: list[_Found]
) -> Assertion:
    """What the section says, in the dimensions that no cue speaks of."""
    kind = reading.section(finding.first)
    if not kind or finding.label is None:
        return said
    if (
        kind in CHECK_LISTS
        and finding.label is Label.PROBLEM
        and said.presence is Presence.AFFIRMED
    ):
        return said if _ticked(reaching) else _unmarked(reading, finding, said)
    prior = _SECTIONS.get((kind, finding.label))
    if prior is None or said.cue is not None:
        return said if prior is None else _filled(said, prior)
    return replace(prior, cue=_heading(reading, finding.first))


def _filled(said: Assertion, prior: Assertion) -> Assertion:
    """`said`, with the section's word where it is silent (family stays family when negated)."""
    return Assertion(
        presence=said.presence if said.presence is not Presence.AFFIRMED else prior.presence,
        experiencer=prior.experiencer
        if said.experiencer is Experiencer.PATIENT
        else said.experiencer,
        time=prior.time if said.time is Time.CURRENT else said.time,
        cue=said.cue,
    )


def _ticked(reaching: list[_Found]) -> bool:
    return any(c.cue.scope == "box" and c.cue.kind is Kind.AFFIRMED for c in reaching)


def _unmarked(reading: Reading, finding: Finding, said: Assertion) -> Assertion:
    """An item of a list to tick whose box was not seen: nobody said that the patient has it."""
    if not _to_tick(reading, finding):
        return said
    return replace(said, presence=Presence.POSSIBLE, cue=_heading(reading, finding.first))


def _to_tick(reading: Reading, finding: Finding) -> bool:
    """Whether a finding stands in a list whose heading asks for ticks, or which has boxes."""
    if reading.section(finding.first) not in CHECK_LISTS:
        return False
    heading = _heading(reading, finding.first)
    line = _rest_of_line(reading.text, heading.start) if heading else ""
    at = reading.starts[finding.first]
    here = next(s.span for s in reading.sections if s.span.start <= at < s.span.end)
    boxes = _BOX.findall(here.of(reading.text))
    return bool(heading and (_TO_TICK.search(line) or len(boxes) > 1))


def _rest_of_line(text: str, at: int) -> str:
    """A heading with what is printed beside it ("(check all that apply)")."""
    return text[at:].split("\n", 1)[0]


def _heading(reading: Reading, token: int) -> TextSpan | None:
    at = reading.starts[token]
    headings = [s.heading for s in reading.sections if s.span.start <= at < s.span.end]
    return headings[-1] if headings and len(headings[-1]) else None
