"""The Alphabetic Index of ICD-10-CM, its external causes, neoplasm table and drug table, in XML.

All four have one form: letter > mainTerm > term > term …; a term's words are those of its line,
with those of the lines above it. Lines that only send the reader on ("see Pain, abdominal") are
followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from digitizer.coding.imports.rows import Wording
from digitizer.coding.imports.xml import elements, words
from digitizer.coding.words import key

NEOPLASM_COLUMNS: Mapping[str, str] = {
    "2": "malignant neoplasm of",
    "3": "secondary malignant neoplasm of",
    "4": "carcinoma in situ of",
    "5": "benign neoplasm of",
    "6": "neoplasm of uncertain behavior of",
    "7": "neoplasm of unspecified behavior of",
}
DRUG_COLUMNS: Mapping[str, str] = {
    "2": "accidental poisoning by",
    "3": "intentional self-harm poisoning by",
    "4": "assault poisoning by",
    "5": "undetermined poisoning by",
    "6": "adverse effect of",
    "7": "underdosing of",
}
_CODE = re.compile(r"[A-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?")
_LINES = ("mainTerm", "term")


def read_index(content: bytes) -> Iterator[Wording]:
    """Every line of the Alphabetic Index that has a code, and every one that is sent to such."""
    known: dict[str, str] = {}
    sent: list[tuple[str, str]] = []
    for main in elements(content, "mainTerm"):
        for path, line in _lines(main, ()):
            text = " ".join(path)
            if code := _code(line.findtext("code")):
                known.setdefault(key(text), code)
                yield Wording(code=code, text=text)
            elif target := words(line.find("see")):
                sent.append((text, target))
    for text, target in sent:
        if code := known.get(key(target), ""):
            yield Wording(code=code, text=text)


def read_table(content: bytes, columns: Mapping[str, str]) -> Iterator[Wording]:
    """Every cell of the neoplasm or drug table: what its column says, of what its line names."""
    for main in elements(content, "mainTerm"):
        for path, line in _lines(main, ()):
            named = path[1:] if len(path) > 1 and columns is NEOPLASM_COLUMNS else path
            for cell in line.findall("cell"):
                said, code = columns.get(cell.get("col", "")), _code(cell.text)
                if said and code:
                    yield Wording(code=code, text=f"{said} {' '.join(named)}")


def _lines(line: Element, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Element]]:
    """The line and all below it, each with its words from the main term down."""
    path = (*above, _title(line.find("title")))
    yield path, line
    for below in line.findall("term"):
        yield from _lines(below, path)


def _title(title: Element | None) -> str:
    """The words of a line without those in parentheses, which may be said or not."""
    if title is None:
        return ""
    after = " ".join((child.tail or "") for child in title)
    return " ".join(f"{title.text or ''} {after}".split())


def _code(text: str | None) -> str:
    """The code of a cell, a dash for further characters left off; "" where it has none."""
    found = _CODE.match((text or "").strip())
    return found[0] if found else ""
