"""What people do with the paper of a scan: arrange its pages, check them, say where it lies.

A step is never changed, only followed by others, and what was read stays as it was: an undone step
leaves the pages as the machine sorted them. Pages are numbers in the source file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from digitizer.chart.review import effective

Group = tuple[int, ...]
"""The pages of one document, in order."""


class PaperAct(StrEnum):
    """What a step does; behind each, what it needs besides its pages."""

    SPLIT = "split"  # the page begins a document of its own, with those behind it
    JOIN = "join"  # the document of the first page goes behind that of the second
    ORDER = "order"  # the pages of a document come in this order
    TURN = "turn"  # value: by how many degrees clockwise, 90, 180 or 270
    GOOD = "good"  # these pages are scanned well
    AGAIN = "again"  # they must be scanned again; value: one of FAULTS
    STOW = "stow"  # value: where the paper lies, "" for nowhere known; no pages
    UNDO = "undo"  # value: the version of the undone step; no pages


ARRANGING = frozenset({PaperAct.SPLIT, PaperAct.JOIN, PaperAct.ORDER, PaperAct.TURN})

FAULTS = ("cut_off", "blurred", "folded", "too_light", "too_dark", "wrong_side", "other")
"""What may be wrong with the scan of a page."""

LONGEST_PLACE = 80  # characters
_TURNS = ("90", "180", "270")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStep:
    """One step. `version` counts the steps on a scan; the store sets it with `actor` and `at`."""

    act: PaperAct
    pages: tuple[int, ...] = ()
    value: str = ""
    version: int = 0
    actor: str = ""
    at: str = ""

    @property
    def undoes(self) -> str:
        """The version of the step that it takes back, or ""."""
        return self.value if self.act is PaperAct.UNDO else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A scan's paper as people left it.

    `turns` are degrees clockwise by page. `checks` are the steps, GOOD or AGAIN, that judged a page
    last. `place` is where the paper lies, or "". `history` has every step, undone ones too.
    """

    groups: tuple[Group, ...]
    turns: Mapping[int, int] = field(default_factory=dict)
    checks: Mapping[int, PaperStep] = field(default_factory=dict)
    place: str = ""
    history: tuple[PaperStep, ...] = ()

    @property
    def version(self) -> int:
        """The number of steps so far."""
        return len(self.history)

    def group_of(self, page: int) -> Group:
        """The document that a page lies in; empty for one that lies in none."""
        return next((group for group in self.groups if page in group), ())


def folded(read: Iterable[Group], steps: Iterable[PaperStep]) -> Paper:
    """The paper after these steps; `read` are the documents as the machine sorted them.

    A step that a new reading has left without its pages does nothing.
    """
    history = tuple(sorted(steps, key=lambda step: step.version))
    groups, turns = list(read), dict[int, int]()
    checks, place = dict[int, PaperStep](), ""
    for step in effective(history):
        if step.act in ARRANGING - {PaperAct.TURN}:
            groups = _rearranged(groups, step)
        elif step.act is PaperAct.TURN:
            turns |= {p: (turns.get(p, 0) + int(step.value)) % 360 for p in step.pages}
        elif step.act is PaperAct.STOW:
            place = step.value
        else:
            checks |= dict.fromkeys(step.pages, step)
    return Paper(groups=tuple(groups), turns=turns, checks=checks, place=place, history=history)


def fault_of(paper: Paper, step: PaperStep, pages: Sequence[int]) -> str:
    """Why the step cannot be made now, in words for who makes it; `pages` are all of the scan."""
    if step.act is PaperAct.UNDO:
        known = {str(made.version) for made in paper.history}
        return "" if step.value in known else "there is no such step to undo"
    if step.act is PaperAct.STOW:
        fits = len(step.value) <= LONGEST_PLACE and step.value.isprintable()
        return "" if fits else f"say where the paper lies in at most {LONGEST_PLACE} characters"
    if not step.pages or not set(step.pages) <= set(pages):
        return "the scan has no such page"
    if step.act in ARRANGING - {PaperAct.TURN}:
        return _fault_of_arranging(paper, step)
    if step.act is PaperAct.TURN and step.value not in _TURNS:
        return f"a page is turned by {', '.join(_TURNS)} degrees"
    if step.act is PaperAct.AGAIN and step.value not in FAULTS:
        return f"what is wrong with a scan is one of {', '.join(FAULTS)}"
    return ""


def _fault_of_arranging(paper: Paper, step: PaperStep) -> str:
    groups = [paper.group_of(page) for page in step.pages]
    if not all(groups):
        return "a blank page lies in no document"
    if _rearranged(list(paper.groups), step) != list(paper.groups):
        return ""
    return {
        PaperAct.SPLIT: "the page begins its document already",
        PaperAct.JOIN: "name a page of each of two documents",
    }.get(step.act, "name every page of one document, in another order")


def _rearranged(groups: list[Group], step: PaperStep) -> list[Group]:
    """The groups after a step that splits, joins or orders; as they were where it does not fit."""
    here = next((at for at, group in enumerate(groups) if step.pages[0] in group), None)
    if here is None:
        return groups
    group, others = groups[here], [g for at, g in enumerate(groups) if at != here]
    match step.act:
        case PaperAct.SPLIT:
            at = group.index(step.pages[0])
            parts = [part for part in (group[:at], group[at:]) if part]
            return [*groups[:here], *parts, *groups[here + 1 :]]
        case PaperAct.JOIN:
            onto = step.pages[-1]
            if not any(onto in other for other in others):
                return groups
            return [(*other, *group) if onto in other else other for other in others]
    if sorted(step.pages) != sorted(group):
        return groups
    return [*groups[:here], step.pages, *groups[here + 1 :]]
