"""Which pages of a PDF are nothing but one image, and how that image is laid on the page.

Read off the page's own drawing instructions. Whatever is not plainly understood (a second image,
visible text, a line, a mask, a form) makes the page one to be rendered.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from digitizer.chart.geometry import Affine, Box

MOST_INSTRUCTIONS = 1 << 18
"""Bytes. A scan needs forty; with the words of an earlier reading on top, a hundred thousand."""

INVISIBLE = 3  # text rendering mode: ISO 32000-1, table 106

_PLAIN = frozenset({
    "BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "w", "J", "j", "M", "d",
    "i", "ri", "BMC", "EMC", "MP", "BX", "EX", "g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc",
    "SC", "scn", "SCN",
})  # fmt: skip
"""Operators that leave no mark by themselves: ISO 32000-1, annex A."""

_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_BLACK = {"g": (0,), "rg": (0, 0, 0), "k": (0, 0, 0, 1)}
_HARMLESS_STATE = frozenset({
    "/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/FL", "/SM", "/SA",
    "/AIS", "/TK",
})  # fmt: skip
_OPAQUE = {"/CA": ("1", "1.0"), "/ca": ("1", "1.0"), "/BM": ("/Normal",), "/SMask": ("/None",)}
DAMAGE = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RuntimeError,
)
"""What pikepdf raises on bytes that are not what they should be."""

_UNSEEN_NOTES = frozenset(("/Link", "/Popup"))


@dataclass(frozen=True, slots=True)
class Placed:
    """An image and where it lies: `place` maps the unit square, y upwards, to the `seen` box of
    the page in points, y upwards too; `turn` is by how many degrees clockwise a viewer turns it. It
    is `worded` where text is painted invisibly over or under it.
    """

    image: pikepdf.Stream
    place: Affine
    seen: Box
    turn: int
    worded: bool = False


class _DoubtError(Exception):
    """The page holds something else, or something not understood."""


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state, as far as it matters here."""

    place: Affine = Affine()
    text: int = 0
    black: bool = True


def placed_image(page: pikepdf.Page) -> Placed | None:
    """The one image that is all a viewer shows of the page; `None` where there is more or less."""
    try:
        return _placed_image(page)
    except (_DoubtError, *DAMAGE):
        return None


def _placed_image(page: pikepdf.Page) -> Placed:
    if "/UserUnit" in page.obj or any(_is_seen(note) for note in page.obj.get("/Annots", ())):
        raise _DoubtError
    seen = seen_box(page)
    instructions = list(_instructions(page))
    (found,) = _images(instructions, page, seen)
    image, place = found
    worded = any(str(operator) in _SHOWS_TEXT for _, operator in instructions)
    return Placed(image, place, seen, page.rotation % 360, worded)


def _is_seen(note: pikepdf.Object) -> bool:
    return str(note.get("/Subtype")) not in _UNSEEN_NOTES


def seen_box(page: pikepdf.Page) -> Box:
    """The part of the page that is shown: its crop box, within its media box."""
    media, crop = _box(page.mediabox), _box(page.cropbox)
    return Box(
        max(media.x0, crop.x0),
        max(media.y0, crop.y0),
        min(media.x1, crop.x1),
        min(media.y1, crop.y1),
    )


def _box(corners: Iterable[Any]) -> Box:
    x0, y0, x1, y1 = (float(value) for value in corners)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _instructions(page: pikepdf.Page) -> Iterable[Any]:
    """What the page's content says to draw; unpacked no further than is sensible."""
    contents = page.obj.Contents
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    text = b"\n".join(_unpacked(part) for part in parts)
    if len(text) > MOST_INSTRUCTIONS:
        raise _DoubtError
    with pikepdf.new() as holder:
        return pikepdf.parse_content_stream(pikepdf.Stream(holder, text))


def _unpacked(part: pikepdf.Object) -> bytes:
    raw: bytes = part.read_raw_bytes()
    kinds = names_of(part.get("/Filter"))
    if not kinds:
        return raw
    if kinds != ["/FlateDecode"] or "/DecodeParms" in part:
        raise _DoubtError
    try:
        return zlib.decompressobj().decompress(raw, MOST_INSTRUCTIONS + 1)
    except zlib.error:
        raise _DoubtError from None


def names_of(value: pikepdf.Object | None) -> list[str]:
    """The names in what may be one name, a list of them, or nothing."""
    if value is None:
        return []
    return [str(name) for name in value] if isinstance(value, pikepdf.Array) else [str(value)]


def _images(
    instructions: Iterable[Any], page: pikepdf.Page, seen: Box
) -> Iterator[tuple[pikepdf.Stream, Affine]]:
    """Follow the instructions; raise at the first that might leave another mark."""
    resources = page.resources
    state, saved = _State(), list[_State]()
    rectangle: Box | None = None
    for operands, operator in instructions:
        name = str(operator)
        if name == "q":
            saved.append(state)
        elif name == "Q":
            state = saved.pop() if saved else state
        elif name == "Do":
            image = resources.XObject[str(operands[0])]
            yield _checked(image, state), state.place
        elif name == "re":
            rectangle = state.place.box(_rectangle(operands))
        elif name in ("W", "W*", "n"):
            _check_clip(rectangle, seen)
            rectangle = rectangle if name != "n" else None
        elif name == "gs":
            _check_state(resources.ExtGState[str(operands[0])])
        else:
            state = _after(state, name, operands)


def _after(state: _State, name: str, operands: Any) -> _State:  # noqa: ANN401 - pikepdf's
    """The state after an instruction that leaves no mark."""
    if name == "cm":
        return replace(state, place=_affine(operands).then(state.place))
    if name == "Tr":
        return replace(state, text=int(operands[0]))
    if name in _SHOWS_TEXT and state.text == INVISIBLE:
        return state
    if name in ("BDC", "DP") and str(operands[0]) != "/OC":  # that may be switched off
        return state
    if name not in _PLAIN:
        raise _DoubtError
    if name in ("g", "rg", "k", "cs", "sc", "scn"):
        return replace(state, black=tuple(operands) == _BLACK.get(name))
    return state


def _affine(operands: Any) -> Affine:  # noqa: ANN401 - pikepdf's
    """A PDF's matrix is written a b c d e f, for x' = a·x + c·y + e."""
    a, b, c, d, e, f = (float(value) for value in operands)
    return Affine(a, c, e, b, d, f)


def _rectangle(operands: Any) -> Box:  # noqa: ANN401 - pikepdf's
    x, y, wide, high = (float(value) for value in operands)
    return _box((x, y, x + wide, y + high))


def _check_clip(clip: Box | None, seen: Box) -> None:
    """A path that is not painted cuts nothing off where it goes around all of the page."""
    slack = 0.5  # points
    if clip is None or not (
        clip.x0 <= seen.x0 + slack
        and clip.y0 <= seen.y0 + slack
        and clip.x1 >= seen.x1 - slack
        and clip.y1 >= seen.y1 - slack
    ):
        raise _DoubtError


def _check_state(state: pikepdf.Object) -> None:
    for key, value in state.items():
        if key in _HARMLESS_STATE:
            continue
        if str(value) not in _OPAQUE.get(key, ()):
            raise _DoubtError


def _checked(image: pikepdf.Object, state: _State) -> pikepdf.Stream:
    if not isinstance(image, pikepdf.Stream) or image.get("/Subtype") != "/Image":
        raise _DoubtError
    if any(key in image for key in ("/SMask", "/Mask", "/OC")):
        raise _DoubtError
    if image.get("/ImageMask") and not state.black:
        raise _DoubtError
    return image
