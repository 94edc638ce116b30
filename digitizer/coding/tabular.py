"""Reads the ICD-10-CM tabular list: a stream of its entries with their terms and notes.

The XML is the one that NCHS publishes: chapter > section > diag > diag …; a note stands under the
entry that it holds for, and holds for everything below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

TERM_KINDS = {"inclusionTerm": "inclusion", "includes": "includes"}
NOTE_KINDS = {
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "note",
}
CODE_LENGTH = 7

_CODE = r"[A-Z][\dA-Z]{2}(?:\.[\dA-Z]{1,4})?"
_MENTION = re.compile(rf"(?<![\w.])({_CODE})\.?-?(?:\s?-\s?({_CODE})\.?-?)?(?![\w])")
_DIGIT = re.compile(r"\d")
_FATAL = re.compile(r"S06\.[\dA-Z]{2}[78]")
"""Head injuries that the patient did not survive: the note of S06 allows them no D and no S."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code of the list, or a chapter or section above the codes (`block`).

    `code` has its dot; a section's is its range ("A00-A09"), a chapter's its number ("1").
    `terms` and `notes` are (kind, text) pairs. `leaf` says that nothing is below it, which makes it
    billable; `completes` that it is its parent with a seventh character.
    """

    code: str
    title: str
    parent: str
    chapter: str
    block: bool = False
    leaf: bool = False
    completes: bool = False
    terms: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def read_entries(source: Path | bytes) -> Iterator[Entry]:
    """Every chapter, section and code of the list; codes that need a seventh character completed.

    Streams section by section, so that the whole tree (9.7 MB of XML) never stands in memory.
    `source` is a file of an installed package, or what was imported, checked.
    """
    chapter = ""
    opened = BytesIO(source) if isinstance(source, bytes) else source
    for _, element in iterparse(opened, events=("end",)):  # noqa: S314 - trusted or checked
        text = _text(element)
        if element.tag == "name" and text.isdigit():
            chapter = text
        elif element.tag == "section":
            section = _section_id(element)
            yield _block(element, section, chapter)
            for diag in element.findall("diag"):
                yield from _below(diag, section, chapter, {})
            element.clear()
        elif element.tag == "chapter":
            yield _block(element, chapter, "")
            element.clear()


def read_version(source: Path) -> str:
    """The year that the list says it is for, such as "2026"; "" where it says none."""
    for _, element in iterparse(source, events=("end",)):  # noqa: S314 - trusted, see `read_entries`
        if element.tag == "version":
            return _text(element)
    return ""


def mentioned_ranges(note: str) -> tuple[tuple[str, str], ...]:
    """The codes that a note names, as (first, last), both included with all that is below them.

    "certain conditions (E08.-, P70-P74)" names ("E08", "E08") and ("P70", "P74").
    """
    found = ((m[1], m[2] or m[1]) for m in _MENTION.finditer(note))
    return tuple((a, b) for a, b in found if _DIGIT.search(a) and _DIGIT.search(b))


def complete(code: str, character: str) -> str:
    """`code` with its seventh character, padded with X: S52.5 and A give S52.5XXA."""
    bare = code.replace(".", "").ljust(CODE_LENGTH - 1, "X") + character
    return f"{bare[:3]}.{bare[3:]}"


def _below(diag: Element, parent: str, chapter: str, sevenths: dict[str, str]) -> Iterator[Entry]:
    """The entry of `diag` and all below it; inner seventh characters replace outer ones."""
    sevenths = _sevenths(diag) or sevenths
    below = diag.findall("diag")
    code = _text(diag.find("name"))
    entry = Entry(
        code=code,
        title=_text(diag.find("desc")),
        parent=parent,
        chapter=chapter,
        leaf=not below and not sevenths,
        terms=_notes(diag, TERM_KINDS),
        notes=_notes(diag, NOTE_KINDS),
    )
    yield entry
    for child in below:
        yield from _below(child, code, chapter, sevenths)
    if not below:
        yield from _completed(entry, sevenths)


def _completed(entry: Entry, sevenths: dict[str, str]) -> Iterator[Entry]:
    for character, meaning in sevenths.items():
        if _FATAL.fullmatch(entry.code) and character in "DS":
            continue
        yield Entry(
            code=complete(entry.code, character),
            title=f"{entry.title}, {meaning}",
            parent=entry.code,
            chapter=entry.chapter,
            leaf=True,
            completes=True,
        )


def _section_id(section: Element) -> str:
    """Always a range, so that a section of one category is not taken for that category."""
    name = section.get("id", "")
    return name if "-" in name else f"{name}-{name}"


def _block(element: Element, code: str, chapter: str) -> Entry:
    return Entry(
        code=code,
        title=_text(element.find("desc")),
        parent=chapter,
        chapter=chapter or code,
        block=True,
        terms=_notes(element, TERM_KINDS),
        notes=_notes(element, NOTE_KINDS),
    )


def _notes(element: Element, kinds: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kinds[child.tag], _text(note))
        for child in element
        if child.tag in kinds
        for note in child.findall("note")
    )


def _sevenths(diag: Element) -> dict[str, str]:
    found = diag.findall("sevenChrDef/extension")
    return {extension.get("char", ""): _text(extension) for extension in found}


def _text(element: Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""
