"""What a file is, by what is in it: names of downloads change, root elements and headers do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from digitizer.chart.coding import CPT, HCPCS, ICD10CM, ICD10PCS, ICDO3, LOCAL
from digitizer.coding.imports import cm_index, hcpcs, lists, pcs
from digitizer.coding.imports.archive import Member
from digitizer.coding.imports.rows import Row, Wording
from digitizer.coding.imports.xml import check, first_text
from digitizer.coding.tabular import read_entries
from digitizer.errors import UsageError

SYSTEMS: Mapping[str, str] = {
    "icd10cm-tabular": ICD10CM,
    "icd10cm-index": ICD10CM,
    "icd10cm-external-causes": ICD10CM,
    "icd10cm-neoplasms": ICD10CM,
    "icd10cm-drugs": ICD10CM,
    "poa-exempt": ICD10CM,
    "icd10pcs-tables": ICD10PCS,
    "icd10pcs-index": ICD10PCS,
    "icd10pcs-order": ICD10PCS,
    "hcpcs": HCPCS,
    "cpt": CPT,
    "icdo3": ICDO3,
    "local": LOCAL,
}
"""What can be imported, and the code system that it is about."""

NAMED = tuple(lists.FORMS)
"""The kinds that a list may have to be told by name, with `--as`."""

_ORDER = re.compile(r"^\d{5} [\dA-Z]{3,7}\s+[01] ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A recognised file; `version` is what it says of itself, most often a year, or ""."""

    kind: str
    name: str
    content: bytes
    version: str = ""

    @property
    def system(self) -> str:
        """The code system that it is about."""
        return SYSTEMS[self.kind]


def recognise(member: Member, wanted: str = "") -> Part | None:
    """The file as what it is, or as `wanted`; `None` where it is nothing that is imported.

    Raises:
        UsageError: it is XML that is damaged or hostile.
    """
    start = member.content[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"<"):
        return _of_xml(member)
    if wanted and not (wanted == "hcpcs" and _is_fixed(member.content)):
        return Part(kind=wanted, name=member.name, content=member.content)
    kind = _of_text(member.content)
    return Part(kind=kind, name=member.name, content=member.content) if kind else None


def rows_of(part: Part) -> Iterator[Row]:
    """The codes of a part of another system than ICD-10-CM; UsageError where it is malformed."""
    reader = _ROWS.get(part.kind)
    if reader:
        yield from reader(part)


def wordings_of(part: Part) -> Iterator[Wording]:
    """The further wordings of codes that a part holds."""
    reader = _WORDINGS.get(part.kind)
    if reader:
        yield from reader(part)


def counted(part: Part) -> int:
    """How many codes or wordings the part holds, having read all of it.

    Raises:
        UsageError: it is malformed, or holds none.
    """
    if part.kind == "icd10cm-tabular":
        count = sum(entry.leaf for entry in read_entries(part.content))
    else:
        count = sum(1 for _ in rows_of(part)) + sum(1 for _ in wordings_of(part))
    if not count:
        raise UsageError(f"{part.name} holds no codes: it is not the file that it seems to be")
    return count


def _of_xml(member: Member) -> Part | None:
    root = check(member.content, member.name)
    kind = {
        "ICD10CM.tabular": "icd10cm-tabular",
        "ICD10PCS.tabular": "icd10pcs-tables",
        "ICD10PCS.index": "icd10pcs-index",
    }.get(root, "")
    if root == "ICD10CM.index":
        kind = _index_kind(member.content)
    if not kind:
        return None
    version = first_text(member.content, "version")
    return Part(kind=kind, name=member.name, content=member.content, version=version)


def _index_kind(content: bytes) -> str:
    """Which of the four indexes it is: the tables say so at their head, the others by title."""
    head = first_text(content, "head").lower()
    if head == "neoplasm":
        return "icd10cm-neoplasms"
    if head == "substance":
        return "icd10cm-drugs"
    title = first_text(content, "title").lower()
    return "icd10cm-external-causes" if "external cause" in title else "icd10cm-index"


def _is_fixed(content: bytes) -> bool:
    return bool(hcpcs.LAYOUT.search(content[:20_000].decode("latin-1")))


def _of_text(content: bytes) -> str:
    head = content[:20_000].decode("latin-1")
    if _is_fixed(content):
        return "hcpcs"
    if _ORDER.match(head):
        return "icd10pcs-order" if _pcs(head) else ""
    if "poa" in head[:2_000].lower() and "exempt" in head[:2_000].lower():
        return "poa-exempt"
    return next((kind for kind in ("hcpcs", "cpt", "icdo3") if lists.header_of(content, kind)), "")


def _pcs(head: str) -> bool:
    """Whether the first code of an order file is of ICD-10-PCS, which begins with 001."""
    return head[6:9] == "001"


def _hcpcs(part: Part) -> Iterator[Row]:
    if _is_fixed(part.content):
        return hcpcs.read_fixed(part.content)
    return lists.read_list(part.content, part.name, "hcpcs")


def _listed(part: Part) -> Iterator[Row]:
    return lists.read_list(part.content, part.name, part.kind)


_ROWS: Mapping[str, Callable[[Part], Iterator[Row]]] = {
    "icd10pcs-tables": lambda part: pcs.read_tables(part.content, part.name),
    "icd10pcs-order": lambda part: pcs.read_order(part.content),
    "hcpcs": _hcpcs,
    "cpt": _listed,
    "icdo3": _listed,
    "local": _listed,
    "poa-exempt": _listed,
}
_WORDINGS: Mapping[str, Callable[[Part], Iterator[Wording]]] = {
    "icd10cm-index": lambda part: cm_index.read_index(part.content),
    "icd10cm-external-causes": lambda part: cm_index.read_index(part.content),
    "icd10cm-neoplasms": lambda p: cm_index.read_table(p.content, cm_index.NEOPLASM_COLUMNS),
    "icd10cm-drugs": lambda p: cm_index.read_table(p.content, cm_index.DRUG_COLUMNS),
    "icd10pcs-index": lambda part: pcs.read_index(part.content),
}
