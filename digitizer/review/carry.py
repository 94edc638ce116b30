"""Keeps decisions attached to what they are about when a document is read anew.

The ids of suggestions are hashes of code and place, so a re-run that finds the same finds the same
ids. Where a few characters before it were read otherwise, the place has moved: a decision follows
to the one suggestion that has the same code on the same words of the same page, and stands on the
same side (offered or withheld) as when it was decided. So does it where the place is the same, but
the words around it now say that it is denied. Everything else becomes an orphan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from digitizer.chart.clinical import stable_id
from digitizer.chart.coding import Code, CodeSuggestion, Evidence
from digitizer.chart.review import Action, Decision

_Said = tuple[str, str, tuple[tuple[int, str], ...]]


def carried(
    decisions: Iterable[Decision], suggestions: Sequence[CodeSuggestion]
) -> Sequence[Decision]:
    """The decisions, with the targets that moved named by their new ids."""
    known = {s.id: s for s in suggestions}
    moved = _by_what_they_say(suggestions)
    homes: dict[str, str] = {}
    held = list(decisions)
    for decision in held:
        if decision.action in (Action.ACCEPT, Action.REJECT) and decision.target not in known:
            homes[decision.target] = _home(decision, moved)
        elif decision.action is Action.ACCEPT and _is_now_denied(decision, known):
            homes[decision.target] = stable_id("as it was offered", decision.target)
    return [replace(d, target=homes.get(d.target) or d.target) for d in held]


def _is_now_denied(decision: Decision, known: Mapping[str, CodeSuggestion]) -> bool:
    """Whether what was accepted as offered is withheld; who accepts that says in a text why."""
    return not (known[decision.target].suggested or decision.text.strip())


def _home(decision: Decision, moved: dict[_Said, list[CodeSuggestion]]) -> str:
    """The new id of the target; "" where it is not clear."""
    if decision.code is None:
        return ""
    found = moved.get(_said(decision.code, decision.evidence), [])
    # An acceptance never follows to words that are now read as denied.
    sound = [s for s in found if s.suggested or decision.action is Action.REJECT]
    return sound[0].id if len(found) == 1 and sound else ""


def _by_what_they_say(suggestions: Sequence[CodeSuggestion]) -> dict[_Said, list[CodeSuggestion]]:
    found: dict[_Said, list[CodeSuggestion]] = defaultdict(list)
    for suggestion in suggestions:
        found[_said(suggestion.code, suggestion.evidence)].append(suggestion)
    return found


def _said(code: Code, evidence: tuple[Evidence, ...]) -> _Said:
    return code.system, code.code, tuple((e.page, e.text.casefold()) for e in evidence)
