"""What the words around a finding say about how it came about, when, and where: last characters.

A code found by its name has the last characters of the plain case: accidental, initial encounter,
site not said, diabetes of no stated type. Where the sentence says otherwise, they follow it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from digitizer.chart.coding import CodeKnowledge, CodeSuggestion
from digitizer.chart.document import Document
from digitizer.coding.surroundings import sentence_of

Made = Mapping[str, CodeSuggestion]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


_INTENT = (
    ("2", _words(r"intentional|suicid\w+|self[- ](?:harm|inflicted)|on purpose|to end \w+ life")),
    ("3", _words(r"assault\w*|poisoned by|homicid\w+")),
    ("4", _words(r"undetermined intent|intent (?:unclear|unknown|undetermined)")),
)  # fmt: skip
_NOT_INTENDED = _words(r"unintentional|accident\w*|not (?:intentional|suicidal)|den(?:ies|ied)")
_EPISODES = (
    ("S", _words(r"sequelae?\b|late effects? of|residual (?:of|from)")),
    ("K", _words(r"nonunion|non-union|ununited")),
    ("P", _words(r"malunion|malunited")),
    ("G", _words(r"delayed (?:healing|union)")),
    ("D", _words(
        r"healing|healed|follow[- ]?up|aftercare|cast (?:removed|removal|off|change)"
        r"|subsequent encounter|suture removal|wound check"
    )),
)  # fmt: skip
_OPEN = re.compile(
    r"\b(?:open|compound)\b(?! reduction)[^.;]{0,40}\bfracture"
    r"|\bfracture[^.;]{0,30}\bopen\b(?! reduction)",
    re.IGNORECASE,
)
_NODES = (
    ("1", _words(r"cervical|neck|supraclavicular|submandibular|facial|preauricular")),
    ("2", _words(r"mediastin\w+|hilar|intrathoracic|paratracheal")),
    ("3", _words(r"mesenter\w+|retroperiton\w+|abdominal|para-?aortic")),
    ("4", _words(r"axill\w+|arm\b")),
    ("5", _words(r"inguinal|groin|femoral")),
    ("6", _words(r"pelvi[cs]|iliac")),
    ("7", _words(r"splen\w+|spleen")),
)
_LYMPHOMA = re.compile(r"C8[1-5]\.[\dA-Z]0")
_OTHER_DIABETES = _words(
    r"secondary|other specified|post[- ]?pancrea\w+|pancrea\w+|postprocedural|mody|monogenic|lada"
    r"|type (?:1\.5|3c)|cystic fibrosis|steroid|drug"
)
_DISTURBED = (
    ("11", _words(r"agitat\w+|aggressi\w+")),
    ("18", _words(r"behaviou?ral disturbances?|wandering|sundown\w+|sleep disturbance")),
    ("2", _words(r"psychotic|psychosis|hallucinat\w+|delusion\w*|paranoi\w+")),
    ("3", _words(r"mood disturbance|depressed mood|apathy")),
    ("4", _words(r"anxiety|anxious")),
)
_QUIET = _words(
    r"(?:without|no|denies) (?:\w+ ){0,2}(?:behaviou?ral|psychotic|agitation|disturbance)"
)
_SEROPOSITIVE = _words(
    r"sero-?positive|(?:RF|rheumatoid factor|(?:anti-?)?CCP)(?: (?:and|/) \w+)? ?"
    r"(?:positive|pos\b|\+)"
)
_FROM_BLEEDING = _words(
    r"(?:due to|secondary to|2/2|d/t|from|of) (?:\w+ ){0,3}"
    r"(?:blood loss|menorrhagia|bleed\w*|hemorrhag\w+|heavy menses|gi loss\w*)"
)
_NONINVASIVE = _words(r"non-? ?invasive|p?Ta\b|in situ")
_WORN = _words(r"degenerat\w+|ddd|dessicat\w+|desiccat\w+")
_LEVELS = (
    ("M51.379", _words(r"L5\s?[-/]\s?S1\b|lumbosacral\b")),
    ("M51.369", _words(r"L[1-5]\b|L\d\s?[-/]\s?L?\d|lumbar\b")),
    ("M50.30", _words(r"C[2-7]\b|C\d\s?[-/]\s?C?\d|cervical\b")),
    ("M51.34", _words(r"T(?:[1-9]|1[0-2])\b|thoracic\b")),
)
_RIBS = _words(r"ribs\b|rib (?:fractures|fxs)\b")
_FRAGILE = _words(r"osteopor\w+|fragility|insufficiency fracture")
_FRAGILE_SITES = {
    "S22.0": "8", "S32.0": "8", "S42.2": "2", "S52": "3", "S72": "5", "S82": "6", "S92": "7",
}  # fmt: skip
_TYPE_2 = _words(r"type (?:2|ii)\b|t2dm|dm ?(?:2|ii)\b|niddm")
_POISONING = re.compile(r"T(?:3[6-9]|4\d|50|5[1-9]|6[0-5])\.[\dA-Z]{2}1A")


def circumstances(
    made: Made, document: Document, knowledge: CodeKnowledge
) -> dict[str, CodeSuggestion]:
    """The suggestions, each under the code that the sentences of its evidence call for."""
    result: dict[str, CodeSuggestion] = {}
    for code, suggestion in made.items():
        text = " ".join(_sentences(document, suggestion))
        wanted = next((new for rule in _RULES if (new := rule(code, text))), code)
        known = knowledge.code(wanted) if wanted != code else None
        if known and known.billable and wanted not in made:
            why = f"{suggestion.why}; as told: {known.title}"
            result[wanted] = replace(suggestion, code=known, why=why)
        else:
            result[code] = suggestion
    return result


def of_one_type(
    made: Made, document: Document, knowledge: CodeKnowledge
) -> dict[str, CodeSuggestion]:
    """Complications of diabetes of no stated type under the type that the chart states.

    "Diabetic neuropathy" alone has a code of type 2; beside type 1 diabetes it is that one's.
    """
    result = dict(made)
    if not any(code.startswith("E10") and s.suggested for code, s in made.items()):
        return result
    for code, suggestion in made.items():
        if not code.startswith("E11") or not suggestion.suggested:
            continue
        known = knowledge.code(f"E10{code[3:]}")
        if not known or _TYPE_2.search(" ".join(_sentences(document, suggestion))):
            continue
        result[code] = replace(suggestion, suggested=False, withheld="the chart says type 1")
        if known.billable and known.code not in made:
            why = f"{suggestion.why}; of type 1, as the chart says: {known.title}"
            result[known.code] = replace(suggestion, code=known, why=why)
    return result


def _intent(code: str, text: str) -> str:
    if not _POISONING.fullmatch(code) or _NOT_INTENDED.search(text):
        return ""
    return _first(_INTENT, text, lambda char: f"{code[:6]}{char}{code[7:]}")


def _episode(code: str, text: str) -> str:
    """The seventh character of an injury that is not new, or of an open fracture."""
    if len(code) != 8 or not code.startswith(("S", "T", "M80", "M84")) or code[-1] != "A":
        return ""
    if found := _first(_EPISODES, text, lambda char: f"{code[:-1]}{char}"):
        return found
    return f"{code[:-1]}B" if code.startswith("S") and _OPEN.search(text) else ""


def _nodes(code: str, text: str) -> str:
    """The site of a lymphoma, from the name of the nodes; two of them are several sites."""
    if not _LYMPHOMA.fullmatch(code):
        return ""
    found = [char for char, words in _NODES if words.search(text)]
    if not found or not re.search(r"\b(?:nodes?|nodal|lymphadenopathy|spleen)\b", text, re.I):
        return ""
    return f"{code[:-1]}{found[0] if len(found) == 1 else '8'}"


def _diabetes(code: str, text: str) -> str:
    """Diabetes of no stated type or cause is of type 2 (guideline I.C.4.a.2)."""
    return f"E11{code[3:]}" if code[:3] == "E13" and not _OTHER_DIABETES.search(text) else ""


def _dementia(code: str, text: str) -> str:
    """Dementia with what disturbs, where the plain one was found."""
    if not re.fullmatch(r"F0[123]\.[89ABC]0", code) or _QUIET.search(text):
        return ""
    return _first(_DISTURBED, text, lambda end: f"{code[:-1]}{end}")


def _noninvasive(code: str, text: str) -> str:
    """A tumour of the bladder that has not invaded is in situ."""
    return "D09.0" if code.startswith("C67") and _NONINVASIVE.search(text) else ""


def _blood_loss(code: str, text: str) -> str:
    """Iron deficiency whose cause is said to be bleeding."""
    return "D50.0" if code == "D50.9" and _FROM_BLEEDING.search(text) else ""


def _disc(code: str, text: str) -> str:
    """A worn disc, by the level of the spine."""
    if code != "M51.9" or not _WORN.search(text):
        return ""
    return _first(_LEVELS, text, lambda known: known)


def _ribs(code: str, text: str) -> str:
    """More than one rib broken."""
    return f"S22.4{code[5:]}" if code.startswith("S22.3") and _RIBS.search(text) else ""


def _fragility(code: str, text: str) -> str:
    """A fracture of osteoporosis, by the bone (guideline I.C.13.d.2)."""
    site = next((n for start, n in _FRAGILE_SITES.items() if code.startswith(start)), "")
    if not site or len(code) != 8 or not _FRAGILE.search(text):
        return ""
    side = "X" if site == "8" else code[5] if code[5] in "12" else "9"
    return f"M80.0{site}{side}{code[-1]}"


def _factor(code: str, text: str) -> str:
    """Rheumatoid arthritis whose factor was found."""
    return "M05.9" if code == "M06.9" and _SEROPOSITIVE.search(text) else ""


_RULES: tuple[Callable[[str, str], str], ...] = (
    _intent, _episode, _nodes, _diabetes, _dementia, _factor, _fragility, _blood_loss, _disc,
    _noninvasive, _ribs,
)  # fmt: skip


def _first(
    table: tuple[tuple[str, re.Pattern[str]], ...], text: str, made: Callable[[str], str]
) -> str:
    return next((made(char) for char, words in table if words.search(text)), "")


def _sentences(document: Document, suggestion: CodeSuggestion) -> Iterator[str]:
    for evidence in suggestion.evidence:
        content = document.page(evidence.page).content
        yield sentence_of(content, evidence.span).of(content)
