"""Which of the square frames on a page are check-boxes, and which are letters.

A "D" or an "H" is as good a frame as a blurred box is. What tells them apart is the paper around
them, the other frames of the page (boxes come in lists), and how wide the letters are of the word
that an engine read there: a box before a word takes the room of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.imaging.squares import Inked, Square, room

LONG_WORD = 3
SPELLED = 0.99  # by the file itself; engines stay below
BELIEVED, SURE, SURE_OF_ONE = 0.47, 0.74, 0.89  # calibrated confidence of a word
TYPED_MARK = "x"
LETTERING = 0.3  # of a frame's area under a believable word
ROOM = 7  # px of bare paper on either side of a box; between letters there are four or five
LEAST_ALONE = 18  # px; smaller frames, as "a" and "m" are, must stand in a list
ALIKE = 2  # px between the sides of boxes of one list
LEADING = 0.7  # of a frame's side between its left edge and that of the word it is counted to
LETTERS_ROOM = 1.6
"""Letters of the word behind it that a box and the gap after it take up; a letter takes 1 to 1.5,
also in fonts that set all letters equally far apart."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A square, its place on the page in pixels, and where the ink on its right begins (`label`).

    `firm` is a sharp frame with bare paper on both sides.
    """

    square: Square
    box: Box
    label: float
    firm: bool


def framed(ink: Inked, square: Square, scale: float) -> Frame:
    """The square as it stands on the page, of which `ink` is a copy at `scale`."""
    left, right = room(ink, square)
    x1 = square.x + square.side
    box = Box(square.x / scale, square.y / scale, x1 / scale, (square.y + square.side) / scale)
    firm = square.sharp and min(left, right) >= ROOM
    return Frame(square, box, (x1 + right) / scale, firm)


def boxes_among(frames: Iterable[Frame], lines: Iterable[Line]) -> list[Frame]:
    """The frames that are check-boxes and no letters."""
    words = [word for line in lines for word in line.words]
    over = {frame: [w for w in words if _runs_through(w, frame.box)] for frame in frames}
    apart = {frame: over[frame] for frame in over if _is_no_letter(frame, over[frame])}
    return [frame for frame in apart if _is_box(frame, apart[frame], apart)]


def _is_no_letter(frame: Frame, over: Iterable[Word]) -> bool:
    """Whether no word that is read over the frame needs it for its letters."""
    return all(_leads(frame, word) for word in over if _believable(word, frame))


def _is_box(frame: Frame, over: Sequence[Word], frames: Iterable[Frame]) -> bool:
    listed = _in_a_list(frame, frames)
    if any(_believable(word, frame) for word in over):
        return frame.firm and listed
    if frame.firm:
        return listed or frame.square.side >= LEAST_ALONE
    return listed and all(_begins(frame, word) for word in over)


def _in_a_list(frame: Frame, frames: Iterable[Frame]) -> bool:
    """Whether another frame of its size stands below, above or beside it, clear of letters."""
    return any(
        other is not frame
        and other.firm
        and abs(other.square.side - frame.square.side) <= ALIKE
        and min(abs(other.square.x - frame.square.x), abs(other.square.y - frame.square.y))
        <= frame.square.side
        for other in frames
    )


def _runs_through(word: Word, box: Box) -> bool:
    return word.box.common(box) > LETTERING * box.area


def _begins(frame: Frame, word: Word) -> bool:
    return abs(frame.box.x0 - word.box.x0) <= LEADING * frame.box.width


def _leads(frame: Frame, word: Word) -> bool:
    """Whether the word begins with the frame, and needs no part of it for its letters."""
    letters = sum(character.isalnum() for character in word.text)
    pitch = (word.box.x1 - frame.label) / max(1, letters)
    wide = pitch > 0 and frame.label - frame.box.x0 >= LETTERS_ROOM * pitch
    return wide and letters >= LONG_WORD and _begins(frame, word)


def _believable(word: Word, frame: Frame) -> bool:
    """Real words; but a bare letter that reaches to the label is the "I" that this begins with."""
    if len(word.text) == 1 and word.box.x1 > frame.label:
        return False
    return is_sure(word) and (word.confidence >= SPELLED or word.text[0].isalnum())


def is_sure(word: Word) -> bool:
    """Whether this is no misread box: one was read as one letter at .89 at most, two at .74."""
    letters = [character for character in word.text.lower() if character.isalnum()]
    if letters == [TYPED_MARK]:
        return False
    if word.confidence >= SPELLED:
        return bool(letters)
    if len(letters) < LONG_WORD:
        return word.confidence > (1.0, SURE_OF_ONE, SURE)[len(letters)]
    return word.confidence >= BELIEVED
