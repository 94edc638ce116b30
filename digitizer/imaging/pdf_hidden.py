"""The text of a PDF page that nobody sees: an earlier reading of the scan, of unknown quality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pikepdf

from digitizer.imaging.pdf_placed import INVISIBLE

_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_SETS_UP = frozenset((
    "BT", "ET", "Tf", "Tr", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts",
))  # fmt: skip
_DEEPEST = 8  # forms within forms


def drop_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> int:
    """Take invisible text off a page of `pdf`, and off the forms that it draws.

    Returns:
        How much visible text is left, in bytes: one or two a character.
    """
    kept = _Kept()
    contents = _sorted(page, kept)
    if contents is not None:
        page.obj["/Contents"] = pdf.make_stream(contents)
    for form in _forms(page.obj.get("/Resources"), depth=0):
        contents = _sorted(form, kept)
        if contents is not None:
            form.write(contents)
    return kept.visible


class _Kept:
    """What is kept of drawing instructions, with the bytes of visible text seen so far."""

    def __init__(self) -> None:
        self.visible = 0

    def of(self, instructions: Iterable[Any]) -> Iterator[Any]:
        mode, saved = 0, list[int]()
        for instruction in instructions:
            name, operands = str(instruction.operator), instruction.operands
            if name == "q":
                saved.append(mode)
            elif name == "Q":
                mode = saved.pop() if saved else mode
            elif name == "Tr":
                mode = int(operands[0])
            if name in _SHOWS and mode == INVISIBLE:
                continue
            if name in _SHOWS:
                self.visible += _length(operands)
            yield instruction


def _sorted(drawn: pikepdf.Page | pikepdf.Object, kept: _Kept) -> bytes | None:
    """The instructions without hidden text; `None` where there was none."""
    before, visible = list(pikepdf.parse_content_stream(drawn)), kept.visible
    after = list(kept.of(before))
    if len(after) == len(before):
        return None
    if kept.visible == visible:  # without its text, what sets text up is of no use
        after = [one for one in after if str(one.operator) not in _SETS_UP]
    return pikepdf.unparse_content_stream(after)


def _forms(resources: pikepdf.Object | None, depth: int) -> Iterator[Any]:
    if resources is None or depth > _DEEPEST:
        return
    for drawn in resources.get("/XObject", {}).values():
        if drawn.get("/Subtype") == "/Form":
            yield drawn
            yield from _forms(drawn.get("/Resources"), depth + 1)


def _length(operands: Sequence[Any]) -> int:
    """Bytes of the strings, which stand by themselves or in a list between distances."""
    parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else operands
    return sum(len(bytes(part)) for part in parts if isinstance(part, pikepdf.String))
