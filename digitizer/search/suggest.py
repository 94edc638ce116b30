"""Did you mean: a query rewritten in words that are in the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from rapidfuzz.distance import OSA

from digitizer.search import query
from digitizer.search.identifiers import is_number
from digitizer.search.query import And, Not, Or, Query, Term
from digitizer.search.words import fold

_FIELDS = ("text", "name")


def did_you_mean(
    typed: str,
    pages_with: Callable[[str, str], int],
    spelled_like: Callable[[str, str], Iterable[str]],
) -> str:
    """`typed` with every plain word that no page has in place of the commonest one like it.

    Args:
        typed: A query.
        pages_with: On how many pages a word is in a field.
        spelled_like: The words of a field that are spelled much like a word.

    Returns:
        "" where every word is in the index, or none is like one that is not.
    """

    def better(word: str) -> str:
        folded = fold(word)
        if is_number(word) or any(pages_with(field, folded) for field in _FIELDS):
            return word
        found = {
            (like, pages)
            for field in _FIELDS
            for like in spelled_like(field, folded)
            if (pages := pages_with(field, like))
        }
        ranked = sorted(found, key=lambda one: (OSA.distance(folded, one[0]), -one[1], one[0]))
        return ranked[0][0] if ranked else word

    tree = query.parse(typed)
    rewritten = _rewritten(tree, better)
    return "" if rewritten == tree else query.unparse(rewritten)


def _rewritten(tree: Query, better: Callable[[str], str]) -> Query:
    match tree:
        case Term(text):
            return Term(better(text))
        case And(parts) | Or(parts):
            return replace(tree, parts=tuple(_rewritten(part, better) for part in parts))
        case Not(part):
            return Not(_rewritten(part, better))
        case _:
            return tree
