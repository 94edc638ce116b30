"""Lists with a header line: CPT, ICD-O-3, a local charge list, and HCPCS saved out of Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from digitizer.coding.imports.hcpcs import FIRST, joined
from digitizer.coding.imports.rows import Row
from digitizer.errors import UsageError

_HEADER_WITHIN = 20
"""Lines at most before the header: CMS and the AMA put notices there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a list is told and read: what its columns may be called, and what its codes look like.

    Columns of a name in `telling` say by themselves what the list is. A row whose code `skipped`
    fits is passed over (modifiers), one that fits neither is a fault.
    """

    what: str
    code: re.Pattern[str]
    telling: Sequence[str]
    columns: Sequence[str] = ("code",)
    skipped: re.Pattern[str] = field(default=re.compile(r"(?!)"))


_TITLES = (
    "long description", "description", "long", "title", "descriptor", "full description", "name",
    "charge description", "procedure description", "medium description", "medium",
    "short description", "short", "icdo3_histology_code_name", "icdo3_histology_synonym_name",
    "histology/behavior description", "term",
)  # fmt: skip
_FIRST = ("add dt", "effective date", "effective", "valid from", "start date", "added")
_LAST = ("term dt", "termination date", "expiration date", "valid to", "end date", "terminated")
_RECORD = ("recid",)

FORMS: Mapping[str, Form] = {
    "hcpcs": Form(
        what="HCPCS",
        code=re.compile(r"[A-V]\d{4}"),
        telling=("hcpc", "hcpcs", "hcpcs code"),
        skipped=re.compile(r"[A-Z\d]{2}"),
    ),
    "cpt": Form(
        what="CPT",
        code=re.compile(r"\d{4}[\dAFTUM]"),
        telling=("cpt", "cpt code"),
        columns=("code", "procedure code"),
        skipped=re.compile(r"[A-Z\d]{2}"),
    ),
    "icdo3": Form(
        what="ICD-O-3",
        code=re.compile(r"\d{4}/\d|C\d{2}(?:\.?\d)?"),
        telling=("icdo3", "icd-o-3", "icdo3_histology_code", "histology/behavior"),
        columns=("code", "morphology", "topography", "site"),
    ),
    "local": Form(
        what="charge",
        code=re.compile(r"\S.{0,31}"),
        telling=("charge code", "cdm"),
        columns=("code", "charge", "item", "service code", "procedure code"),
    ),
    "poa-exempt": Form(
        what="ICD-10-CM",
        code=re.compile(r"[A-Z]\d[\dA-Z]{1,5}(?:\.[\dA-Z]{1,4})?"),
        telling=(),
        columns=("code", "icd-10-cm code", "icd-10-cm", "diagnosis code", "icd10 code"),
    ),
}  # fmt: skip


def read_list(content: bytes, name: str, kind: str) -> Iterator[Row]:
    """Every row of a list of `kind`, one of FORMS.

    Raises:
        UsageError: columns are missing, or a code is none; the message names the line.
    """
    form = FORMS[kind]
    lines = _cells(content, name)
    header = _header(lines, form)
    if header is None:
        raise UsageError(
            f"{name} has no header that names its columns: call one 'code' and one {_TITLES[1]!r}"
        )
    at, columns = header
    rows = _rows(lines[at + 1 :], at + 2, columns, form, name)
    yield from joined(rows) if kind == "hcpcs" else (row for _, row in rows)


def header_of(content: bytes, kind: str) -> bool:
    """Whether a list has the columns of `kind`, told by the first name that it may have."""
    form = FORMS[kind]
    try:
        found = _header(_cells(content[:20_000], ""), form)
    except UsageError:
        return False
    return found is not None and found[1].named in form.telling


@dataclass(frozen=True, slots=True)
class _Columns:
    code: int
    title: int
    first: int | None
    last: int | None
    record: int | None
    named: str


def _cells(content: bytes, name: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text[:5_000]
    delimiter = max(",\t;|", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(f"{name} is no list of rows ({error}); save it as CSV again") from None


def _header(lines: Sequence[Sequence[str]], form: Form) -> tuple[int, _Columns] | None:
    for at, cells in enumerate(lines[:_HEADER_WITHIN]):
        names = [" ".join(cell.lower().split()) for cell in cells]
        code, title = _place(names, (*form.telling, *form.columns)), _place(names, _TITLES)
        if code is not None and title is not None and code != title:
            first, last, record = (_place(names, any_of) for any_of in (_FIRST, _LAST, _RECORD))
            return at, _Columns(code, title, first, last, record, names[code])
    return None


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _rows(
    lines: Sequence[Sequence[str]], start: int, columns: _Columns, form: Form, name: str
) -> Iterator[tuple[str, Row]]:
    for number, cells in enumerate(lines, start):
        code = _cell(cells, columns.code)
        code = code if form.what == "charge" else code.upper()
        title = _cell(cells, columns.title)
        if not code or form.skipped.fullmatch(code):
            continue
        if not form.code.fullmatch(code) or not title:
            what = f"{code!r} is no {form.what} code" if title else "the description is empty"
            raise UsageError(f"{name}, line {number}: {what}; mend the line or leave it out")
        row = Row(
            code=code, title=title, first=_day(cells, columns.first), last=_day(cells, columns.last)
        )
        yield _cell(cells, columns.record) or FIRST, row


def _cell(cells: Sequence[str], at: int | None) -> str:
    return " ".join(cells[at].split()) if at is not None and at < len(cells) else ""


_DAYS = (
    re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
)


def _day(cells: Sequence[str], at: int | None) -> str:
    """The day of a cell as YYYY-MM-DD; "" where there is none."""
    text = _cell(cells, at)
    for form in _DAYS:
        if found := form.match(text):
            return f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
    return ""
