"""The tables of `models/cancer`: what is reportable, where it arises, how its kinds are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from digitizer.chart.cancer import UNKNOWN_PLACE, Behavior
from digitizer.coding.phrases import Phrases, phrases
from digitizer.coding.tsv import rows_of
from digitizer.errors import ConfigError

FOLDER = "cancer"
SECONDARY, NOT_REPORTABLE = "secondary", "no"
ANYWHERE = "-"
UNKNOWN_SITE = f"{UNKNOWN_PLACE}.9"

_VAGUE = ("8000", "8010")
_GENERAL = ("8140", "8312", "8720", "8800", "9380", "9590", "9591", "9650", "9800", "9801")
"""Morphologies of which there are closer ones: adenocarcinoma, lymphoma, leukemia."""
_OWN_SITE = re.compile(r"C(?:[0-7]\d|80)(?:\.\d)?")

_PAIRED = re.compile(
    r"C(?:07\.9|08\.[01]|09\..|30\.[01]|31\.[02]|34\..|38\.4|40\..|41\.[34]|44\.[123567]|4[79]\.[12]"
    r"|50\..|56\.9|57\.0|62\..|63\.[01]|6[456]\.9|69\..|70\.0|71\.[0-4]|72\.[2-5]|74\..|75\.4)"
)
"""Sites of which there are two, so that registries ask for the side (SEER, laterality)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reportable:
    """How the tumors of a code behave, `None` for a metastasis; `remark` is for the registrar."""

    behavior: Behavior | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histology:
    """A kind of tumor: its name, its four digits in ICD-O-3, and globs of where it arises."""

    name: str
    morphology: str
    arises: tuple[str, ...] = ()

    @property
    def vague(self) -> bool:
        """Whether it says no more than that there is a cancer, or a carcinoma."""
        return self.morphology in _VAGUE

    @property
    def breadth(self) -> int:
        """The closer it names the tumor, the smaller: 0 where it names one kind."""
        return 2 if self.vague else int(self.morphology in _GENERAL)

    def fits(self, topography: str) -> bool:
        """Whether it is known to arise at a site of ICD-O-3."""
        if topography == UNKNOWN_SITE or not self.arises:
            return True
        return any(fnmatchcase(topography, glob) for glob in self.arises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All that is known of tumors without looking at a chart."""

    codes: Sequence[tuple[str, Reportable | None]]
    sites: Sequence[tuple[Sequence[str], str]]
    names: Phrases
    histologies: Mapping[str, Histology]
    ambiguous: Mapping[str, bool]

    def reportable(self, code: str) -> Reportable | None:
        """What a registry makes of an ICD-10-CM code; `None` where it is not looked for."""
        return next((what for glob, what in self.codes if fnmatchcase(code, glob)), None)

    def topography(self, code: str) -> str:
        """The site of ICD-O-3 of an ICD-10-CM code of a tumor."""
        for globs, site in self.sites:
            if any(fnmatchcase(code, glob) for glob in globs):
                return site.replace("#", code[4:5])
        own = _OWN_SITE.match(code)
        if own is None:
            return UNKNOWN_SITE
        return own[0] if "." in own[0] else f"{own[0]}.9"

    def counts(self, cue: str) -> bool:
        """Whether a registry counts a tumor of which the chart is unsure by these small letters."""
        return self.ambiguous.get(" ".join(cue.split()), False)


def paired(topography: str) -> bool:
    """Whether there are two of a site of ICD-O-3, so that registries ask for the side."""
    return _PAIRED.fullmatch(topography) is not None


def read_tables(models: Path) -> Tables:
    """Read them; ConfigError with file and line where one is malformed or missing."""
    folder = models / FOLDER
    histologies: dict[str, Histology] = {}
    for names, kind in _histologies(folder / "histologies.tsv"):
        histologies.update((name, kind) for name in names)
    return Tables(
        codes=tuple(_reportable(folder / "reportable.tsv")),
        sites=tuple((_listed(c), s) for c, s in _rows(folder / "topography.tsv", 2)),
        names=phrases(histologies),
        histologies=histologies,
        ambiguous={term: yes == "yes" for term, yes in _rows(folder / "ambiguous.tsv", 2)},
    )


def _reportable(path: Path) -> Iterator[tuple[str, Reportable | None]]:
    for glob, behavior, remark in _rows(path, 3):
        if behavior == NOT_REPORTABLE:
            yield glob, None
        elif behavior == SECONDARY:
            yield glob, Reportable(behavior=None)
        elif behavior in {*Behavior}:
            yield glob, Reportable(behavior=Behavior(behavior), remark=remark)
        else:
            raise ConfigError(f"{path.name}: {behavior!r} is no behavior of a tumor")


def _histologies(path: Path) -> Iterator[tuple[tuple[str, ...], Histology]]:
    for cells, morphology, arises in _rows(path, 3):
        names = _listed(cells)
        globs = () if arises == ANYWHERE else _listed(arises)
        yield names, Histology(name=names[0], morphology=morphology, arises=globs)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(","))


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    """The rows below the header, each with so many cells; what is left off at the end is empty."""
    for number, cells in islice(rows_of(path), 1, None):
        if not 2 <= len(cells) <= columns:
            raise ConfigError(f"{path.name}, line {number}: expected up to {columns} cells")
        yield [*cells, *[""] * (columns - len(cells))]
