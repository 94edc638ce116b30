"""XML from outside, checked before it is read: no entities, no great depth, no endless lists.

Entities are what lets a small file grow without end or name other files; none of the published code
systems declares one, so a file that does is refused. Nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from digitizer.errors import UsageError

MOST_DEPTH = 40
MOST_ELEMENTS = 4_000_000


def check(content: bytes, name: str) -> str:
    """The name of the root element.

    Raises:
        UsageError: it is no XML, damaged, or of a kind that no code system is published as.
    """
    watch = _Watch(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.EntityDeclHandler = watch.refuse
    parser.ExternalEntityRefHandler = watch.refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise UsageError(
            f"{name} is damaged: no XML at line {error.lineno}; download it again"
        ) from None
    return watch.root


def elements(content: bytes, tag: str) -> Iterator[Element]:
    """Every element `tag` of checked XML, whole; it is emptied afterwards to save memory."""
    for _, element in iterparse(BytesIO(content), events=("end",)):  # noqa: S314 - see `check`
        if element.tag == tag:
            yield element
            element.clear()


def first_text(content: bytes, tag: str) -> str:
    """The words of the first element `tag`; "" where there is none."""
    for _, element in iterparse(BytesIO(content), events=("end",)):  # noqa: S314 - see `check`
        if element.tag == tag:
            return words(element)
    return ""


def words(element: Element | None) -> str:
    """The text of an element itself, spaces made single; "" for `None`."""
    return " ".join((element.text or "").split()) if element is not None else ""


class _Watch:
    """Counts what the parser meets, and stops it."""

    def __init__(self, name: str) -> None:
        self.name, self.root, self.depth, self.count = name, "", 0, 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        self.root = self.root or tag
        self.depth += 1
        self.count += 1
        if self.depth > MOST_DEPTH or self.count > MOST_ELEMENTS:
            raise UsageError(f"{self.name} is nested or long as no code system is: not imported")

    def end(self, _: str) -> None:
        self.depth -= 1

    def refuse(self, *_: object) -> int:
        raise UsageError(f"{self.name} declares entities, which no code system does: not imported")
