"""Runs in a process of its own beside a page worker: Tesseract's library, loaded once for many
pages. Standard library only, as each start of it counts.

The program `tesseract` loads its models for every page anew, which takes a tenth of the time that a
page takes; on 24 pages the library said the same, character for character. It is called through its
C interface; that its shared object is the one that the program itself uses comes with Debian's
package. What it is asked and what it answers are lines of JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_void_p
from pathlib import Path
from typing import Any

LIBRARY = "libtesseract.so.5"

_FUNCTIONS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("TessBaseAPICreate", c_void_p, ()),
    ("TessBaseAPIInit3", c_int, (c_void_p, c_char_p, c_char_p)),
    ("TessBaseAPISetVariable", c_int, (c_void_p, c_char_p, c_char_p)),
    ("TessBaseAPISetPageSegMode", None, (c_void_p, c_int)),
    ("TessBaseAPISetImage2", None, (c_void_p, c_void_p)),
    ("TessBaseAPIGetTsvText", c_void_p, (c_void_p, c_int)),
    ("TessBaseAPIClear", None, (c_void_p,)),
    ("TessBaseAPIClearAdaptiveClassifier", None, (c_void_p,)),
    ("TessDeleteText", None, (c_void_p,)),
    ("pixRead", c_void_p, (c_char_p,)),  # of leptonica, on which the library rests
    ("pixDestroy", None, (POINTER(c_void_p),)),
)
"""Name, what it returns, what it takes: see tesseract/capi.h and leptonica's allheaders.h."""


def main(languages: str) -> None:
    """Answer each line of stdin until it ends.

    First say `{"ready": …}`: false where this machine has no such library, or not these languages.
    Then {"image", "layout", "dpi"} is answered with {"image", "tsv"}: null where the image cannot
    be read.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    read = _reader(languages)
    answers.write(json.dumps({"ready": read is not None}) + "\n")
    answers.flush()
    if read is None:
        return
    for line in sys.stdin:
        page = json.loads(line)
        answers.write(json.dumps({"image": page["image"], "tsv": read(**page)}) + "\n")
        answers.flush()


def _reader(languages: str) -> Callable[..., str | None] | None:
    """Reads one image after the other; `None` where the library cannot be had."""
    try:
        library = ctypes.CDLL(LIBRARY)
        for name, returns, takes in _FUNCTIONS:
            function = getattr(library, name)
            function.restype, function.argtypes = returns, takes
    except (OSError, AttributeError):
        return None
    handle = library.TessBaseAPICreate()
    if library.TessBaseAPIInit3(handle, None, languages.encode()):
        return None

    def read(image: str, layout: int, dpi: int) -> str | None:
        return _read(library, handle, image, layout, dpi)

    return read


def _read(library: ctypes.CDLL, handle: int, image: str, layout: int, dpi: int) -> str | None:
    """What `tesseract IMAGE stdout --psm LAYOUT --dpi DPI tsv` says; nothing of it is kept."""
    pixels = c_void_p(library.pixRead(os.fsencode(image)))
    if not pixels:
        return None
    library.TessBaseAPISetVariable(handle, b"user_defined_dpi", str(dpi).encode())
    library.TessBaseAPISetPageSegMode(handle, layout)
    library.TessBaseAPISetImage2(handle, pixels)
    text = library.TessBaseAPIGetTsvText(handle, 0)
    said = ctypes.string_at(text).decode("utf-8", "replace") if text else None
    library.TessDeleteText(text)
    library.TessBaseAPIClear(handle)
    library.TessBaseAPIClearAdaptiveClassifier(handle)
    library.pixDestroy(byref(pixels))
    return said


if __name__ == "__main__":
    main(sys.argv[1])
