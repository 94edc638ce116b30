"""Codes that say "once had it" or "it runs in the family" of a disease, by the disease's code.

The longest listed beginning decides. Chapters without a history code of their own have none here.
The choices follow the titles of Z80-Z87 and I25.2.
"""

from __future__ import annotations

from collections.abc import Mapping

PERSONAL: Mapping[str, str] = {
    "A": "Z86.19", "A15": "Z86.11", "A49.02": "Z86.14", "B": "Z86.19", "C": "Z85.9",
    "C15": "Z85.01", "C16": "Z85.028", "C18": "Z85.038", "C19": "Z85.038", "C20": "Z85.048",
    "C22": "Z85.05", "C25": "Z85.07", "C32": "Z85.21", "C34": "Z85.118", "C43": "Z85.820",
    "C44": "Z85.828", "C50": "Z85.3", "C53": "Z85.41", "C54": "Z85.42", "C55": "Z85.42",
    "C56": "Z85.43", "C61": "Z85.46", "C62": "Z85.47", "C64": "Z85.528", "C67": "Z85.51",
    "C71": "Z85.841", "C73": "Z85.850", "C81": "Z85.71", "C82": "Z85.72", "C83": "Z85.72",
    "C84": "Z85.72", "C85": "Z85.72", "C90": "Z85.79", "C91": "Z85.6", "C92": "Z85.6",
    "C95": "Z85.6", "D05": "Z86.000", "D12": "Z86.0101", "D5": "Z86.2", "D6": "Z86.2",
    "D7": "Z86.2", "E": "Z86.39", "F": "Z86.59", "G": "Z86.69", "G45": "Z86.73", "H": "Z86.69",
    "I": "Z86.79", "I21": "I25.2", "I26": "Z86.711", "I46": "Z86.74", "I63": "Z86.73",
    "I80": "Z86.72", "I82": "Z86.718", "J": "Z87.09", "J12": "Z87.01", "J13": "Z87.01",
    "J15": "Z87.01", "J18": "Z87.01", "K": "Z87.19", "K25": "Z87.11", "K26": "Z87.11",
    "K27": "Z87.11", "K63.5": "Z86.0100", "L": "Z87.2", "M": "Z87.39", "N": "Z87.448",
    "N20": "Z87.442", "N39.0": "Z87.440", "O24": "Z86.32", "S06": "Z87.820", "S": "Z87.828",
    "U07.1": "Z86.16", "Z22.7": "Z86.15",
}  # fmt: skip

FAMILY: Mapping[str, str] = {
    "C": "Z80.9", "C15": "Z80.0", "C16": "Z80.0", "C18": "Z80.0", "C19": "Z80.0", "C20": "Z80.0",
    "C22": "Z80.0", "C25": "Z80.0", "C34": "Z80.1", "C43": "Z80.8", "C50": "Z80.3",
    "C54": "Z80.49", "C56": "Z80.41", "C61": "Z80.42", "C64": "Z80.51", "C67": "Z80.52",
    "C71": "Z80.8", "C73": "Z80.8", "C82": "Z80.7", "C83": "Z80.7", "C85": "Z80.7",
    "C90": "Z80.7", "C91": "Z80.6", "C92": "Z80.6", "C95": "Z80.6", "D5": "Z83.2", "D6": "Z83.2",
    "E10": "Z83.3", "E11": "Z83.3", "E13": "Z83.3", "E0": "Z83.49", "E78": "Z83.438",
    "F": "Z81.8", "F01": "Z81.8", "F03": "Z81.8", "F10": "Z81.1", "F17": "Z81.2", "F70": "Z81.0",
    "G": "Z82.0", "H40": "Z83.511", "H35": "Z83.518", "H9": "Z82.2", "I": "Z82.49",
    "I60": "Z82.3", "I61": "Z82.3", "I63": "Z82.3", "J": "Z83.6", "J4": "Z82.5", "K": "Z83.79",
    "L": "Z84.0", "M": "Z82.69", "M05": "Z82.61", "M06": "Z82.61", "M1": "Z82.61",
    "M81": "Z82.62", "N": "Z84.2", "N1": "Z84.19", "Q": "Z82.79", "Q61": "Z82.71",
}  # fmt: skip

TOLD = ("Z85", "Z86.73", "Z86.71", "I25.2", "Z86.000", "Z86.16", "Z86.11", "Z86.15")
"""Beginnings of history codes that coders give whenever the chart says it; others are options."""


def personal_history(code: str) -> str:
    """The code for having had `code` in the past; "" where there is none."""
    return _longest(PERSONAL, code)


def family_history(code: str) -> str:
    """The code for `code` in the patient's family; "" where there is none."""
    return _longest(FAMILY, code)


def _longest(table: Mapping[str, str], code: str) -> str:
    starts = (code[:length] for length in range(len(code), 0, -1))
    return next((table[start] for start in starts if start in table), "")
