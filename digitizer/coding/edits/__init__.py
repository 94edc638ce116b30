"""Edits: what the codes of a chart do to one another and to the patient, explained, never applied.

Each module has one kind of edit, a pure function from a claim to messages; what it goes by is data
(the notes of the code system, tables beside it). `check` asks them all.
"""

from digitizer.coding.edits.check import check
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference

__all__ = ["Claim", "Coded", "Facts", "Reference", "check"]
