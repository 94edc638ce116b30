"""Where the words that matched are printed, and the stretch of text that shows them best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digitizer.chart.text import TextSpan
from digitizer.search.words import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a page. `marks` are the matching words, in characters of `text`, in order."""

    text: str
    marks: tuple[TextSpan, ...] = ()


def spans(text: str, terms: Sequence[str], also: Sequence[TextSpan] = ()) -> tuple[TextSpan, ...]:
    """Where `terms` (as in `PageHit.terms`) stand in `text`, and `also` these places: in order,
    none overlapping.

    Of a hyphenated word that matched both whole and in pieces, the whole is marked.
    """
    wanted = frozenset(terms)
    found = [TextSpan(t.start, t.end) for t in tokens(text) if t.text in wanted]
    found += also
    kept: list[TextSpan] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def snippet(
    text: str, terms: Sequence[str], width: int = 160, *, also: Sequence[TextSpan] = ()
) -> Snippet:
    """The stretch of at most about `width` characters with the most different terms in it.

    Cut between words, ellipses at the cuts, line breaks as blanks. Without any term the text's
    beginning.
    """
    marks = spans(text, terms, also)
    start, end = _window(text, marks, width)
    start, end = _between_words(text, start, end, marks)
    return _cut(text, start, end, marks)


def _window(text: str, marks: Sequence[TextSpan], width: int) -> tuple[int, int]:
    best, chosen = (0, 0), (0, min(width, len(text)))
    for i, first in enumerate(marks):
        inside = [mark for mark in marks[i : i + 20] if mark.end - first.start <= width]
        value = (len({mark.of(text).casefold() for mark in inside}), len(inside))
        if value > best:
            last = inside[-1].end
            start = max(0, first.start - (width - (last - first.start)) // 2)
            best, chosen = value, (start, min(len(text), start + width))
    return chosen


def _between_words(text: str, start: int, end: int, marks: Sequence[TextSpan]) -> tuple[int, int]:
    inside = [mark for mark in marks if mark.start >= start and mark.end <= end]
    latest = inside[0].start if inside else end
    earliest = inside[-1].end if inside else start
    while 0 < start < latest and not text[start - 1].isspace():
        start += 1
    while len(text) > end > earliest and not text[end].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int, marks: Sequence[TextSpan]) -> Snippet:
    head, tail = "… " if start > 0 else "", " …" if end < len(text) else ""
    body = "".join(" " if c.isspace() else c for c in text[start:end])
    shift = len(head) - start
    inside = (m for m in marks if m.start >= start and m.end <= end)
    moved = tuple(TextSpan(m.start + shift, m.end + shift) for m in inside)
    return Snippet(text=head + body + tail, marks=moved)
