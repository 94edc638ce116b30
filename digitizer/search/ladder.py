"""From a request to plans that an engine can carry out: first what was asked, then ever wider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digitizer.chart.search import SearchRequest
from digitizer.errors import UsageError
from digitizer.search import query
from digitizer.search.fields import ASSERTIONS
from digitizer.search.identifiers import code_key, exact_number
from digitizer.search.meaning import Meaning, Reach, days
from digitizer.search.plan import Alike, All, Atom, Every, Plan
from digitizer.search.synonyms import NoSynonyms, Synonyms
from digitizer.search.words import fold, tokens

NOTES = {
    Reach.NUMBER: "no exact hit: looked for record numbers that are easily misread for this one",
    Reach.NAME: "no exact hit: looked for similar names",
    Reach.SPELLING: "no exact hit: looked for similar spellings",
    Reach.PREFIX: "no exact hit: looked for longer words that begin so",
    Reach.ANY: "no page has all the words: looked for any of them",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One plan of the ladder; `tier` falls with the reach, and outweighs every score."""

    reach: Reach
    plan: Plan

    @property
    def tier(self) -> int:
        """From 8 (exact) down to 0 (any word)."""
        return len(Reach) - 1 - list(Reach).index(self.reach)

    @property
    def note(self) -> str:
        """What to say when this rung was needed."""
        return NOTES.get(self.reach, "")


def rungs(request: SearchRequest, synonyms: Synonyms | None = None) -> Iterator[Rung]:
    """The plans for a request, nearest reach first; a plan that adds nothing is left out.

    Those of NEAR_REACHES belong together, the others are for when nothing was found.

    Raises:
        UsageError: The query cannot be read, or `assertion` is none of ASSERTIONS.
    """
    tree = query.parse(request.query)
    if request.like:
        yield Rung(
            Reach.EXACT, _alike(request.like, Meaning(Reach.EXACT, NoSynonyms(), "").of(tree))
        )
        return
    seen: set[Plan] = set()
    for reach in Reach:
        plan = Meaning(reach, synonyms or NoSynonyms(), _assertion(request)).of(tree)
        if plan not in seen:
            seen.add(plan)
            yield Rung(reach, plan)


def filters(request: SearchRequest) -> tuple[Plan, ...]:
    """What every hit must match besides the query."""
    words = (
        ("mrn", exact_number(request.mrn or ""), request.mrn),
        ("code", code_key(request.code or ""), request.code),
        ("doctype", fold(request.doc_type or ""), request.doc_type),
        ("file", request.source or "", request.source),
    )
    plans: list[Plan] = [Atom(field, (word,)) for field, word, given in words if given is not None]
    if request.dob:
        plans.append(days("dob", request.dob, request.dob))
    if request.date_from or request.date_to:
        first, last = request.date_from or date.min, request.date_to or date.max
        plans.append(days("date", first, last))
    if assertion := _assertion(request):
        plans.append(Atom("finding", (assertion,)))
    return tuple(plans)


def _assertion(request: SearchRequest) -> str:
    if request.assertion and request.assertion not in ASSERTIONS:
        raise UsageError(f"an assertion is one of: {', '.join(ASSERTIONS)}")
    return request.assertion or ""


def _alike(text: str, within: Plan) -> Plan:
    counts = Counter(token.text for token in tokens(text) if not token.whole)
    like = Alike("text", tuple(sorted(counts.items())))
    return like if within == Every() else All((like, within))
