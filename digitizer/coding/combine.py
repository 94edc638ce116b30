"""What one document's codes do to one another: combinations, and symptoms that go without saying.

ICD-10-CM presumes that hypertension goes with heart failure and with chronic kidney disease, and
diabetes with chronic kidney disease, and has one code for both (guidelines I.A.15, I.C.4, I.C.9). A
symptom that a suggested disease regularly has is not coded beside it (I.B.5). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    "M35.3": ("M31.5",),
    "M81": ("M80",),
    "J93": ("S27.0", "S27.2"),
    "L02.91": ("K57", "K61", "J85", "N15", "K65", "K75.0", "K63.0", "N70", "L02.2", "L02.4"),
    "R55": ("S06", "I44.2", "I95.1"),
    "Z34": ("O",),
    "Z33": ("O",),
    "R39.9": ("N40.1",),
    "R30.0": ("N10", "N30", "N39.0"),
    "R31": ("N20", "C67"),
    "R35": ("N30", "N39.0"),
    "R39.15": ("N30", "N32.81", "N39.0"),
    "R50.9": ("A41", "J12", "J13", "J15", "J18", "L03", "N10", "J10", "J11", "U07.1", "A09", "K35"),
    "R51.9": ("G43", "G44"),
    "R56.9": ("G40",),
    "R60": ("I50", "N04"),
    "K65": ("K35", "K57.0", "K57.2", "K57.4", "K57.8", "K63.1", "K25", "K26", "K27"),
    "E87.1": ("E22.2",),
    "F29": ("F20", "F25", "F31.2", "F31.5", "F31.64", "F32.3", "F33.3", "F22", "F23"),
    "F30": ("F31",),
    "N20": ("N13.2",),
    "K92.2": (
        "K25.0",
        "K25.4",
        "K26.0",
        "K26.4",
        "K27.0",
        "K27.4",
        "K28.0",
        "K28.4",
        "K29.01",
        "K29.51",
        "K29.71",
        "K29.91",
        "K31.811",
        "K55.21",
        "K57.01",
        "K57.11",
        "K57.13",
        "K57.21",
        "K57.31",
        "K57.33",
        "K57.91",
        "K57.93",
        "I85.01",
        "I85.11",
        "K22.6",
        "K64",
    ),
    "K83.0": ("K80.3", "K80.4"),
    "R42": ("H81",),
    "F31.9": ("F25.0",),
    "D57.1": ("D57.0",),
    "D57.00": ("D57.01", "D57.02"),
    "O80": ("O1", "O2", "O3", "O4", "O6", "O7", "O82", "O86", "O87", "O88", "O9"),
    "R65.20": ("R65.21",),
    "R73": ("E08", "E09", "E10", "E11", "E13"),
    "R80": ("E11.21", "N04", "O14"),
    "Z78.0": ("N95",),
    "G62.9": ("E10.4", "E11.4", "E13.4"),
    "I73.9": ("E10.51", "E11.51", "E13.51"),
    "M19.90": ("M05", "M06", "M32", "L40.5", "M10", "M08"),
    "H35.81": ("E10.3", "E11.3", "E13.3", "H34"),
    "I51.7": ("I11",),
    "J81.0": ("I50", "I11.0", "I13.0", "I13.2"),
    "N63": ("C50", "D05", "D24"),
    "R91": ("C34", "C78.0", "D14.3", "J18", "J85", "A15"),
    "R22": ("L02", "L72", "D17", "C44", "C49"),
    "L30.9": ("L20", "L23", "L24", "L25"),
    "Z72.0": ("F17",),
}
"""Beginnings of a symptom's code → beginnings of the diseases that it is part of."""

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


def combinations(codes: Collection[str]) -> tuple[Combined, ...]:
    """The combination codes that `codes` call for."""
    rules = (_hypertension, _diabetes, _pairs, _dementia, _varices, _stones, _retention, _organism)
    return tuple(found for rule in rules for found in rule(codes))


def integral_to(symptom: str, codes: Collection[str]) -> str:
    """The code among `codes` of a disease that `symptom` is part of; "" where there is none."""
    for start, diseases in (*SYMPTOMS.items(), *INJURIES.items()):
        if symptom.startswith(start):
            return next((c for c in sorted(codes) if c != symptom and c.startswith(diseases)), "")
    return ""


PAIRS: tuple[tuple[str, str, str], ...] = (
    ("M31.6", "M35.3", "M31.5"),
    ("D64.9", "E61.1", "D50.9"),
    ("E10.9", "E11.10", "E10.10"),
    ("K57.30", "K92.2", "K57.31"),
    ("I25.10", "I20.9", "I25.119"),
    ("I25.10", "I20.0", "I25.110"),
    ("J44.9", "J20.9", "J44.0"),
    ("J44.9", "J18.9", "J44.0"),
    ("K80.20", "K81.0", "K80.00"),
    ("K80.20", "K81.1", "K80.10"),
    ("K70.30", "R18.8", "K70.31"),
    ("K80.50", "K83.09", "K80.32"),
)
"""Two codes that are one: the first and the second beginning give the third."""


def _pairs(codes: Collection[str]) -> tuple[Combined, ...]:
    return tuple(
        Combined(
            code=both, parts=(one, other), replaced=(one,) if both[:3] in ("J44",) else (one, other)
        )
        for one, other, both in PAIRS
        if one in codes and other in codes and both not in codes
    )


def _varices(codes: Collection[str]) -> tuple[Combined, ...]:
    """Esophageal varices in cirrhosis or portal hypertension: the index presumes the link."""
    causes = sorted(c for c in codes if c.startswith(("K70.3", "K71.7", "K74.3", "K74.6", "K76.6")))
    return tuple(
        Combined(code=f"I85.1{code[-1]}", parts=(*causes, code), replaced=(code,))
        for code in ("I85.00", "I85.01")
        if code in codes and causes
    )


def _stones(codes: Collection[str]) -> tuple[Combined, ...]:
    """Stones of kidney or ureter with hydronephrosis."""
    parts = sorted(c for c in codes if c.startswith("N20") or c == "N13.30")
    if "N13.30" not in parts or len(parts) == 1:
        return ()
    return (Combined(code="N13.2", parts=tuple(parts), replaced=tuple(parts)),)


_INFECTED = (
    "L02", "L03", "L08", "L89", "L97", "M00", "M46", "M86", "N10", "N39.0", "N12", "T81.4", "T82.7",
    "T84.5", "T84.6", "I33", "K65", "J86", "E11.62", "G06", "N61", "H60",
)  # fmt: skip
_ORGANISMS = {"A49.01": "B95.61", "A49.02": "B95.62"}


def _organism(codes: Collection[str]) -> tuple[Combined, ...]:
    """Staphylococci beside the infection that they cause (the note at A49: use B95 there)."""
    places = sorted(c for c in codes if c.startswith(_INFECTED))
    return tuple(
        Combined(code=cause, parts=(places[0], code), replaced=(code,))
        for code, cause in _ORGANISMS.items()
        if code in codes and places
    )


def _retention(codes: Collection[str]) -> tuple[Combined, ...]:
    """Retention of urine that an enlarged prostate causes (the note at N40.1 names R33.8)."""
    if not {"N40.1", "R33.9"} <= set(codes):
        return ()
    return (Combined(code="R33.8", parts=("N40.1", "R33.9"), replaced=("R33.9",)),)


def _dementia(codes: Collection[str]) -> tuple[Combined, ...]:
    """Dementia in a disease that has a code of its own moves from F03 to F02, its severity kept."""
    causes = sorted(c for c in codes if c.startswith(("G30", "G31.0", "G31.83", "G20", "G10")))
    found = []
    for code in sorted(c for c in codes if c.startswith("F03")):
        target = f"F02.{'8' if code[4] == '9' else code[4]}{code[5:]}"
        if causes:
            found.append(Combined(code=target, parts=(*causes, code), replaced=(code,)))
    return tuple(found)


def _hypertension(codes: Collection[str]) -> tuple[Combined, ...]:
    hypertension = sorted(c for c in codes if c == "I10" or c.startswith(("I11", "I12", "I13")))
    heart = sorted(c for c in codes if c.startswith("I50"))
    kidney = sorted(c for c in codes if c.startswith("N18"))
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


WITH_DIABETES: tuple[tuple[str, str, bool], ...] = (
    ("N18", "22", False),
    ("I73.9", "51", True),
    ("G62.9", "42", True),
    ("K31.84", "43", False),
    ("L97", "621", False),
    ("R73.9", "65", True),
    ("E16.2", "649", True),
)
"""What the index lists under "diabetes, with" (I.A.15): beginning of the other code, ending of the
combined one, and whether that says all of the other."""


def _diabetes(codes: Collection[str]) -> tuple[Combined, ...]:
    found = []
    for diabetes in ("E10", "E11", "E13"):
        types = sorted(c for c in codes if c.startswith(diabetes))
        for start, ending, whole in WITH_DIABETES if types else ():
            others = sorted(c for c in codes if c.startswith(start))
            code = f"{diabetes}.{ending}"
            if others and code not in types:
                less = {f"{diabetes}.9"} | ({f"{diabetes}.21"} if ending == "22" else set())
                less |= {f"{diabetes}.40"} if ending == "42" else set()
                replaced = (*sorted(less & set(types)), *(others if whole else ()))
                found.append(Combined(code=code, parts=(*types, *others), replaced=replaced))
    return tuple(found)
