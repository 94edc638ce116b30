"""What people corrected in a document, laid over what was read: the reading itself is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digitizer.chart.document import DOC_TYPES, MISFILE, OTHER, Document
from digitizer.chart.geometry import Box
from digitizer.chart.patient import PatientRef
from digitizer.chart.review import CORRECTABLE, Action, Decision, effective
from digitizer.chart.text import Text, TextSpan, Word

_APART = ("sex", "misfile")
"""Fields on which nothing rests that is found: checks of codes look at the sex as it is now."""


def corrected(document: Document, decisions: Iterable[Decision]) -> Document:
    """The document with patient, type and date as people left them; text: `corrected_text`."""
    for decision in _corrections(decisions):
        if decision.target == "doc_type":
            document = replace(document, doc_type=decision.value)
        elif decision.target == "encounter_date":
            document = replace(document, encounter_date=_day(decision.value))
        elif decision.target == "misfile":
            doubts = [w for w in document.warnings if not w.startswith(MISFILE)]
            document = replace(document, warnings=tuple(doubts))
        else:
            document = replace(document, patient=_patient(document.patient, decision))
    return document


def _patient(patient: PatientRef, decision: Decision) -> PatientRef:
    value = decision.value or None
    match decision.target:
        case "name":
            return replace(patient, name=value)
        case "mrn":
            return replace(patient, mrn=value)
        case "sex":
            return replace(patient, sex=value)
        case "dob":
            return replace(patient, dob=_day(decision.value))
    return patient


@dataclass(frozen=True, slots=True)
class Wording:
    """A page's text as people corrected it, and the way back to the text that was `read`.

    `changes` are spans of what was read with what stands there instead, in order, none overlapping.
    Every span that is kept is one of what was read: corrections come and go, and it stays true.
    """

    read: str
    changes: tuple[tuple[TextSpan, str], ...] = ()

    @property
    def content(self) -> str:
        """The whole text, corrected."""
        return "".join(text for *_, text in self._stretches())

    def at(self, span: TextSpan) -> str:
        """What stands at a span of what was read; a correction that it touches counts whole."""
        return self.forth(span).of(self.content)

    def touches(self, span: TextSpan) -> bool:
        """Whether something in a span of what was read was corrected."""
        return any(there.overlaps(span) for there, _ in self.changes)

    def back(self, span: TextSpan) -> TextSpan:
        """The span of what was read for one of `content`; a correction that it touches is whole."""
        return _across(span, ((now, there, whole) for there, now, whole, _ in self._stretches()))

    def forth(self, span: TextSpan) -> TextSpan:
        """The span of `content` for one of what was read; a correction that it touches is whole."""
        return _across(span, ((there, now, whole) for there, now, whole, _ in self._stretches()))

    def _stretches(self) -> Iterator[tuple[TextSpan, TextSpan, bool, str]]:
        """Each stretch of what was read, where it stands now, whether corrected, and its text."""
        at = now = 0
        for there, text in (*self.changes, (TextSpan(len(self.read), len(self.read)), "")):
            kept = self.read[at : there.start]
            yield TextSpan(at, there.start), TextSpan(now, now + len(kept)), False, kept
            now += len(kept)
            yield there, TextSpan(now, now + len(text)), True, text
            at, now = there.end, now + len(text)


def _across(span: TextSpan, stretches: Iterable[tuple[TextSpan, TextSpan, bool]]) -> TextSpan:
    """The span of one text for one of the other, by where each stretch stands in both.

    Of a stretch that is `whole` (corrected) no part stands for a part.
    """
    starts, ends = list[int](), list[int]()
    for here, there, whole in stretches:
        if here.overlaps(span):
            starts.append(there.start + (0 if whole else max(0, span.start - here.start)))
            ends.append(there.end - (0 if whole else max(0, here.end - span.end)))
    return TextSpan(min(starts, default=0), max(ends, default=0))


def wording(content: str, page: int, decisions: Iterable[Decision]) -> Wording:
    """A page's text as people corrected it; the newest of two corrections that overlap."""
    found: dict[TextSpan, str] = {}
    for decision in _corrections(decisions):
        if decision.target == "text" and decision.evidence[0].page == page:
            span = decision.evidence[0].span
            if span.of(content) == decision.evidence[0].text:  # else the page was read anew
                found = {k: v for k, v in found.items() if not k.overlaps(span)}
                found[span] = decision.value
    return Wording(content, tuple(sorted(found.items())))


def corrected_text(content: str, page: int, decisions: Iterable[Decision]) -> str:
    """A page's text with the wordings that people corrected."""
    return wording(content, page, decisions).content


def grounds(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those corrections that hold and on which it rests what an analysis finds.

    Wordings say what is found; the type and the date of a document which codes it stands for; and
    the patient's name and numbers what is hidden where a page is de-identified.
    """
    return tuple(d for d in _corrections(decisions) if d.target not in _APART)


def reworded(text: Text, said: Wording) -> Text:
    """A page's text as corrected, each word still where its ink is.

    Words of a correction take the places of those that they stand for, in order.
    """
    starts, words, shift = list[int](), list[Word](), 0
    printed = list(zip(text.starts, text.words, strict=True))
    for there, value in (*said.changes, (TextSpan(len(text.content), len(text.content)), "")):
        while printed and printed[0][0] + len(printed[0][1].text) <= there.start:
            start, word = printed.pop(0)
            starts.append(start + shift)
            words.append(word)
        under = list[Word]()
        while printed and printed[0][0] < there.end:
            under.append(printed.pop(0)[1])
        for at, word in _in_place(value, under):
            starts.append(there.start + shift + at)
            words.append(word)
        shift += len(value) - len(there)
    return Text(content=said.content, words=tuple(words), starts=tuple(starts))


def _in_place(value: str, under: Sequence[Word]) -> Iterator[tuple[int, Word]]:
    """The words of a correction, each with its place in it, on the ink of those it stands for."""
    said = list(re.finditer(r"\S+", value))
    for number, match in enumerate(said) if under else ():
        first = number * len(under) // len(said)
        last = max(first + 1, (number + 1) * len(under) // len(said))
        box = Box.around(word.box for word in under[first:last])
        yield match.start(), Word(text=match.group(), box=box, confidence=1.0)


def fault_of(decision: Decision) -> str:
    """What is wrong with a correction, in words for who makes it; "" where nothing is."""
    field, value = decision.target, decision.value
    if field not in CORRECTABLE:
        return f"correct one of {', '.join(CORRECTABLE)}"
    if field == "doc_type" and value not in (*DOC_TYPES, OTHER):
        return f"a type is one of {', '.join((*DOC_TYPES, OTHER))}"
    if field == "sex" and value not in ("F", "M", "X", ""):
        return "write the sex as F, M or X"
    if field in ("dob", "encounter_date") and value and not _is_day(value):
        return "write the date as YYYY-MM-DD"
    if field == "misfile" and value != "settled":
        return "a misfile is settled, or its correction undone"
    if field == "text" and len(decision.evidence) != 1:
        return "say which words of which page are wrong"
    return ""


def _corrections(decisions: Iterable[Decision]) -> list[Decision]:
    return [d for d in effective(decisions) if d.action is Action.CORRECT]


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
