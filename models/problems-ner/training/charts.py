"""Makes up charts to learn from: the lines of `lines.tsv`, filled from our dictionaries."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digitizer.nlp.tables import listed, read_table, words_by_role

SEED = 11
SLOT = re.compile(r"\{(\w+)\}")
PLAN = (  # (part, fewest lines, most lines), in the order of the page
    ("head", 2, 6), ("heading", 0, 1), ("impression", 0, 3), ("heading", 0, 1), ("prose", 0, 7),
    ("heading", 0, 1), ("list", 0, 8), ("heading", 0, 1), ("meds", 0, 4), ("labs", 0, 4),
    ("exam", 0, 4), ("list", 0, 4), ("prose", 0, 4), ("consent", 0, 2), ("head", 0, 2),
)  # fmt: skip
OTHERS = {
    "sex": "male female man woman gentleman lady",
    "first": "Anna Luis Grace Omar Helen Victor Mei Samuel Ruth Carlos Edith Ivan Nora Paul",
    "last": "Heart Burns Cole Payne Liverman Ortiz Bloodworth Kim Rasch Foot Novak Hart Ache Ross",
    "street": "Main|Stone|Heartland|Lung Hill|Harbor|Ridge|Spring|Colony",
    "town": "Millford|Burns|Lake Eden|Fallbrook|Soreton|Ashland|Gallup",
    "dept": "Cardiology|Oncology|Pain Management|Surgery|Pulmonary Medicine|Infectious Diseases",
    "facility": "Lakeside Heart Clinic|Stroke and Spine Center|Mercy Cancer Institute|Eden Hospital"
    "|Kidney Care Associates|Valley Diabetes Center|Northside Family Practice",
    "title": "PROGRESS NOTE|DISCHARGE SUMMARY|OPERATIVE REPORT|LABORATORY REPORT|FACE SHEET"
    "|CONSENT FOR PROCEDURE|HISTORY AND PHYSICAL|PROBLEM LIST|CONSULTATION",
    "heading": "Past Medical History|Family History|Review of Systems|Plan|Assessment and Plan"
    "|Current Medications|Hospital Course|Problem Status Onset|Conditions (check all that apply)",
    "sign": "edema|cyanosis|wheezes|rales|rash|lymphadenopathy|tenderness|clubbing|hepatomegaly",
    "risk": "bleeding|infection|stroke|blood clots|nerve injury|allergic reaction|heart attack"
    "|perforation|wound infection|pneumonia|damage to surrounding nerves",
    "symptom": "chest pain|shortness of breath|nausea|vomiting|fever|chills|cough|dizziness|fatigue"
    "|headache|abdominal pain|back pain|weakness|numbness|diarrhea|constipation|rash|syncope|edema"
    "|palpitations|blurred vision|joint pain|weight loss|insomnia|hematuria|dysuria|sore throat",
}
ANNOTATED = frozenset({"problem", "symptom", "sign", "risk"})
ABBREVIATED = re.compile(r"[a-z]{2,5}\d?")
Fill = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Writer:
    """Lines by part, and what may stand in each slot."""

    lines: dict[str, list[str]]
    slots: dict[str, Fill]

    def chart(self, key: str, rng: random.Random) -> dict[str, object]:
        """One page: its text and where its problems stand."""
        text, spans = "", []
        for part, fewest, most in PLAN:
            for number in range(rng.randint(fewest, most)):
                line, found = self._filled(rng.choice(self.lines[part]), number + 1, rng)
                spans += [[len(text) + s, len(text) + e, "PROBLEM"] for s, e in found]
                text += line + "\n"
        return {"id": key, "text": text, "spans": spans}

    def _filled(
        self, line: str, number: int, rng: random.Random
    ) -> tuple[str, list[tuple[int, int]]]:
        text, found, at = "", [], 0
        for slot in SLOT.finditer(line):
            text += line[at : slot.start()]
            name = slot[1]
            value = str(number) if name == "n" else self.slots[name.lower()](rng)
            cased = _cased(value, name)
            if name.lower() in ANNOTATED:
                found.append((len(text), len(text) + len(cased)))
            text += cased
            at = slot.end()
        return text + line[at:], found


def _cased(value: str, slot: str) -> str:
    """As the slot is written: {problem}, {Problem} (as often in title case), {PROBLEM}."""
    if slot.isupper() and len(slot) > 1:
        return value.upper()
    if slot[0].isupper() and value[:1].islower():
        return value.title().replace("'S", "'s") if len(value) % 2 else value[0].upper() + value[1:]
    return value


def writer(models: Path, lines: Path) -> Writer:
    """What is made up, from the dictionaries of `models`."""
    by_part: dict[str, list[str]] = {}
    for row in read_table(lines):
        by_part.setdefault(row["at"], []).append(row["line"])
    clinical = models / "clinical-en"
    medicines = read_table(clinical / "medications.tsv")
    names = [row["generic"] for row in medicines]
    names += [brand for row in medicines for brand in listed(row["brands"])]
    labs = [row["name"] for row in read_table(clinical / "labs.tsv")]
    roles = words_by_role(clinical / "procedures.tsv")
    parts = sorted(words_by_role(clinical / "problem_words.tsv")["anatomy"])
    units = ["mg/dL", "mmol/L", "g/dL", "U/L", "%", "K/uL", "mEq/L"]
    choices: dict[str, list[str]] = {
        "problem": _problems(models / "lexicon" / "problems.tsv"),
        "med": names,
        "lab": labs,
        "unit": units,
        "procedure": sorted(roles["head"]),
        "part": parts,
        **{k: v.split("|") if "|" in v else v.split() for k, v in OTHERS.items()},
    }
    slots: dict[str, Fill] = {name: _one_of(values) for name, values in choices.items()}
    first, last = slots["first"], slots["last"]
    return Writer(
        by_part,
        slots
        | {
            "name": lambda rng: f"{first(rng)} {last(rng)}",
            "age": lambda rng: str(rng.randint(18, 95)),
            "days": lambda rng: str(rng.randint(2, 12)),
            "year": lambda rng: str(rng.randint(1985, 2024)),
            "number": lambda rng: str(rng.randint(100, 999_999)),
            "zip": lambda rng: str(rng.randint(10_000, 99_999)),
            "value": lambda rng: f"{rng.uniform(0.5, 200):.1f}",
            "bp": lambda rng: f"{rng.randint(95, 180)}/{rng.randint(55, 100)}",
            "dose": lambda rng: f"{rng.choice((2.5, 5, 10, 20, 40, 81, 100, 325, 500)):g} mg",
            "date": lambda rng: (
                f"{rng.randint(1, 12):02}/{rng.randint(1, 28):02}/{rng.randint(1990, 2024)}"
            ),
        },
    )


def _one_of(values: list[str]) -> Fill:
    return lambda rng: rng.choice(values)


def _problems(path: Path) -> list[str]:
    """Names of diseases, injuries and symptoms; short ones that are no words as capitals.

    A status or a reason for a visit (codes in Z) is no problem.
    """
    rows = [row for row in read_table(path) if row["code"][0] not in "UVWXYZ"]
    return [_as_printed(row["term"]) for row in rows if not row.get("context")]


def _as_printed(term: str) -> str:
    vowels = sum(c in "aeiouy" for c in term)
    short = ABBREVIATED.fullmatch(term) and (len(term) < 4 or vowels < 2)
    return term.upper() if short else term


def charts(models: Path, number: int) -> Iterator[dict[str, object]]:
    """So many charts, always the same."""
    write = writer(models, Path(__file__).with_name("lines.tsv"))
    rng = random.Random(SEED)
    return (write.chart(f"chart-{key}", rng) for key in range(number))
