"""Codes that the text calls by their name, word for word, whether a problem was read there or not.

A name is a title or term of the code system, or a line of the lexicon; its words may stand in any
order. It says nothing of assertion: what is found here only is shown, never suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digitizer.chart.coding import Code, CodeKnowledge, CodeSuggestion
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import evidence_at
from digitizer.coding.lexicon import Lexicon
from digitizer.coding.windows import windows

LONGEST = 6
"""Words of a name at most: of longer ones next to none stands in a text."""

ONLY_NAMED = "named, not read as a problem"
_LEAST, _A_WORD = 0.1, 0.02
"""Scores of what is only named: below all that was read, longer names first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a text names a code: words of the longest official and of the longest listed name (0
    where there is none), how often in all, and where the longest stands first.
    """

    code: Code
    official: int
    listed: int
    times: int
    page: int
    span: TextSpan

    @property
    def features(self) -> tuple[float, ...]:
        """What is learned from."""
        return float(self.official), float(self.listed), float(self.times)


@dataclass(frozen=True, slots=True)
class _Place:
    times: int
    page: int
    span: TextSpan


def named(document: Document, knowledge: CodeKnowledge, lexicon: Lexicon) -> dict[str, Named]:
    """Every billable code that the document names, by code."""
    places = _places(document)
    found: dict[str, Named] = {}
    for key, code, listed in _called(list(places), knowledge, lexicon):
        if not code.billable:
            continue
        one = _of(code, key, places[key], listed=listed)
        found[code.code] = _joined(found[code.code], one) if code.code in found else one
    return found


def only_named(
    document: Document, suggestions: Mapping[str, CodeSuggestion], found: Mapping[str, Named]
) -> Iterator[CodeSuggestion]:
    """What is named and was not read as a problem, to be shown.

    One word alone must be listed: single words of titles ("pain") name too much.
    """
    read = {(e.page, e.span) for s in suggestions.values() for e in s.evidence}
    for code, one in found.items():
        words = max(one.official, one.listed)
        if code in suggestions or not (one.listed or words > 1):
            continue
        if any(page == one.page and span.overlaps(one.span) for page, span in read):
            continue
        evidence = evidence_at(document, one.page, one.span)
        yield CodeSuggestion(
            code=one.code,
            score=_LEAST + _A_WORD * words,
            evidence=(evidence,),
            suggested=False,
            withheld=ONLY_NAMED,
            why=f"\u201c{' '.join(evidence.text.split())}\u201d is a name of {one.code.title}",
        )


def _places(document: Document) -> dict[str, _Place]:
    """Every key of words that stand together, how often they do and where first."""
    found: dict[str, _Place] = {}
    for page in document.pages:
        if page.text is None:
            continue
        for run, span in windows(page.content, LONGEST):
            key = " ".join(sorted(set(run)))
            known = found.get(key)
            found[key] = (
                replace(known, times=known.times + 1) if known else _Place(1, page.number, span)
            )
    return found


def _called(
    keys: Sequence[str], knowledge: CodeKnowledge, lexicon: Lexicon
) -> Iterator[tuple[str, Code, bool]]:
    """Codes that have one of the keys for a name, and whether it is a listed one."""
    official = knowledge.called(keys)
    plain: dict[str, Code | None] = {}
    for key in keys:
        for code in official.get(key, ()):
            if code not in plain:
                plain[code] = knowledge.plain(code) or knowledge.code(code)
            if known := plain[code]:
                yield key, known, False
        listed = lexicon.of_key(key)
        for code in (listed.code, *listed.also) if listed else ():
            if known := knowledge.code(code):
                yield key, known, True


def _of(code: Code, key: str, place: _Place, *, listed: bool) -> Named:
    words = len(key.split())
    return Named(
        code=code,
        official=0 if listed else words,
        listed=words if listed else 0,
        times=place.times,
        page=place.page,
        span=place.span,
    )


def _joined(one: Named, other: Named) -> Named:
    """Both ways in which a code is named as one; the place is that of the longer name."""
    longer = other if max(other.official, other.listed) > max(one.official, one.listed) else one
    return replace(
        longer,
        official=max(one.official, other.official),
        listed=max(one.listed, other.listed),
        times=one.times + other.times,
    )
