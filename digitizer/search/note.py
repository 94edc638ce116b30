"""What is said of an answer: how words were read, by which other names, how far widened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digitizer.chart.search import PageHit, SearchRequest
from digitizer.search import dates, query
from digitizer.search.identifiers import Kind, code_key, kind
from digitizer.search.ladder import Rung
from digitizer.search.synonyms import NoSynonyms, Synonyms
from digitizer.search.words import pieces

_MOST_NAMES = 6
"""Other names that an answer lists."""


def of(
    request: SearchRequest,
    synonyms: Synonyms | None,
    helped: Sequence[Rung],
    hits: Sequence[PageHit],
) -> str:
    """What to say of an answer: how words were read, by which other names, how far widened.

    `helped` are the rungs that found anything, nearest first.
    """
    tree = query.parse(request.query)
    widened = next((rung.note for rung in helped), "")
    return "; ".join(
        filter(None, [_reading(tree), _also(tree, synonyms or NoSynonyms(), hits), widened])
    )


def _also(tree: query.Query, synonyms: Synonyms, hits: Sequence[PageHit]) -> str:
    """By which other names something was found."""
    texts = [" ".join(_texts(tree)), *_texts(tree)]
    names = {name for text in texts for name in (*synonyms.of(text), *synonyms.named(text))}
    codes = {code for text in texts for code in synonyms.codes(text)}
    met = [name for name in sorted(names) if any(set(pieces(name)) <= set(h.terms) for h in hits)]
    met += [code for code in sorted(codes) if any(code_key(code) in hit.terms for hit in hits)]
    more = f" and {len(met) - _MOST_NAMES} more" if len(met) > _MOST_NAMES else ""
    return f"also as {', '.join(met[:_MOST_NAMES])}{more}" if met else ""


def _texts(tree: query.Query) -> Iterator[str]:
    match tree:
        case query.Not():
            return
        case query.And(parts) | query.Or(parts):
            for part in parts:
                yield from _texts(part)
        case query.Field("drug" | "problem", part):
            yield part.text
        case query.Term(text):
            yield text


def _reading(tree: query.Query) -> str:
    """What the words of a query were taken for; "" for plain words."""
    kinds = set(map(kind, _plain_words(tree))) - {Kind.PLAIN}
    return " and ".join(f"read as {kind}" for kind in sorted(kinds))


def _plain_words(tree: query.Query) -> Iterator[str]:
    """The words that stand in no field, dates in one."""
    match tree:
        case query.Term(text):
            yield text
        case query.And(parts):
            yield from dates.joined([part.text for part in parts if isinstance(part, query.Term)])
            for part in parts:
                if not isinstance(part, query.Term):
                    yield from _plain_words(part)
        case query.Or(parts):
            for part in parts:
                yield from _plain_words(part)
        case query.Not(part):
            yield from _plain_words(part)
