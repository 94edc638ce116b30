"""Who treats and where: providers and facilities as a page prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import read_name

_CREDENTIAL = (
    r"(?:M\.?D|D\.?O|N\.?P|P\.?A(?:-?C)?|R\.?N|D\.?P\.?M|D\.?D\.?S|O\.?D|D\.?C|Ph\.?\s?D|Psy\.?D|"
    r"APRN|FNP(?:-?[BC]+)?|CNM|CRNA|LCSW|LMFT|DNP|ARNP|MBBS|CNP|AGNP|PharmD|PT|OT)\b\.?"
)
_WORD = r"[A-Z][\w'\u2019\-]*\.?"
_TITLED = re.compile(
    rf"(?P<name>{_WORD}(?:[ ]{_WORD}){{1,4}}?)(?:[,.]\s?|\s)(?P<credential>{_CREDENTIAL})(?!\w)"
)
_FOLLOWS = re.compile(rf"[\s,.|]*{_CREDENTIAL}(?!\.?\w)(?!\s?[:#\d])")
_DOCTOR = re.compile(r"(?i)^[\s:,|]*(?:(?:dr|by|md|doctor)\b[.:]?\s*)*")
_PLACES = re.compile(
    r"(?i)\b(hosp[il1]ta[l1]|c[l1]in[il1]c|c[il1]{2}n[il1]c|cl[ií]nica|medica[l1]|hea[l1]th|medicine|"
    r"family practice|pediatrics|internal medicine|associates|physicians|surgery center|surgical|"
    r"patho[l1]ogy|radio[l1]ogy|imaging|[l1]ab|[l1]aboratory|[l1]aboratories|dialysis|infirmary|"
    r"oncology|cardiology|orthop(?:a?e)dics|neurology|dermatology|obstetrics|ob|gyn|eye|spine|"
    r"counseling|rehabilitation|nursing|hospice|home care|home|care|center|centre|institute|"
    r"pharmacy|sanatorium|clinics|group|detachment|urgent care|wellness)\b"
)
_LETTERHEAD = 6


def is_staff(after: str) -> bool:
    """Whether what follows a name is a credential, in whatever column: no patient's then."""
    return bool(_FOLLOWS.match(after))


def read_provider(fields: Sequence[Field], lines: Sequence[PrintedLine]) -> str | None:
    """The treating provider as printed, with credentials; a label before a mere signature."""
    for wanted in ("provider", "provider.order"):
        for field in fields:
            if field.field == wanted and (name := _provider_name(field)):
                return name
    for line in (*lines[:12], *lines[-6:]):
        if match := _TITLED.search(line.text):
            return f"{match['name']}, {match['credential'].rstrip('.')}"
    return None


def _provider_name(field: Field) -> str | None:
    text = _DOCTOR.sub("", field.text)
    if match := _TITLED.match(text):
        return f"{match['name']}, {match['credential'].rstrip('.')}"
    name = read_name(text.strip(), labelled=field.firm)
    return name.name if name else None


def read_facility(
    fields: Sequence[Field], lines: Sequence[PrintedLine], taken: Sequence[int]
) -> str | None:
    """The letterhead's first name of a place, or a labelled one; lines `taken` are none."""
    for field in fields:
        if field.field == "facility" and _PLACES.search(field.text):
            return field.text.strip(" |,")
    for line in lines[:_LETTERHEAD]:
        if line.index in taken or not line.cells:
            continue
        start, end = line.cells[0]
        name = line.text[start:end].strip(" |,")
        if _PLACES.search(name) and len(name.split()) < 9 and ":" not in name:
            return _in_case(name)
    return None


def _in_case(name: str) -> str:
    return name.title().replace("'S", "'s") if name.isupper() else name
