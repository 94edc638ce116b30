"""The stage that opens a file: hostile bytes in a sandboxed child, page images out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from digitizer.chart.page import Page
from digitizer.chart.stage import FileReader, Resources, Scope
from digitizer.errors import InputError
from digitizer.imaging.delivered import delivered
from digitizer.work.sandbox import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """PDFs are rendered at `dpi`; images, and coarser scans in PDFs, keep their own resolution.

    Pages of PDFs that have a trustworthy text layer keep its words, unless `text_layer` is off.
    """

    dpi: int = 300
    text_layer: bool = True

    name: ClassVar[str] = "open"
    version: ClassVar[str] = "4"
    scope: ClassVar[Scope] = Scope.READ
    needs: ClassVar[frozenset[str]] = frozenset()
    gives: ClassVar[frozenset[str]] = frozenset({"image"})

    def open(self, resources: Resources) -> FileReader:
        """A reader that raises what `deliver` raises."""

        def read(original: Path, folder: Path) -> Iterator[Page]:
            return _read(self, original, folder, resources)

        return read


def _read(stage: Open, original: Path, folder: Path, resources: Resources) -> Iterator[Page]:
    limits = resources.limits
    if original.stat().st_size > limits.original_bytes:
        raise InputError(
            f"the file is too large (the limit is {limits.original_bytes >> 20} MiB): split the "
            "scan, or raise limits.bytes in config.yaml"
        )
    arguments = {
        "original": str(original),
        "folder": str(folder),
        "dpi": stage.dpi,
        "text": stage.text_layer,
        "pages": limits.pages,
        "pixels": limits.pixels,
        "passwords": resources.passwords,
    }
    pages = stream(
        function="digitizer.imaging.deliver:deliver",
        arguments=arguments,
        limits=limits,
        reads=(original,),
        writes=(folder,),
    )
    for values in pages:
        yield delivered(values).page(folder)
