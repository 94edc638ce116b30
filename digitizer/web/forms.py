"""What people type into forms."""

from __future__ import annotations

from datetime import date

from digitizer.errors import UsageError


def day(text: str) -> date | None:
    """A day as a date field sends it, `None` where it is empty; UsageError for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError("write a date as YYYY-MM-DD, such as 2021-03-31") from None
