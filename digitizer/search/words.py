"""Text to words: what counts as a word, where it stands, and how it is folded for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_PIECE = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_JOINERS = frozenset("-/._'\N{RIGHT SINGLE QUOTATION MARK}&:")
_BROKEN = "-\n"
"""Between the halves of a word at the end of a line."""

_MOST_PIECES = 6
"""Longer chains are dotted leaders and addresses, nobody types them as one word."""


class Token(NamedTuple):
    """A folded word: characters `start` to `end` of the text, `position` counted in words.

    A `whole` token joins the pieces of a hyphenated word ("mr7599295" for "MR-759-92-95") and
    stands at the position of its first piece.
    """

    text: str
    start: int
    end: int
    position: int
    whole: bool = False


def fold(word: str) -> str:
    """`word` in lower case, without accents, ligatures and anything but letters and digits."""
    if word.isascii():
        lower = word.lower()
        return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))
    wide = unicodedata.normalize("NFKD", word).casefold()
    wide = unicodedata.normalize("NFKD", wide).casefold()
    return "".join(filter(str.isalnum, wide))


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` in order; after a hyphenated word's pieces, the word as a whole."""
    chain: list[Token] = []
    position = 0
    for match in _PIECE.finditer(text):
        folded = fold(match.group())
        if not folded:
            continue
        token = Token(folded, match.start(), match.end(), position)
        if chain and not _joined(text, chain[-1], token):
            yield from _whole(chain)
            chain = []
        yield token
        chain.append(token)
        position += 1
    yield from _whole(chain)


def pieces(text: str) -> tuple[str, ...]:
    """The folded words of `text`, hyphenated ones only in their pieces."""
    return tuple(token.text for token in tokens(text) if not token.whole)


def _joined(text: str, left: Token, right: Token) -> bool:
    between = text[left.end : right.start]
    return between in _JOINERS or between == _BROKEN


def _whole(chain: list[Token]) -> Iterator[Token]:
    if 2 <= len(chain) <= _MOST_PIECES:
        joined = "".join(token.text for token in chain)
        yield Token(joined, chain[0].start, chain[-1].end, chain[0].position, whole=True)
