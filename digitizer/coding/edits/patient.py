"""Codes that do not fit the patient's sex or age: a wrong code, a misread header, or a misfile.

The tables follow what the categories are about; CMS's own age and sex lists are not packaged. All
are warnings: people change, and headers are misread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Facts, Reference

FEMALE = (
    "C51", "C52", "C53", "C54", "C55", "C56", "C57", "C58", "D06", "D07.0", "D07.1", "D07.2",
    "D07.3", "D25", "D26", "D27", "D28", "D39", "E28", "F52.5", "F53", "N70", "N71", "N72", "N73",
    "N75", "N76", "N77", "N80", "N81", "N82", "N83", "N84", "N85", "N86", "N87", "N88", "N89",
    "N90", "N91", "N92", "N93", "N94", "N95", "N96", "N97", "O", "Q50", "Q51", "Q52", "R87",
    "Z01.41", "Z12.4", "Z32", "Z33", "Z34", "Z36", "Z39", "Z3A", "Z78.0", "Z90.71",
    "Z97.5",
)  # fmt: skip
"""Beginnings of codes about female organs, and about pregnancy."""

MALE = (
    "C60", "C61", "C62", "C63", "D07.4", "D07.5", "D07.6", "D29", "D40", "E29", "F52.4", "N40",
    "N41", "N42", "N43", "N44", "N45", "N46", "N47", "N48", "N49", "N50", "N51", "N52", "N53",
    "Q53", "Q54", "Q55", "R97.2", "S31.2", "S31.3", "Z12.5", "Z12.71", "Z85.46", "Z85.47",
)  # fmt: skip
"""Beginnings of codes about male organs."""

AGES: tuple[tuple[tuple[str, ...], int, int, str], ...] = (
    (("O", "Z33", "Z34", "Z3A"), 9, 64, "is about a pregnancy"),
    (("Z38", "Z00.11"), 0, 0, "is for newborns"),
    (("Z00.12",), 0, 17, "is for children"),
    (("Z68.1", "Z68.2", "Z68.3", "Z68.4"), 20, 124, "is the body mass index of adults"),
    (("Z68.5",), 2, 19, "is the body mass index of children"),
    (("N40", "C61", "N95", "Z78.0", "F03", "G30", "M81.0", "I70"), 18, 124, "is of adults"),
)
"""Beginnings of codes, first and last age in years, and why."""


def patient(claim: Claim, _: Mapping[str, Facts], __: Reference) -> Iterator[Message]:
    """Warnings about sex and age, a remark about perinatal codes later in life."""
    for coded in claim.confirmed:
        code = coded.code.code
        for wrong in (_sex(code, claim.sex), _age(code, claim.age)):
            if wrong:
                text = f"{code} {wrong}: check the code, the header, and whose page this is"
                yield Message(level=Level.WARNING, text=text, line=coded.line)
        if code.startswith("P") and claim.age:
            text = f"{code} began around birth, {claim.age} years ago: does it still matter?"
            yield Message(level=Level.INFORMATION, text=text, line=coded.line)


def _sex(code: str, sex: str | None) -> str:
    if sex == "M" and code.startswith(FEMALE):
        return "is of female patients, and the header says male"
    if sex == "F" and code.startswith(MALE):
        return "is of male patients, and the header says female"
    return ""


def _age(code: str, age: int | None) -> str:
    for starts, first, last, why in AGES:
        if age is not None and code.startswith(starts) and not first <= age <= last:
            return f"{why}, and the patient is {age}"
    return ""
