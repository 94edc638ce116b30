"""A page as rules see it: words as meant, in sentences and sections, and where they are printed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.vocab import Vocab

from digitizer.chart.page import Page
from digitizer.chart.text import Section, Text, TextSpan
from digitizer.nlp.misread import Spelling
from digitizer.nlp.sentences import sentence_starts

DOUBT = 0.7
"""Below this confidence (0 to 1, calibrated) a word may be a misreading of a clinical word."""

# Parts of words at hyphens are words of their own, so "community-acquired" and "community
# acquired" are the same to every rule; the hyphen itself is then no token.
_TOKEN = re.compile(
    r"""
      \[\s?[xXvV_✓*+]?\s?\] | \(\s?[xX]?\s?\) | \([+-]\) | [☐☒☑□■●○❑✓]   # check-boxes and signs
    | (?<![A-Za-z])[A-Za-z]{1,2}/[A-Za-z]{1,2}(?:'d)?(?![A-Za-z/])         # s/p, h/o, d/c'd
    | (?:[A-Za-z]\.){2,}                                                   # p.r.n.
    | [A-Za-z]{4,}(?=(?:19|20)\d\d\b)                                       # Resolved2004
    | \d+(?:[.,/]\d+)+                                                     # 1,250  0.5  120/80
    | \d+(?=(?:mg|mcg|g|ml|mL|units?|mEq|meq|kg|lbs?|cm|mm)\b)             # 500 of 500mg
    | (?<![A-Za-z])(?:vs|VS|Dr|Mr|Mrs|Ms|Jr|Sr|St)\.
    | [^\W_]+(?: [|!][^\W_]+                                               # den|es
               | ['’][^\W_]{1,2}(?![^\W_]) | (?<![^\W_]{3})['’][^\W_]+ )*  # patient's, O'Neil;
                                                                           # not Mother'had
    | \S
    """,
    re.VERBOSE,
)
_JOIN_GAP = re.compile(r"[ \t]|-\n")
_NONE_OF = re.compile(r"0/\d+")
"""None of so many ("0/12 nodes"), which cues call "noneof"."""

_SIGN = re.compile(r"(?<=[\s,:;(])[+-](?=[A-Za-z]{2})")
_SIGNED = re.compile(
    r"^.*[\s,:;(]\+[A-Za-z]{2}.*$|^.*[,:;(] ?-[A-Za-z]{2}[^,\n]*, ?-[A-Za-z]{2}.*$",
    re.MULTILINE,
)
"""Lines where signs say of each item whether it is there: "+cough, -fever"; ": -fever, -chills"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One page's words. Token `i` is printed at `starts[i]..ends[i]` of `text`.

    `layout` is the text with its words and boxes. `doc` holds the same tokens as meant.
    `sentences[i]` and `lines[i]` number the sentence and the printed line that token `i` is in.
    `sections` are the page's.
    """

    number: int
    text: str
    layout: Text
    doc: Doc
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    lines: tuple[int, ...]
    sentences: tuple[int, ...]
    sections: tuple[Section, ...]

    def span(self, first: int, last: int) -> TextSpan:
        """Where tokens `first` up to but not including `last` are printed."""
        return TextSpan(self.starts[first], self.ends[last - 1])

    def printed(self, token: int) -> str:
        """A token as it is printed."""
        return self.text[self.starts[token] : self.ends[token]]

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The token range that characters `start` up to `end` touch (may be empty)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def section(self, token: int) -> str:
        """The kind of the section that a token is printed in, or ""."""
        return self.section_at(self.starts[token])

    def section_at(self, at: int) -> str:
        """The same for a character."""
        kinds = [s.kind for s in self.sections if s.span.start <= at < s.span.end]
        return kinds[-1] if kinds else ""

    def sentence(self, token: int) -> tuple[int, int]:
        """The token range of the sentence that `token` is in."""
        number = self.sentences[token]
        return bisect_left(self.sentences, number), bisect_right(self.sentences, number)


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    word: str


def tokens_of(text: str) -> list[tuple[int, int, str]]:
    """(start, end, lower-case word) of each token of `text`, hyphens inside words left out."""
    signs = _signs(text)
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group().lower().replace("’", "'")
        if match.start() in signs:
            word = f"({word})"
        elif _NONE_OF.fullmatch(word):
            word = "noneof"
        elif word == "-" and _inside_word(text, match.start()):
            continue
        found.append((match.start(), match.end(), word))
    return found


def _signs(text: str) -> frozenset[int]:
    """Where a sign leads an item of a signed list."""
    lines = (line.span() for line in _SIGNED.finditer(text))
    return frozenset(sign.start() for span in lines for sign in _SIGN.finditer(text, *span))


def _inside_word(text: str, at: int) -> bool:
    """Whether a hyphen joins two parts of a word, the second perhaps on the next line."""
    following = text[at + 1 : at + 3].removeprefix("\n")[:1]
    return at > 0 and text[at - 1].isalnum() and following.isalnum()


def words_of(phrase: str) -> list[str]:
    """The words that `phrase` is matched by."""
    return [word for _, _, word in tokens_of(phrase)]


def read_page(page: Page, vocab: Vocab, spelling: Spelling) -> Reading:
    """The page as rules see it; a page without text reads as no words."""
    return read_text(
        page.text or Text(content=""), vocab, spelling, page.sections or (), page.number
    )


def read_text(
    text: Text,
    vocab: Vocab,
    spelling: Spelling,
    sections: Sequence[Section] = (),
    number: int = 1,
) -> Reading:
    """As `read_page`, for text that is not yet on a page."""
    content = text.content
    doubted = _doubted(text)
    tokens = [_Token(*token) for token in tokens_of(content)]
    tokens = _joined(_split(tokens, spelling), content, spelling)
    for token in tokens:
        token.word = spelling.meant(token.word, token.start in doubted)
    starts = tuple(token.start for token in tokens)
    seen = [token.word for token in tokens]
    words = tuple(spelling.fitting(seen, i) for i in range(len(seen)))
    breaks = [i for i, char in enumerate(content) if char == "\n"]
    marks = sentence_starts(content, starts, sections)
    return Reading(
        number=number,
        text=content,
        layout=text,
        doc=Doc(vocab, words=list(words)),
        words=words,
        starts=starts,
        ends=tuple(token.end for token in tokens),
        lines=tuple(bisect_left(breaks, start) for start in starts),
        sentences=tuple(bisect_right(marks, i) for i in range(len(tokens))),
        sections=tuple(sections),
    )


def _doubted(text: Text) -> frozenset[int]:
    """Character positions at which a word stands that the engine doubts."""
    found: set[int] = set()
    for word, start in zip(text.words, text.starts, strict=True):
        if word.confidence < DOUBT:
            found.update(range(start, start + len(word.text)))
    return frozenset(found)


def _split(tokens: list[_Token], spelling: Spelling) -> list[_Token]:
    """Tokens, with those that a lost space glued together taken apart."""
    apart: list[_Token] = []
    for token in tokens:
        at = spelling.split(token.word)
        if at:
            apart.append(_Token(token.start, token.start + at, token.word[:at]))
            apart.append(_Token(token.start + at, token.end, token.word[at:]))
        else:
            apart.append(token)
    return apart


def _joined(tokens: list[_Token], text: str, spelling: Spelling) -> list[_Token]:
    """Tokens, with neighbours joined that are one word broken by a space or a line's end."""
    whole: list[_Token] = []
    for token in tokens:
        last = whole[-1] if whole else None
        if last and _JOIN_GAP.fullmatch(text, last.end, token.start):
            word = spelling.joined(last.word, token.word)
            if word:
                whole[-1] = _Token(last.start, token.end, word)
                continue
        whole.append(token)
    return whole
