"""Chart nouns to bytes and back: JSON by pydantic, compressed by zlib (about an eighth)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from digitizer.chart.document import Document
from digitizer.chart.page import Page

_PAGE = TypeAdapter(Page)
_SORTING = TypeAdapter(list[tuple[tuple[int, ...], Document]])
_DOCUMENT = TypeAdapter(Document)


def page_to_bytes(page: Page) -> bytes:
    """A page without its intermediates."""
    return zlib.compress(_PAGE.dump_json(page.kept))


def page_from_bytes(content: bytes) -> Page:
    """What `page_to_bytes` was given."""
    return _PAGE.validate_json(zlib.decompress(content))


def document_to_bytes(document: Document) -> bytes:
    """A document without its pages, which have rows of their own."""
    return zlib.compress(_DOCUMENT.dump_json(replace(document, pages=())))


def sorting_to_bytes(sorting: Sequence[tuple[tuple[int, ...], Document]]) -> bytes:
    """Documents without their pages, each with its page numbers."""
    bare = [(numbers, replace(document, pages=())) for numbers, document in sorting]
    return zlib.compress(_SORTING.dump_json(bare))


def sorting_from_bytes(content: bytes) -> list[tuple[tuple[int, ...], Document]]:
    """What `sorting_to_bytes` was given, without pages."""
    return _SORTING.validate_json(zlib.decompress(content))


def document_from_bytes(content: bytes, pages: tuple[Page, ...]) -> Document:
    """The document that was stored, with its pages put back."""
    return replace(_DOCUMENT.validate_json(zlib.decompress(content)), pages=pages)
