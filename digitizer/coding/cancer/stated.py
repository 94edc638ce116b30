"""What a text says of a tumor: its histology, grade, TNM and stage, each where it stands. Pure.

TNM is written as the AJCC has it, stage groups in Roman numerals, grades in the words of the
report. A letter that was misread for a digit ("pTlc NO") is put right in the value alone, and only
where T and N stand together, which nothing else looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.chart.cancer import Aspect
from digitizer.chart.clinical import Experiencer
from digitizer.chart.text import TextSpan
from digitizer.coding.cancer.tables import Tables
from digitizer.coding.phrases import unsaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement at `span`; `own` says that its words are those of a tumor and nothing else."""

    aspect: Aspect
    value: str
    span: TextSpan
    own: bool = True


_T = r"(?P<prefix>y?[cpra]{0,2})T\s?(?P<t>is|[Xx0-4OIl](?:mi|[a-d]\d?)?)(?:\s?\((?:m|\d+|is|s)\))?"
_N = r"y?[cp]?N\s?(?P<n>[Xx0-3OIl](?:mi|[a-c])?)(?:\s?\((?:sn|i[+-]|mol[+-]|f)\))*"
_M = r"y?[cp]?M\s?(?P<m>[Xx01OIl][a-d]?)"
_TNM = re.compile(rf"(?<![A-Za-z\d]){_T}[\s,;/]*{_N}(?:[\s,;/]*{_M})?(?![A-Za-z\d])")
_ROW = re.compile(
    r"(?<![A-Za-z\d])(?P<prefix>[yr]?[cp])(?:T(?P<t>is|[Xx0-4](?:mi|[a-d]\d?)?)"
    r"|N(?P<n>[Xx0-3](?:mi|[a-c])?)|M(?P<m>[Xx01][a-d]?))(?![A-Za-z\d])"
)
"""T, N or M in a row of its own, as the College of American Pathologists prints them."""

_ROWS = 300
"""Characters behind a T in which the rows of its N and M begin."""

_GLEASON = re.compile(
    r"\bgleason(?:[’']?s)?(?: (?:score|sum|grade|pattern))?[\s:(]*"
    r"(?:(?P<a>[1-5])\s*\+\s*(?P<b>[1-5])(?:\s*=\s*(?P<sum>10|[2-9]))?|(?P<only>10|[6-9])\b)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:isup )?grade group[\s:]*(?P<n>[1-5])\b", re.IGNORECASE)
_DIFFERENTIATED = re.compile(
    r"\b(?P<how>(?:well|moderately|poorly)(?:[ -]to[ -](?:moderately|poorly))?)[ -]+differentiated",
    re.IGNORECASE,
)
_SCALE = (
    r"(?:nottingham|bloom[ -]richardson|sbr|fuhrman|isup|who|figo|histologic(?:al)?|nuclear"
    r"|tumou?r|combined|overall)"
)
_GRADE = re.compile(
    rf"\b(?P<scale>(?:{_SCALE}[ -]+)*)(?:histologic(?:al)? )?grade"
    r"(?:\s*\((?P<behind>[^()\n]{1,40})\))?[\s:=]*(?:grade\s+|G\s?)?"
    r"(?P<n>[1-4]|IV|I{1,3})\b(?:\s*(?:of|/)\s*(?:[34]|III|IV)\b)?",
    re.IGNORECASE,
)
_SCALE_BEHIND = re.compile(
    r"\b(?:nottingham|who/isup|isup|who|fuhrman|figo|fnclcc)\b", re.IGNORECASE
)
"""Scales that synoptic reports name in brackets: "Histologic Grade (WHO/ISUP): G3"."""

_HOW_HIGH = re.compile(
    r"\b(?:(?P<how>high|intermediate|low)[ -](?:nuclear |histologic )?grade"
    r"|(?:nuclear|histologic|tumou?r) grade:? (?P<after>high|intermediate|low))\b",
    re.IGNORECASE,
)

_STAGING = (
    r"(?:ajcc|figo|ann arbor|rai|r?-?iss|duke[’']?s[’']?|clinical|pathologic(?:al)?|prognostic"
    r"|anatomic(?:al)?|tnm|final)"
)
_STAGE = re.compile(
    rf"\b(?P<by>(?:{_STAGING}[ ,]+(?:\d(?:th)? (?:ed\w*\.? )?)?)*)stag(?:e|ing)"
    r"(?: group(?:ing)?)?[\s:=]*(?P<n>0|IV|I{1,3}|[1-4])(?P<sub>[ABCES]?\d?)\b",
    re.IGNORECASE,
)
_EXTENT = re.compile(r"\b(?P<how>limited|extensive)[ -]stage\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:ckd|kidney|renal (?:disease|failure|insuff\w+)|esrd|nephropathy|ulcers?|pressure"
    r"|decubit\w+|wounds?|sacr\w+|heels?|htn|hypertens\w+|heart|chf|hf|copd|gold|sleep|labou?r"
    r"|fibrosis|cirrhosis|nash|parkinson\w*|retinopathy|rop|sarcoid\w*|arthritis|dementia"
    r"|murmurs?|sprains?|tears?|varic\w+|hemorrhoids?|reflux|prolapse|esophagitis|fevers?"
    r"|temp\w*|dysplasia|squamous intraepithelial|stenosis|encephalopathy)\b",
    re.IGNORECASE,
)
"""What else has stages and grades."""

_CLOSE = 40
"""Characters on either side of a stage or grade in which the name of such a disease claims it."""

_OVER = re.compile(r"[.;\n]")

_ANYONES = frozenset({"", "clinical", "final", "overall", "combined", "histologic", "histological"})
"""What stands before the stages and grades of other diseases too."""

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_AS_WRITTEN = str.maketrans({"O": "0", "I": "1", "l": "1", "x": "X"})


def said_in(content: str, tables: Tables) -> Iterator[Said]:
    """All that a page says of the patient's tumors, in no order, without kinds that are denied."""
    for said in (*_tnm(content), *_grades(content), *_stages(content)):
        of_another = unsaid(content, said.span) == Experiencer.FAMILY.value
        if not of_another and (said.own or not _of_others(content, said.span)):
            yield said
    for span, name in tables.names.find(content):
        if not unsaid(content, span):
            yield Said(aspect=Aspect.HISTOLOGY, value=tables.histologies[name].name, span=span)


def _tnm(content: str) -> Iterator[Said]:
    whole = list(_TNM.finditer(content))
    for match in whole:
        t, n, m = (_digits(match[part]) for part in ("t", "n", "m"))
        value = f"{match['prefix']}T{t} N{n}" + (f" M{m}" if m else "")
        yield Said(aspect=Aspect.TNM, value=value, span=TextSpan(*match.span()))
    rows = [row for row in _ROW.finditer(content) if not _in(row, whole)]
    for at, row in enumerate(rows):
        if row["t"]:
            yield _of_rows(row, rows[at + 1 :])


def _in(row: re.Match[str], whole: Sequence[re.Match[str]]) -> bool:
    return any(match.start() <= row.start() < match.end() for match in whole)


def _of_rows(first: re.Match[str], behind: Sequence[re.Match[str]]) -> Said:
    """The TNM whose T stands in `first`, with the N and the M of the next rows."""
    value, end = f"{first['prefix']}T{_digits(first['t'])}", first.end()
    for part in ("n", "m"):
        row = next(iter(behind), None)
        if row is not None and row[part] and row.start() < first.end() + _ROWS:
            value += f" {part.upper()}{_digits(row[part])}"
            end, behind = row.end(), behind[1:]
    return Said(aspect=Aspect.TNM, value=value, span=TextSpan(first.start(), end))


def _digits(part: str | None) -> str:
    """The part with a misread first letter put right; "is" stays."""
    if not part or part == "is":
        return part or ""
    return part[0].translate(_AS_WRITTEN) + part[1:]


def _grades(content: str) -> Iterator[Said]:
    for match in _GLEASON.finditer(content):
        value = f"{match['a']}+{match['b']}" if match["a"] else match["only"]
        if match["a"]:
            value += f"={int(match['a']) + int(match['b'])}"
        yield _grade(f"Gleason {value}", match)
    for match in _GROUP.finditer(content):
        yield _grade(f"grade group {match['n']}", match)
    for match in _DIFFERENTIATED.finditer(content):
        how = re.sub(r"[ -]+", " ", match["how"].lower())
        yield _grade(f"{how} differentiated", match)
    for match in _GRADE.finditer(content):
        behind = _SCALE_BEHIND.search(match["behind"] or "")
        scale = behind[0] if behind else " ".join(match["scale"].split())
        value = f"{scale} grade {_arabic(match['n'])}".strip()
        yield _grade(value, match, own=scale.lower() not in _ANYONES)
    for match in _HOW_HIGH.finditer(content):
        how = match["how"] or match["after"]
        yield _grade(f"{how.lower()} grade", match, own=False)


def _grade(value: str, match: re.Match[str], *, own: bool = True) -> Said:
    return Said(aspect=Aspect.GRADE, value=value, span=TextSpan(*match.span()), own=own)


def _arabic(number: str) -> int:
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4}
    return roman.get(number.upper()) or int(number)


def _stages(content: str) -> Iterator[Said]:
    for match in _STAGE.finditer(content):
        by = " ".join(match["by"].replace(",", " ").split())
        number = _ROMAN.get(match["n"], match["n"].upper())
        value = f"{by} stage {number}{match['sub'].upper()}".strip()
        yield Said(
            aspect=Aspect.STAGE,
            value=value,
            span=TextSpan(*match.span()),
            own=by.lower() not in _ANYONES,
        )
    for match in _EXTENT.finditer(content):
        value = f"{match['how'].lower()} stage"
        yield Said(aspect=Aspect.STAGE, value=value, span=TextSpan(*match.span()), own=False)


def _of_others(content: str, span: TextSpan) -> bool:
    """Whether a disease that is no tumor stands beside a stage or grade, in the same sentence."""
    before = _OVER.split(content[max(0, span.start - _CLOSE) : span.start])[-1]
    after = _OVER.split(content[span.end : span.end + _CLOSE])[0]
    return bool(_OTHERS.search(before) or _OTHERS.search(after))
