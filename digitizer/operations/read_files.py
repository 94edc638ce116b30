"""Only reads files: text and word boxes, nothing stored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digitizer.chart.page import PageKind
from digitizer.chart.stage import Scope
from digitizer.config import Home
from digitizer.errors import InputError, UsageError
from digitizer.export.neutral import page_json
from digitizer.operations.crew import Crew, hire
from digitizer.operations.read_page import read_page


def read_files(home: Home, sources: list[Path]) -> Iterator[dict[str, Any]]:
    """One JSON object a page, in order: source, page, width, height, rotation, text, words.

    A page or file that cannot be read gives an object with "error" in place of the text.

    Raises:
        UsageError: a source is no file.
    """
    for source in sources:
        if not source.is_file():
            raise UsageError(f"{source} is not a file: name the scans to read")
    with hire(home, last=Scope.PAGE) as crew:
        for source in sources:
            yield from _read_file(crew, source)


def _read_file(crew: Crew, source: Path) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="digitizer-") as folder:
        try:
            for page in crew.runner().open_file(source.absolute(), Path(folder)):
                done = crew.pages.result(crew.pages.submit(read_page, None, page))
                if page.image is not None:
                    page.image.unlink(missing_ok=True)
                facts = page_json(done)
                facts["page"] = facts.pop("source_page")
                where = {"source": source.name, "width": done.width, "height": done.height}
                if done.kind is PageKind.UNREADABLE:
                    where["error"] = "; ".join(done.warnings)
                yield where | facts
        except InputError as error:
            yield {"source": source.name, "error": str(error)}
