"""Shorthand written out, so that charts and code titles use the same words. Pure."""

from __future__ import annotations

import re

_WORDS = {
    "fx": "fracture", "fxs": "fractures", "frx": "fracture", "rt": "right", "lt": "left",
    "bilat": "bilateral", "b/l": "bilateral", "w/": "with", "w/o": "without", "d/t": "due to",
    "2/2": "due to", "c/b": "with", "st": "stage", "stg": "stage", "gr": "grade",
    "exac": "exacerbation", "dz": "disease", "ca": "cancer", "adenoca": "adenocarcinoma",
    "mets": "metastasis", "met": "metastatic", "pu": "pressure ulcer", "oa": "osteoarthritis",
    "rle": "right lower limb leg", "lle": "left lower limb leg", "rue": "right upper limb arm",
    "lue": "left upper limb arm", "rul": "right upper lobe", "rll": "right lower lobe",
    "rml": "right middle lobe", "lul": "left upper lobe", "lll": "left lower lobe",
    "ant": "anterior", "posterior": "posterior", "sev": "severe", "mod": "moderate",
    "chr": "chronic", "abd": "abdominal", "infxn": "infection", "inf": "infection",
    "pulm": "pulmonary",
    "dvt": "deep vein thrombosis", "htn": "hypertension", "chf": "heart failure",
    "hf": "heart failure", "ckd": "chronic kidney disease", "dm": "diabetes",
    "copd": "chronic obstructive pulmonary disease", "uti": "urinary tract infection",
    "acl": "anterior cruciate ligament", "mcl": "medial collateral ligament",
    "mca": "middle cerebral artery", "pca": "posterior cerebral artery",
    "aca": "anterior cerebral artery", "1st": "first", "2nd": "second", "3rd": "third", "cnv":
    "choroidal neovascularization", "loc": "loss of consciousness", "preg": "pregnancy",
    "si": "suicidal ideation", "etoh": "alcohol", "od": "right eye", "os": "left eye",
    "ou": "bilateral eye",
}  # fmt: skip
"""What a shorthand stands for wherever it is only read as words beside a finding."""

_IMPLIED = {
    "cardioembolic": "embolism", "embolic": "embolism", "thrombotic": "thrombosis",
    "ragweed": "pollen", "hip": "thigh femur", "ischium": "buttock", "ischial": "buttock",
    "sacrum": "sacral", "coccyx": "sacral", "cheek": "face", "forehead": "face", "chin": "face",
    "calf": "lower leg", "shin": "lower leg", "tibia": "lower leg", "forearm": "upper limb",
    "shoulder": "upper limb", "arm": "upper limb", "leg": "lower limb", "thigh": "lower limb",
    "foot": "lower limb anklefoot", "ankle": "anklefoot", "heel": "anklefoot",
    "hand": "upper limb", "elbow": "upper limb", "knee": "lower limb leg",
    "cig": "cigarettes", "ppd": "cigarettes", "pack": "cigarettes", "bleed": "bleeding hemorrhage",
    "bleeding": "hemorrhage", "hemorrhage": "bleeding", "combined": "combined type",
    "dominant": "dominant side", "obstructed": "obstruction", "perforated": "perforation",
    "gangrenous": "gangrene", "incarcerated": "obstruction",
    "strangulated": "obstruction", "ruptured": "rupture", "recurring": "recurrent",
    "recurrence": "recurrent", "relapsed": "relapse", "exacerbated": "exacerbation",
    "decompensated": "acute exacerbation", "uncontrolled": "hyperglycemia",
    "hyperosmolar": "hyperosmolarity", "displaced": "displaced fracture",
    "femoral": "femur", "humeral": "humerus", "stone": "calculus",
    "gallstone": "calculus biliary", "minute": "30 minutes less",
    "brief": "30 minutes less", "suicidal": "suicide",
    "ulcerated": "ulcer ulceration", "scalp": "scalp neck", "toe": "toes", "finger": "fingers",
}  # fmt: skip
"""Words of titles that a word of a chart implies."""

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:/[A-Za-z0-9]*)?")
_SIDE_LETTER = re.compile(r"(?<![\w/.])([RL])(?=\s+(?!\d)[a-zA-Z]{2})")
_SIDE = {"R": "right", "L": "left"}


def written_out(text: str) -> str:
    """`text` in full words: "R heel PU st 2" is "right heel pressure ulcer stage 2"."""
    sided = _SIDE_LETTER.sub(lambda m: _SIDE[m[1]], text)
    return _TOKEN.sub(lambda m: _WORDS.get(m[0].lower(), m[0]), sided)


def implied(text: str) -> str:
    """`text`, written out, with the words that its own imply behind it."""
    full = written_out(text)
    words = (word.removesuffix("s") for word in re.findall(r"[a-z]+", full.lower()))
    return " ".join((full, *(_IMPLIED[word] for word in words if word in _IMPLIED)))
