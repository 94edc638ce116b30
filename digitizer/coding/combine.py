"""What one document's codes do to one another: combinations, and what goes without saying.

ICD-10-CM presumes that hypertension goes with heart failure and with chronic kidney disease, and
diabetes with chronic kidney disease, and has one code for both (guidelines I.A.15, I.C.4, I.C.9). A
symptom that a suggested disease regularly has is not coded beside it (I.B.5), nor is what another
suggested code says too. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """`code` stands for all of `parts`; those in `replaced` are not coded beside it."""

    code: str
    parts: tuple[str, ...]
    replaced: tuple[str, ...]


SYMPTOMS: Mapping[str, tuple[str, ...]] = {
    "R05": ("J06", "J12", "J13", "J15", "J18", "J20", "J40", "J44", "J45", "U07.1"),
    "R06.0": ("I50", "J18", "J43", "J44", "J45", "J80", "J81", "J96", "I26"),
    "R06.2": ("J44", "J45", "J21"),
    "R07": ("I20", "I21", "I25.11"),
    "R09.02": ("J96.01", "J96.11", "J96.21"),
    "R10": ("K35", "K37", "K57.2", "K57.32", "K80.0", "K81", "K85", "N20"),
    "R11": ("A08", "A09", "K35", "K52", "K56", "K85"),
    "R19.7": ("A04", "A08", "A09", "K52", "K51", "K50"),
    "R22": ("L02", "L72", "D17", "C44", "C49"),
    "R30.0": ("N10", "N30", "N39.0"),
    "R31": ("N20", "C67"),
    "R35": ("N30", "N39.0"),
    "R39.15": ("N30", "N32.81", "N39.0"),
    "R39.9": ("N40.1",),
    "R42": ("H81",),
    "R50.9": ("A41", "J12", "J13", "J15", "J18", "L03", "N10", "J10", "J11", "U07.1", "A09", "K35"),
    "R51.9": ("G43", "G44"),
    "R55": ("S06", "I44.2", "I95.1"),
    "R56.9": ("G40",),
    "R60": ("I50", "N04"),
    "R73": ("E08", "E09", "E10", "E11", "E13"),
    "R80": ("E11.21", "N04", "O14"),
    "R91": ("C34", "C78.0", "D14.3", "J18", "J85", "A15"),
    "E87.1": ("E22.2",),
    "H35.81": ("E10.3", "E11.3", "E13.3", "H34"),
    "I51.7": ("I11",),
    "J81.0": ("I50", "I11.0", "I13.0", "I13.2"),
    "N63": ("C50", "D05", "D24"),
}
"""Beginnings of the code of a symptom, sign or finding → beginnings of the diseases that it is part
of."""

INCLUDED: Mapping[str, tuple[str, ...]] = {
    "D57.00": ("D57.01", "D57.02"),
    "D57.1": ("D57.0",),
    "E16.2": ("E08.64", "E09.64", "E10.64", "E11.64", "E13.64"),
    "E61.1": ("D50",),
    "F29": ("F20", "F25", "F31.2", "F31.5", "F31.64", "F32.3", "F33.3", "F22", "F23"),
    "F30": ("F31",),
    "F31.9": ("F25.0",),
    "G62.9": ("E10.4", "E11.4", "E13.4"),
    "H04.12": ("M35.0",),
    "H16.2": ("M35.01",),
    "I73.9": ("E10.51", "E11.51", "E13.51", "M31.6"),
    "J93": ("S27.0", "S27.2"),
    "K65": ("K35", "K57.0", "K57.2", "K57.4", "K57.8", "K63.1", "K25", "K26", "K27"),
    "K80.50": ("K80.0", "K80.1", "K80.2"),
    "K83.0": ("K80.3", "K80.4"),
    "K92.2": (
        "K25.0", "K25.4", "K26.0", "K26.4", "K27.0", "K27.4", "K28.0", "K28.4", "K29.01", "K29.51",
        "K29.71", "K29.91", "K31.811", "K55.21", "K57.01", "K57.11", "K57.13", "K57.21", "K57.31",
        "K57.33", "K57.91", "K57.93", "I85.01", "I85.11", "K22.6", "K64",
    ),
    "L02.91": ("K57", "K61", "J85", "N15", "K65", "K75.0", "K63.0", "N70", "L02.2", "L02.4"),
    "L30.9": ("L20", "L23", "L24", "L25"),
    "M19.90": ("M05", "M06", "M32", "L40.5", "M10", "M08"),
    "M35.3": ("M31.5",),
    "M81": ("M80",),
    "N20": ("N13.2",),
    "O80": ("O1", "O2", "O3", "O4", "O6", "O7", "O82", "O86", "O87", "O88", "O9"),
    "R65.20": ("R65.21",),
    "Z33": ("O",),
    "Z34": ("O",),
    "Z72.0": ("F17",),
    "Z78.0": ("N95",),
}  # fmt: skip
"""Beginnings of a code → beginnings of codes that say the same and more, or rule it out."""

INJURIES: Mapping[str, tuple[str, ...]] = {
    "S09.9": ("S00", "S01", "S02", "S06"),
    "S19.9": ("S10", "S11", "S12", "S13", "S14", "S16"),
    "S29.9": ("S20", "S21", "S22", "S23", "S27"),
    "S39.9": ("S30", "S31", "S32", "S33", "S36", "S37"),
    "S49.9": ("S40", "S41", "S42", "S43", "S46"),
    "S59.9": ("S50", "S51", "S52", "S53", "S56"),
    "S69.9": ("S60", "S61", "S62", "S63", "S66", "S52.5", "S52.6"),
    "S79.9": ("S70", "S71", "S72", "S73", "S76"),
    "S89.9": ("S80", "S81", "S82", "S83", "S86"),
    "S99.9": ("S90", "S91", "S92", "S93", "S96", "S82.5", "S82.6", "S82.8"),
}
"""Injuries of no stated kind, which bring a patient in → those that were found there."""

_INTEGRAL = (("symptom of", SYMPTOMS), ("part of", INCLUDED), ("part of", INJURIES))

PAIRS: tuple[tuple[str, str, str], ...] = (
    ("M31.6", "M35.3", "M31.5"),
    ("D64.9", "E61.1", "D50.9"),
    ("E10.9", "E11.10", "E10.10"),
    ("K57.30", "K92.2", "K57.31"),
    ("I25.10", "I20.9", "I25.119"),
    ("I25.10", "I20.0", "I25.110"),
    ("K80.20", "K81.0", "K80.00"),
    ("K80.20", "K81.1", "K80.10"),
    ("K70.30", "R18.8", "K70.31"),
    ("K80.50", "K83.09", "K80.32"),
)
"""Two codes that are one: the first and the second give the third."""

_LOWER_AIRWAYS = ("J12", "J13", "J14", "J15", "J16", "J17", "J18", "J20", "J21", "J22")

_PORTAL = ("K70.3", "K71.7", "K74.3", "K74.6", "K76.6")
_VARICES = {"I85.00": "I85.10", "I85.01": "I85.11"}
_INFECTED = (
    "L02", "L03", "L08", "L89", "L97", "M00", "M46", "M86", "N10", "N39.0", "N12", "T81.4", "T82.7",
    "T84.5", "T84.6", "I33", "K65", "J86", "E11.62", "G06", "N61", "H60",
)  # fmt: skip
_ORGANISMS = {"A49.01": "B95.61", "A49.02": "B95.62"}
_DEMENTING = ("G30", "G31.0", "G31.83", "G20", "G10")


@dataclass(frozen=True, slots=True)
class WithDiabetes:
    """What the index lists under "diabetes, with" (I.A.15).

    `other` is the beginning of the other code, `ending` that of the combined one, `less` the
    endings of the codes of diabetes that it says too; `whole`: it says all of the other.
    """

    other: str
    ending: str
    less: tuple[str, ...] = ("9",)
    whole: bool = True


WITH_DIABETES: tuple[WithDiabetes, ...] = (
    WithDiabetes("N18", "22", less=("9", "21"), whole=False),
    WithDiabetes("I73.9", "51"),
    WithDiabetes("G62.9", "42", less=("9", "40")),
    WithDiabetes("K31.84", "43", whole=False),
    WithDiabetes("L97", "621", whole=False),
    WithDiabetes("R73.9", "65"),
    WithDiabetes("E16.2", "649"),
)


def combinations(codes: Collection[str]) -> tuple[Combined, ...]:
    """The combination codes that `codes` call for."""
    rules = (
        _hypertension, _diabetes, _pairs, _dementia, _varices, _stones, _retention, _organism,
        _obstructed,
    )  # fmt: skip
    return tuple(found for rule in rules for found in rule(codes))


def integral_to(code: str, codes: Collection[str]) -> str:
    """Why `code` is not coded beside `codes`: whose symptom or part it is; "" where it is."""
    for relation, table in _INTEGRAL:
        if start := next((start for start in table if code.startswith(start)), ""):
            wholes = (c for c in sorted(codes) if c != code and c.startswith(table[start]))
            return next((f"{relation} {whole}" for whole in wholes), "")
    return ""


def _below(codes: Collection[str], *starts: str) -> list[str]:
    """Those of `codes` that begin so, sorted."""
    return sorted(code for code in codes if code.startswith(starts))


def _beside(
    causes: Sequence[str], codes: Collection[str], turned: Mapping[str, str]
) -> tuple[Combined, ...]:
    """What those of `codes` that stand in `turned` become beside their causes, if there are any."""
    return tuple(
        Combined(code=new, parts=(*causes, old), replaced=(old,))
        for old, new in turned.items()
        if causes and old in codes
    )


def _pairs(codes: Collection[str]) -> tuple[Combined, ...]:
    return tuple(
        Combined(
            code=both,
            parts=(one, other),
            replaced=(one, other),
        )
        for one, other, both in PAIRS
        if one in codes and other in codes and both not in codes
    )


def _obstructed(codes: Collection[str]) -> tuple[Combined, ...]:
    """Obstructive lung disease with an infection of the lower airways, which is coded too, as is an
    exacerbation (the notes at J44.0 and J44.1).
    """
    disease, infection = _below(codes, "J44.1", "J44.9"), _below(codes, *_LOWER_AIRWAYS)
    if not disease or not infection or "J44.0" in codes:
        return ()
    replaced = tuple(code for code in disease if code == "J44.9")
    return (Combined(code="J44.0", parts=(*disease, *infection), replaced=replaced),)


def _varices(codes: Collection[str]) -> tuple[Combined, ...]:
    """Esophageal varices in cirrhosis or portal hypertension: the index presumes the link."""
    return _beside(_below(codes, *_PORTAL), codes, _VARICES)


def _organism(codes: Collection[str]) -> tuple[Combined, ...]:
    """Staphylococci beside the infection that they cause (the note at A49: use B95 there)."""
    return _beside(_below(codes, *_INFECTED)[:1], codes, _ORGANISMS)


def _retention(codes: Collection[str]) -> tuple[Combined, ...]:
    """Retention of urine that an enlarged prostate causes (the note at N40.1 names R33.8)."""
    return _beside(_below(codes, "N40.1"), codes, {"R33.9": "R33.8"})


def _dementia(codes: Collection[str]) -> tuple[Combined, ...]:
    """Dementia in a disease that has a code of its own moves from F03 to F02, its severity kept."""
    turned = {
        code: f"F02.{'8' if code[4] == '9' else code[4]}{code[5:]}" for code in _below(codes, "F03")
    }
    return _beside(_below(codes, *_DEMENTING), codes, turned)


def _stones(codes: Collection[str]) -> tuple[Combined, ...]:
    """Stones of kidney or ureter with hydronephrosis."""
    stones = _below(codes, "N20")
    if not stones or "N13.30" not in codes:
        return ()
    parts = ("N13.30", *stones)
    return (Combined(code="N13.2", parts=parts, replaced=parts),)


def _hypertension(codes: Collection[str]) -> tuple[Combined, ...]:
    hypertension = _below(codes, "I10", "I11", "I12", "I13")
    heart, kidney = _below(codes, "I50"), _below(codes, "N18")
    if not hypertension or not (heart or kidney):
        return ()
    parts = (*hypertension, *heart, *kidney)
    code = _hypertensive(bool(heart), bool(kidney), bool({"N18.5", "N18.6"} & set(kidney)))
    replaced = tuple(c for c in hypertension if c != code)
    return (Combined(code=code, parts=parts, replaced=replaced),) if replaced else ()


def _hypertensive(heart: bool, kidney: bool, late: bool) -> str:  # noqa: FBT001 - three plain facts
    """I11-I13 by what hypertension goes with; `late` is kidney disease of stage 5 or 6."""
    if heart and kidney:
        return "I13.2" if late else "I13.0"
    if heart:
        return "I11.0"
    return "I12.0" if late else "I12.9"


def _diabetes(codes: Collection[str]) -> tuple[Combined, ...]:
    found = []
    for diabetes in ("E10", "E11", "E13"):
        types = _below(codes, diabetes)
        for row in WITH_DIABETES if types else ():
            others, code = _below(codes, row.other), f"{diabetes}.{row.ending}"
            if others and code not in types:
                less = {f"{diabetes}.{ending}" for ending in row.less}
                replaced = (*(c for c in types if c in less), *(others if row.whole else ()))
                found.append(Combined(code=code, parts=(*types, *others), replaced=replaced))
    return tuple(found)
