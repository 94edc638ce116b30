"""Headings at line starts, and the sections they open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digitizer.chart.text import Section, TextSpan
from digitizer.text.layout import PrintedLine
from digitizer.text.vocabulary import Vocabulary, fold

HEADER = "header"
BODY = ""
"""Text under no heading: on a continuation page, the section that the page before ended in."""

_LEAD = re.compile(r"\s*(?P<item>(?:[IVX]{1,4}|[A-Z]|\d{1,2})[.)]\s|[#*•▪>\-\u2013]\s?)?\s*")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_COLON = re.compile(r"(?P<heading>[A-Z][^:.;]{0,59}?)\s?[:;](?!\d)")
_INSIDE = re.compile(r"(?:(?<=[.;|] )|(?<=\s\s))(?P<heading>[A-Z][A-Za-z/& ]{1,40}):")
_MOST_WORDS = 8
# A heading without a colon is a whole word, not an initial: "PE" may be an embolism.
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `kind` printed at `span`, in line number `line` of the page."""

    kind: str
    span: TextSpan
    line: int


def find_headings(
    lines: Iterable[PrintedLine], headings: Vocabulary, openings: Vocabulary
) -> tuple[Heading, ...]:
    """Every heading of a page in reading order.

    A heading is a known phrase alone in its line, in capitals or title case, or before a colon.
    An opening starts a section without being its heading: its span is empty.
    """
    return tuple(h for line in lines for h in _headings_of(line, headings, openings))


def _headings_of(
    line: PrintedLine, headings: Vocabulary, openings: Vocabulary
) -> Iterator[Heading]:
    lead = _LEAD.match(line.text)
    start = lead.end() if lead else 0
    item = bool(lead and lead["item"])
    found = _at_start(line.text[start:], headings, item=item)
    if found:
        kind, length = found
        yield _heading(kind, line, start, start + length)
        start += length
    elif opened := _opening(line.text[start:], openings):
        yield _heading(opened, line, 0, 0)
    for match in _INSIDE.finditer(line.text, start):
        if inside := headings.exact(match["heading"]):
            yield _heading(inside, line, match.start(), match.end())


def _heading(kind: str, line: PrintedLine, start: int, end: int) -> Heading:
    return Heading(kind, TextSpan(line.start + start, line.start + end), line.index)


def _at_start(text: str, headings: Vocabulary, *, item: bool) -> tuple[str, int] | None:
    """The kind and length of the heading that `text` starts with; `item`: behind a list mark."""
    return (
        _whole(text, headings, item=item)
        or _before_colon(text, headings)
        or _in_capitals(text, headings)
    )


def _whole(text: str, headings: Vocabulary, *, item: bool) -> tuple[str, int] | None:
    bare = text.rstrip(" :-\u2013_")
    colon = ":" in text[len(bare) :]
    if not bare or bare.endswith((".", ",")) or len(bare.split()) > _MOST_WORDS:
        return None
    for phrase in (bare, _ASIDE.sub("", bare)):
        if not (
            colon or (_looks_headed(phrase, item=item) and len(fold(phrase)) >= _LEAST_LETTERS)
        ):
            continue
        if kind := headings.find(phrase):
            return kind, len(text.rstrip())
    return None


def _looks_headed(phrase: str, *, item: bool) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", phrase) if len(word) > 3]
    if item:
        return phrase.isupper()
    return all(word[0].isupper() for word in words) and phrase[:1].isupper()


def _before_colon(text: str, headings: Vocabulary) -> tuple[str, int] | None:
    match = _COLON.match(text)
    if not match or len(match["heading"].split()) > _MOST_WORDS:
        return None
    phrase = match["heading"]
    kind = headings.find(phrase) or headings.find(_ASIDE.sub("", phrase))
    return (kind, match.end()) if kind else None


def _in_capitals(text: str, headings: Vocabulary) -> tuple[str, int] | None:
    """A heading in capitals that runs on into text: "FINDINGS The lungs are clear."."""
    words = list(re.finditer(r"\S+", text))
    count = next((i for i, w in enumerate(words) if not w.group().strip("/&-").isupper()), 0)
    if not 0 < count <= _MOST_WORDS or words[count].group()[0] in "-\u2013/":
        return None
    end = words[count - 1].end()
    kind = headings.exact(text[:end]) if len(fold(text[:end])) >= _LEAST_LETTERS else None
    return (kind, end) if kind else None


def _opening(text: str, openings: Vocabulary) -> str | None:
    words = text.split()[: openings.words]
    phrases = (" ".join(words[:size]).rstrip(",:.") for size in range(len(words), 0, -1))
    return next((kind for phrase in phrases if (kind := openings.find(phrase))), None)


def build_sections(
    length: int, headings: Sequence[Heading], header_end: int, body: str = BODY
) -> tuple[Section, ...]:
    """The sections that cover a page of `length` characters, without gaps or overlaps.

    Up to `header_end` it is the header; headings in there open nothing. What follows up to the
    first heading is of kind `body`.
    """
    later = [h for h in headings if h.span.start >= header_end]
    starts = [(HEADER, TextSpan(0, 0))] if header_end > 0 else []
    starts.append((body, TextSpan(header_end, header_end)))
    starts += [(h.kind, h.span) for h in later]
    ends = [span.start for _, span in starts[1:]] + [length]
    return tuple(
        Section(kind=kind, heading=heading, span=TextSpan(heading.start, end))
        for (kind, heading), end in zip(starts, ends, strict=True)
        if end > heading.start
    )
