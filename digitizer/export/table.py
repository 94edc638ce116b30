"""Tables as CSV, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(
    r"[\s\x00]*[=+\-@\t\r\n|%\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    r"\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]"
)
"""How a cell begins that Excel, LibreOffice or Sheets may take for a formula (OWASP, "CSV
Injection")."""


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table with its header, as RFC 4180 has it: quoted cells, lines end in CR LF.

    A cell that would be a formula gets an apostrophe in front, which spreadsheets do not show.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
