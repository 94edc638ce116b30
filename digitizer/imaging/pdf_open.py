"""Makes a PDF one that poppler opens: unlocked with a known password, or mended where it is torn.

pikepdf does both inside this process, so no password stands in the arguments of another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf

from digitizer.errors import InputError

_MENDED = "the PDF was damaged and has been mended: pages may be missing; compare with the paper"


def unlock(original: Path, folder: Path, passwords: Sequence[str]) -> Path:
    """A copy in `folder` that needs no password.

    Raises:
        InputError: none of the passwords opens it.
    """
    for password in passwords:
        try:
            with pikepdf.open(original, password=password) as pdf:
                return _saved(pdf, folder)
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError:
            break
    tried = "none of intake.passwords opens it" if passwords else "it needs a password"
    raise InputError(
        f"the PDF is encrypted and {tried}: open it, save it without the password and drop that, "
        "or name its password in intake.passwords of config.yaml, then retry"
    )


def mend(original: Path, folder: Path) -> tuple[Path, str]:
    """A copy in `folder` with what can be recovered, and the warning that goes with it.

    Raises:
        InputError: not one page can be found in it.
    """
    try:
        with pikepdf.open(original) as pdf:
            if len(pdf.pages):
                return _saved(pdf, folder), _MENDED
    except (pikepdf.PdfError, RuntimeError, ValueError):  # whatever it stumbles over
        pass
    raise InputError(
        "the PDF is truncated or corrupt: scan the paper again, or print it to a new PDF"
    )


def _saved(pdf: pikepdf.Pdf, folder: Path) -> Path:
    copy = folder / "opened.pdf"
    pdf.save(copy)
    return copy
