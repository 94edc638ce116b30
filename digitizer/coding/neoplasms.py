"""Neoplasms: histology and site make the code, wherever in the sentence the site stands.

"Squamous cell carcinoma, right tonsil" and "bone metastases" have no name in any list: the words of
the one give the behaviour, the words of the other the site (`models/lexicon/neoplasms.tsv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from digitizer.coding.phrases import Phrases, phrases
from digitizer.coding.shorthand import written_out
from digitizer.coding.tsv import rows_of
from digitizer.errors import ConfigError

KINDS = (
    "malignant", "secondary", "in_situ", "benign", "bcc", "scc", "melanoma", "melanoma_in_situ",
)  # fmt: skip

_SECONDARY = re.compile(
    r"\bmetastas[ei]s\b|\bmets\b|\bmetastatic (?:disease|deposits?|lesions?|spread)"
    r"|\bsecondary (?:malig|neopl)|\bnod(?:e|al) (?:positive|mets|metast)"
    r"|\bpositive\b.{0,30}\bnodes?\b",
    re.IGNORECASE,
)
_METASTATIC_TO = re.compile(r"\bmetasta\w+ (?:to|in|involving)\b", re.IGNORECASE)
_METASTATIC_FROM = re.compile(
    r"\bmetasta\w+ (?:\w+ ){1,3}(?:\w*carcinoma|cancer|ca|melanoma)\b", re.IGNORECASE
)
_METASTATIC = re.compile(
    r"\bmetasta\w+ (?:cancer|carcinoma|malignancy|neoplasm|tumou?r)", re.IGNORECASE
)
_TO = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:to|involving)\b([^.;]{0,60})", re.IGNORECASE)
_NEOPLASM = re.compile(
    r"\b(?:adeno|chorio)?carcinoma\b|\bcancers?\b|\bca\b|\bmalignan\w+|\bsarcoma\b|\badenoma\b"
    r"|\bbcc\b|\bscc\b|\bmelanoma\b|\bneoplasm\b|\bin situ\b|\bnsclc\b|\bsclc\b|\bnodes?\b",
    re.IGNORECASE,
)
_SITU = re.compile(r"\bin[- ]situ\b|\bbowen", re.IGNORECASE)
_BENIGN = re.compile(r"\b(?:adenoma|benign|fibroadenoma|lipoma|papilloma)\b", re.IGNORECASE)
_BASAL = re.compile(r"\bbasal cell\b|\bbcc\b", re.IGNORECASE)
_SQUAMOUS = re.compile(r"\bsquamous cell\b|\bscc\b", re.IGNORECASE)
_MELANOMA = re.compile(r"\bmelanoma\b", re.IGNORECASE)

UNPLACED = (
    "C80.", "C44.9", "C43.9", "D03.9", "C79.9", "C77.9", "D12.6", "D36", "D09.9", "C34.90",
    "C50.919", "C18.9", "C49.9", "C76", "D04.9", "D23.9", "D49", "C79.8", "C25.9", "C71.9", "C02.9",
)  # fmt: skip
"""Beginnings of codes of neoplasms whose site is not said, or not said closely."""

NO_ORIGIN = ("C77", "C78", "C79", "C80")
"""Beginnings of codes of cancers of which is not said where they come from."""

FOLLOWS = 90
"""Characters behind a neoplasm among which its site, or where it has gone to, is looked for."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Names of sites with their codes by kind."""

    names: Phrases
    codes: Mapping[str, Mapping[str, str]]

    def code(self, term: str, before: str, after: str) -> str:
        """The code of a neoplasm that `term` names between two stretches of text; "" if none.

        The site in the term itself counts before one that follows, and that before one that leads.
        """
        whole = written_out(term)
        if not (_NEOPLASM.search(whole) or _SECONDARY.search(whole)):
            return ""
        spread = bool(_METASTATIC.search(whole) and _TO.match(after))
        for there in (whole, _first(written_out(after)), _last(written_out(before))):
            for site in self._sites(there):
                kind = "secondary" if spread else _kind(whole, self.codes[site])
                if code := self.codes[site].get(kind, ""):
                    return code
        return ""

    def spread(self, term: str, after: str) -> tuple[str, ...]:
        """Codes of where a metastatic cancer that has a site of its own has gone to."""
        gone = _TO.match(after) if _METASTATIC_FROM.search(written_out(term)) else None
        sites = self._sites(written_out(gone[1])) if gone else []
        found = (self.codes[site].get("secondary", "") for site in sites)
        return tuple(dict.fromkeys(code for code in found if code))

    def above(self, term: str, before: str) -> str:
        """The code by the site that a report names last above its finding ("SPECIMEN: …")."""
        whole = written_out(term)
        if not _NEOPLASM.search(whole) or _SECONDARY.search(whole):
            return ""
        for size in (120, 900):
            for site in self._sites(before[-size:]):
                if code := self.codes[site].get(_kind(whole, self.codes[site]), ""):
                    return code
        return ""

    def _sites(self, text: str) -> list[str]:
        """The sites named, those of most words first."""
        found = [name for _, name in self.names.find(text)]
        return sorted(found, key=lambda name: -len(name.split()))


def _first(text: str) -> str:
    return text[:FOLLOWS]


def _last(text: str) -> str:
    return text[-100:]


def _kind(term: str, codes: Mapping[str, str]) -> str:
    """What kind of tumour the words name; at a site of skin also which."""
    if _SECONDARY.search(term) or _METASTATIC_TO.search(term + " ") or "malignant" not in codes:
        return "secondary"
    skin = "bcc" in codes
    if _MELANOMA.search(term) and skin:
        return "melanoma_in_situ" if _SITU.search(term) else "melanoma"
    if _MELANOMA.search(term) or (_BASAL.search(term) and not skin):
        return "none"
    if _SITU.search(term):
        return "in_situ"
    if skin:
        return "bcc" if _BASAL.search(term) else "scc" if _SQUAMOUS.search(term) else "none"
    return "benign" if _BENIGN.search(term) else "malignant"


def read_sites(path: Path) -> Sites:
    """Read the table; ConfigError with the line where it is malformed or missing."""
    codes: dict[str, dict[str, str]] = {}
    for names, row in _rows(path):
        codes.update((name, row) for name in names)
    return Sites(phrases(codes), codes)


def _rows(path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    for number, cells in rows_of(path):
        if cells[0] == "site":
            continue
        if not 2 <= len(cells) <= len(KINDS) + 1:
            raise ConfigError(f"{path.name}, line {number}: expected site and codes")
        row = {kind: code for kind, code in zip(KINDS, cells[1:], strict=False) if code}
        yield [name.strip() for name in cells[0].split(",")], row
