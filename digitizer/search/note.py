"""What is said of an answer: how words were read, by which other names, how far widened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digitizer.chart.search import PageHit, SearchRequest
from digitizer.search import query
from digitizer.search.identifiers import Kind, kind
from digitizer.search.ladder import Rung
from digitizer.search.synonyms import NoSynonyms, Synonyms
from digitizer.search.words import pieces


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
    marked = {word for hit in hits for word in hit.terms}
    texts = [" ".join(_texts(tree)), *_texts(tree)]
    names = {name for text in texts for name in synonyms.of(text)}
    met = sorted(name for name in names if marked.issuperset(pieces(name)))
    return f"also as {', '.join(met)}" if met else ""


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
    kinds = {kind(part.text) for part in _leaves(tree) if isinstance(part, query.Term)} - {
        Kind.PLAIN
    }
    return " and ".join(f"read as {kind}" for kind in sorted(kinds))


def _leaves(tree: query.Query) -> Iterator[query.Query]:
    match tree:
        case query.And(parts) | query.Or(parts):
            for part in parts:
                yield from _leaves(part)
        case query.Not(part):
            yield from _leaves(part)
        case _:
            yield tree
