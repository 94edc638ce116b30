"""Pregnancy: diseases of the pregnant take codes of chapter 15 with their trimester (I.C.15). Pure.

The trimester is that of the weeks that the chart says; in a stay with delivery, childbirth; after
it, the puerperium.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from digitizer.chart.text import TextSpan

_WEEKS = re.compile(
    r"\b(\d{1,2})\s?(?:weeks?|wks?|w)(?:(?:\s?(?:and\s)?\d\s?(?:days?|d)\b)|(?:\s(?:of\s)?"
    r"(?:gestation(?:al age)?|pregnan\w+|EGA|GA|IUP|pregnancy|by (?:LMP|dates|US))\b))"
    r"|\b(?:EGA|GA|gestational age|IUP at|pregnant at|gestation(?: of)?)\b[ :=]{0,2}(?:of |is )?"
    r"(\d{1,2})(?!\d)(?:\s?(?:\+|w|wks?|weeks))?"
    r"|\b(?:(?:pre-?)?eclampsia|GDM|abortion|labor|P?PROM|breech|previa|oligohydramnios|PIH|HELLP)"
    r"\b[^.;\n]{0,30}?(\d{1,2})\s?(?:weeks?|wks?|w\d?)\b"
    r"|\bG\d+P\d\w*,? (?:at|@) (\d{1,2})(?:\s?(?:w|wks?|weeks)|\+\d|\b)",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:history|hx|h/o|prior|previous|last|past)\b", re.IGNORECASE)
_IN_YEAR = re.compile(r"[^.;\n]{0,12}\b(?:19|20)\d\d\b")

_PREGNANT = re.compile(
    r"\bpregnan(?:t|cy)\b|\bprenatal\b|\bantepartum\b|\bG\d+\s?P\d|\bgravida\b|\bIUP\b|\bgestation",
    re.IGNORECASE,
)
_NOT_PREGNANT = re.compile(
    r"\bpregnancy test (?:was )?(?:is )?neg|\bhcg neg|\bnot pregnant|\bnon-?pregnant"
    r"|\bdenies pregnan|\bno(?:t)? (?:currently )?pregnan|\bpostmenopausal|\bmenopaus",
    re.IGNORECASE,
)
_DELIVERED = re.compile(
    r"\bdelivered\b|\blive (?:male|female|born)|\bcesarean (?:was |section )?(?:was )?performed"
    r"|\b(?:SVD|NSVD|vaginal delivery) (?:of|on|today|\d)|\bpost-?partum discharge",
    re.IGNORECASE,
)
_POSTPARTUM = re.compile(r"\bpost-?partum\b|\bpuerper", re.IGNORECASE)

COMPLICATING: Mapping[str, tuple[str, str, str]] = {
    "D5": ("O99.01{t}", "O99.02", "O90.81"),
    "D62": ("O99.01{t}", "O90.81", "O90.81"),
    "D6": ("O99.01{t}", "O99.02", "O90.81"),
    "E66": ("O99.21{t}", "O99.214", "O99.215"),
    "E03": ("O99.28{t}", "O99.284", "O99.285"),
    "E05": ("O99.28{t}", "O99.284", "O99.285"),
    "F1": ("O99.32{t}", "O99.324", "O99.325"),
    "F17": ("O99.33{t}", "O99.334", "O99.335"),
    "F3": ("O99.34{t}", "O99.344", "O99.345"),
    "F4": ("O99.34{t}", "O99.344", "O99.345"),
    "J45": ("O99.51{t}", "O99.52", "O99.53"),
    "G40": ("O99.35{t}", "O99.354", "O99.355"),
    "N39.0": ("O23.4{t}", "O23.43", "O86.20"),
    "N10": ("O23.0{t}", "O23.03", "O86.21"),
    "I10": ("O10.01{t}", "O10.02", "O10.03"),
    "E11": ("O24.11{t}", "O24.12", "O24.13"),
    "E10": ("O24.01{t}", "O24.02", "O24.03"),
}
"""A disease's beginning → codes in pregnancy (with its trimester), childbirth, the puerperium."""

REPLACES = ("D64.9", "N39.0", "N10", "I10")
"""What the obstetric code says in full, so that it stands alone."""


def weeks(content: str) -> Iterator[tuple[int, TextSpan]]:
    """Completed weeks of the pregnancy as told, each with its place; not those of earlier ones."""
    for match in _WEEKS.finditer(content):
        start = max(content.rfind(end, 0, match.start()) for end in ".;\n") + 1
        earlier = _EARLIER.search(content, start, match.end()) or _IN_YEAR.match(
            content, match.end()
        )
        if not earlier:
            yield int(next(filter(None, match.groups()))), TextSpan(*match.span())


@lru_cache(maxsize=4)
def stage(content: str) -> str:
    """The trimester "1" to "3", "birth", "after", or "?" where not said; "" if not pregnant."""
    told = [number for number, _ in weeks(content)]
    if _NOT_PREGNANT.search(content) or not (told or _PREGNANT.search(content)):
        return ""
    if _DELIVERED.search(content):
        return "birth"
    if not told:
        return "after" if _POSTPARTUM.search(content) else "?"
    first = told[0]
    return "1" if first < 14 else "2" if first < 28 else "3"


def complicating(code: str, when: str) -> str:
    """The obstetric code for a disease at a stage of pregnancy; "" where there is none."""
    starts = (code[:n] for n in range(len(code), 0, -1))
    row = next((COMPLICATING[s] for s in starts if s in COMPLICATING), None)
    if row is None or not when:
        return ""
    if when in ("birth", "after"):
        return row[1] if when == "birth" else row[2]
    return row[0].format(
        t={"?": "9"}.get(when, when)
        if not row[0].startswith("O23.")
        else {"?": "0"}.get(when, when)
    )


def wording(when: str) -> str:
    """The words of titles that say the stage."""
    return {
        "1": "first trimester", "2": "second trimester", "3": "third trimester",
        "birth": "childbirth", "after": "puerperium",
    }.get(when, "")  # fmt: skip
