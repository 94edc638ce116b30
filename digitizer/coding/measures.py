"""Codes that a number makes: body mass index, stroke scale, burnt skin, weeks of pregnancy."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.finding import Finding, evidence_at
from digitizer.coding.obstetrics import weeks

SURE = 0.9

BESIDE = "is coded beside"
"""Words of the reason of a code that a number makes."""

_BMI = re.compile(
    r"\b(?:BMI|body mass index)\b(?:\s*\(?\s*(?:is|of|was|today|=|:|now|kg/m2?)\s*\)?){0,3}"
    r"\s*(\d{2}(?:\.\d{1,2})?)",
    re.IGNORECASE,
)
_PERCENTILE = re.compile(
    r"\b(?:BMI|body mass index)\b[^.;\n]{0,30}?(?<![\d.])(\d{1,2}(?:\.\d)?)\s?"
    r"(?:st|nd|rd|th)?\s?(?:%(?:ile)?|percentile)",
    re.IGNORECASE,
)
_NIHSS = re.compile(
    r"\bNIHSS?\b(?:\s*(?:score|was|of|is|on arrival|=|:)){0,3}\s*(\d{1,2})", re.IGNORECASE
)
_TBSA = re.compile(
    r"(?<![\d.-])(\d{1,2}(?:\.\d+)?) ?(?:%|percent) ?(?:of )?(?:the )?(?:total )?"
    r"(?:TBSA|BSA|body surface)|\bTBSA\b[ :=~]{0,3}(?:of |is |approx\w* )?(\d{1,2})",
    re.IGNORECASE,
)
_BURNS = ("T20", "T21", "T22", "T23", "T24", "T25")
_OF_CHILDREN = ((95, "Z68.54"), (85, "Z68.53"), (5, "Z68.52"), (0, "Z68.51"))
_WEIGHT = (
    "E66",
    "E43",
    "E44",
    "E46",
    "R63.4",
    "R63.5",
    "R63.6",
    "E40",
    "E41",
    "E64.0",
    "R64",
    "F50",
    "O99.21",
)
"""What a BMI is coded beside (guideline I.B.14)."""


def measures(
    document: Document, codes: Collection[str], knowledge: CodeKnowledge
) -> Iterator[Finding]:
    """The numbers that are coded beside the suggested `codes`."""
    for page in document.pages:
        for (number, span), code_of in _told(page.content, codes):
            known = knowledge.code(code_of(number))
            if known and known.billable:
                evidence = evidence_at(document, page.number, span)
                why = f"\u201c{evidence.text}\u201d {BESIDE} the diagnosis: {known.title}"
                yield Finding(code=known, score=SURE, evidence=evidence, withheld="", why=why)


def _told(
    content: str, codes: Collection[str]
) -> Iterator[tuple[tuple[float, TextSpan], Callable[[float], str]]]:
    """Numbers that go with `codes`, each with its place and with what makes a code of it."""
    if any(code.startswith(_WEIGHT) for code in codes):
        if child := _first(_PERCENTILE, content):
            yield child, percentile_code
        elif adult := _first(_BMI, content):
            yield adult, bmi_code
    if any(code.startswith("I63") for code in codes) and (stroke := _first(_NIHSS, content)):
        yield stroke, nihss_code
    burns = [code for code in codes if code.startswith(_BURNS)]
    if burns and (burnt := _first(_TBSA, content)) and not any(c[3:5] == ".3" for c in burns):
        yield burnt, burnt_code
    pregnant = any(code.startswith("O") and not code.startswith("O9A") for code in codes)
    if pregnant and (along := next(weeks(content), None)):
        yield along, weeks_code


def _first(pattern: re.Pattern[str], content: str) -> tuple[float, TextSpan] | None:
    """The number that a pattern finds first, and where."""
    match = pattern.search(content)
    number = next(filter(None, match.groups())) if match else ""
    return (float(number), TextSpan(*match.span())) if match else None


def bmi_code(value: float) -> str:
    """Z68 of an adult."""
    if value < 20:
        return "Z68.1"
    if value < 40:
        return f"Z68.{int(value)}"
    return f"Z68.4{min(5, 1 + int((value - 40) // 5)) if value < 60 else 4 if value < 70 else 5}"


def percentile_code(value: float) -> str:
    """Z68.5 of a child, by the percentile for age."""
    return next(code for least, code in _OF_CHILDREN if value >= least)


def nihss_code(value: float) -> str:
    """R29.7 with the score."""
    return f"R29.7{int(value):02d}"


def burnt_code(value: float) -> str:
    """T31 with the share of the body that is burnt, none of it to the third degree."""
    return "T31.0" if value < 10 else f"T31.{int(value // 10)}0"


def weeks_code(value: float) -> str:
    """Z3A with completed weeks."""
    whole = int(value)
    return "Z3A.01" if whole < 8 else f"Z3A.{whole:02d}" if whole <= 42 else "Z3A.49"
