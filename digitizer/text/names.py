"""Personal names: reading one from print, and telling whether two are the same person's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_PARTICLES_WORDS = """
    van von der den de la las los del della di da das dos du le st st. bin ibn al el ter
    ten
"""
PARTICLES = frozenset(_PARTICLES_WORDS.split())
_CREDENTIALS_WORDS = """
    md do rn np pa pac dpm dds dmd phd psyd lmft lcsw lpn crna cnm aprn fnp od dc pt ot
    pharmd mbbs facs facp arnp dnp msw rd rt
"""
CREDENTIALS = frozenset(_CREDENTIALS_WORDS.split())
# Words that stand where a name could stand and are none.
_NO_NAME_WORDS = """
    hospital clinic clinics medical center centre health healthcare medicine family
    regional associates group practice physicians services service department laboratory
    lab labs pathology radiology imaging surgery surgical orthopedics cardiology oncology
    dialysis pharmacy hospice care home nursing emergency urgent ambulatory institute
    university college foundation systems system network partners report note notes
    summary record records chart form patient patients name names date dob mrn sex age
    male female gender information demographics data history physical examination exam
    consultation consult progress discharge admission operative procedure medication
    medications list problem problems allergies allergy diagnosis diagnoses assessment
    plan impression findings results result test tests specimen collected reported address
    phone fax tel email account insurance provider physician attending signature signed
    consent authorization instructions education agreements follow followup visit referral
    letter re regarding dear the and for with without has have was were is are this that
    not none unknown see seen here your our you his her please thank of at in on by to
    from as all any no yes suite blvd confidential copy original final preliminary draft
    status active type number id left right bilateral sheet face cover separator document
    profile intake registration demographic administration reconciliation operation biopsy
    tissue cytology chemistry hematology microbiology culture panel informed office
    inpatient outpatient colleague sir madam attn presents presented denies states reports
    returns pain chest knee abdomen evaluation ct mri january february july september
    october november december surname forename range ranges interval units flag
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
# Names of people as much as of places, days and papers: a name only where a label or comma says so.
_DOUBTFUL_WORDS = """
    page street avenue road lane drive floor room unit bed ward box march april may june
    august
    vital signs flow flowsheet cardiac catheterization sleep study stress treadmill bone density
    complete blood count bank transfusion infusion metabolic comprehensive lipid telephone
    encounter triage holter monitor pulmonary function upper lower endoscopy colonoscopy
    bronchoscopy advance directive living attorney risk fall braden glasgow coma scale mini
    mental state inventory depression occupational speech therapy therapist diabetic foot eye
    hearing standing orders order doctors nurses nurse anesthesia post recovery code blue rapid
    response stroke alert trauma run ambulance well child adult annual wellness routine prenatal
    newborn screen screening barium swallow nuclear pet scan echo echocardiogram
    electrocardiogram ekg ecg eeg emg ultrasound doppler mammogram radiograph xray fluoroscopy
    management respiratory social worker compensation employee school sports work workers wound
    skin urine serum plasma stool vaccine immunization vaccination radiation chemotherapy
    oncologic psychiatric psychology behavioral nutrition dietary claim claims billing statement
    invoice receipt questionnaire checklist log sheets forms request release transfer transport
    hospitalization observation period primary secondary special specialty outreach medicare
    medicaid veterans affairs government bureau federal county city district township grove
    ridge view valley springs heights lakes mercy mount sinai memorial permanente kaiser mayo
    providence sacred saint holy good samaritan lutheran methodist baptist presbyterian
    adventist episcopal community public private north south east northern southern eastern
    western central metro downtown campus building tower pavilion entrance lobby hospitalist
    cardiologist radiologist pathologist surgeon dentist optometry dental vision asthma diabetes
    hypertension cancer tumor lesion fracture normal abnormal positive negative pending
    electronically dictated transcribed printed reviewed verified authorized page two details
    detail section part continued end begin start stop current previous new old next last first
    middle main general weekly monthly quality assurance improvement privacy practices notice
    rights responsibilities policy procedures protocol guideline handout brochure calendar
    schedule appointment appointments reminder message messages inbox portal mail delivery labor
    census admit admitting telemetry medsurg med surg icu ccu nicu picu preop postop
    intraoperative preoperative postoperative
"""
_UNLABELLED = _NO_NAME | frozenset(_DOUBTFUL_WORDS.split())
_SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
_MOST_DIGITS = 3
"""Letters of a name that may be misread as digits; a word with more has a number glued to it."""

_LETTERS = str.maketrans("0158|!", "olsbll")
_WORD = re.compile(r"[^\W_][\w'\u2019\u2018`.\-|]*")
# A nickname may stand inside: 'William "Bill" Ash'.
_GAP = re.compile(r"\s?,\s{0,2}| [\"\u201c(][A-Z][\w'.]{1,14}[\"\u201d)] (?=[A-Z])| ")
# Cut short or misread by a letter, these still name a place.
_PLACES = ("hospital", "medical", "healthcare", "associates", "physicians", "laboratory")
# "Falls View Hospital" begins as a name does.
_PLACE_GOES_ON = re.compile(
    r"(?i)\s(?:(?:regional|general|memorial|community|county|medical|family|health|parish|birth)\s)*"
    r"(?:hospitals?|clinics?|cent(?:er|re)|medical group|associates|practice|laborator(?:y|ies)"
    r"|pharmacy|hospice|institute|infirmary)\b"
)
# What medicine calls its branches, tests and houses by is in no name.
_MEDICAL = re.compile(
    r"\w+(?:ology|ologists?|iatrics?|iatry|dontics?|p[ae]+dics|graphy|scopy|therapy|metry|\w{3}gram"
    r"|care|health|clinics?|practic\w*)"
)
_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "mx"})


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as "First Middle Last Suffix", printed up to `end`; `comma`: as "Last, First"."""

    name: str
    end: int
    comma: bool


def read_name(text: str, *, labelled: bool = False) -> PrintedName | None:
    """The name that `text` starts with; `None` where it starts with anything else.

    Takes "Last, First Middle", "Last Suffix, First" and "First Middle Last Suffix". It needs two
    words at least, and ends before a word that cannot be part of a name. `labelled`: a label says
    that a name stands here, so that words like "Lane" or "April" are taken as names too.
    """
    words, comma, end = _name_words(text, _NO_NAME if labelled else _UNLABELLED)
    if comma is None and (_PLACE_GOES_ON.match(text, end) or (not labelled and _is_saint(words))):
        return None
    while words and _plain(words[0]) in _HONORIFICS:
        words, comma = words[1:], None if comma is None else comma - 1
    if not 2 <= len(words) <= 7:
        return None
    if comma is None:
        comma = _behind_suffix(words)
    if comma is None:
        family_first = words
    elif 0 < comma < len(words):
        last, given = words[:comma], words[comma:]
        suffix = [w for w in (*last, *given) if _suffix(w)]
        rest = [w for w in (*given, *last) if not _suffix(w)]
        family_first = rest + suffix
        if not any(not _suffix(w) for w in last) or not any(not _suffix(w) for w in given):
            return None
    else:
        return None
    particle = _plain(family_first[-1]) in PARTICLES and comma != 1  # "Le, Verena" is a name
    if max(len(_plain(w)) for w in family_first) < 2 or particle:
        return None
    return PrintedName(_in_case(family_first), end, comma is not None)


def _behind_suffix(words: list[str]) -> int | None:
    """Where the comma of "Pruitt Jr., Terrence" was lost: behind a generation inside the name."""
    inside = [i for i in range(1, len(words) - 1) if _suffix(words[i])]
    return inside[0] + 1 if inside else None


def _name_words(text: str, refused: frozenset[str]) -> tuple[list[str], int | None, int]:
    """The leading words that may be a name, how many stand before the comma, and where they end."""
    words: list[str] = []
    comma: int | None = None
    at = end = 0
    while match := _WORD.match(text, at):
        word = match.group()
        if not (_may_be_name(word, refused) or (words and _suffix(word))):
            break
        words.append(word.rstrip("-"))
        end = match.end()
        gap = _GAP.match(text, end)
        if (gap and "," in gap.group()) or _misread_comma(word, text[end:]):
            following = _WORD.match(text, gap.end()) if gap else None
            if comma is None and not (following and _suffix(following.group())):
                comma = len(words)
            elif not (following and _suffix(following.group())):
                break
        if not gap:
            break
        at = gap.end()
    if comma == len(words):
        comma = None
    if comma is not None and all(_plain(word) in CREDENTIALS for word in words[comma:]):
        return [], None, 0
    return words, comma, end


def _may_be_name(word: str, refused: frozenset[str]) -> bool:
    plain = _plain(word)
    if refused is _UNLABELLED and _MEDICAL.fullmatch(plain):
        return False
    digits = sum(c.isdigit() for c in word)
    if plain in refused or _is_place(plain) or digits * 3 > len(word) or digits > _MOST_DIGITS:
        return False
    return word[0].isupper() or word[0].isdigit() or plain in PARTICLES or word[:2] in ("d'", "l'")


def _is_place(plain: str) -> bool:
    return len(plain) > 6 and any(
        Levenshtein.distance(plain, p, score_cutoff=1) < 2 for p in _PLACES
    )


def _is_saint(words: list[str]) -> bool:
    """Whether a hospital may be named: "St. Luke"."""
    return len(words) == 2 and _plain(words[0]) in ("st", "saint")


def _misread_comma(word: str, rest: str) -> bool:
    """A full stop after a whole word, with another word to follow, is a comma read badly."""
    return word.endswith(".") and len(word) > 4 and not _suffix(word) and rest[:1] == " "


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", word).casefold()


def _suffix(word: str) -> str | None:
    plain = _plain(word)
    if plain in _SUFFIXES:
        return _SUFFIXES[plain]
    if re.fullmatch(r"[Il1|][Il1|i]{1,2}", word.rstrip(".,")):
        return "I" * len(word.rstrip(".,"))
    return "IV" if word in ("lV", "1V") else None


def _in_case(words: list[str]) -> str:
    shouted = all(w.replace("l", "").isupper() for w in words if len(_plain(w)) > 2)
    return " ".join(_suffix(word) or _spelled(word, shouted=shouted) for word in words)


def _spelled(word: str, *, shouted: bool) -> str:
    """The word without misread digits, in mixed case where the whole name is in capitals."""
    word = word if len(_plain(word)) < 2 else word.rstrip(".")
    if word.replace("l", "").isupper() and len(word) > 2:  # "LUClLLE"
        word = word.replace("l", "I")
    if any(c.isdigit() or c == "|" for c in word):
        letters = word.translate(_LETTERS)
        word = (
            letters.upper() if word[1:].upper() == word[1:] else letters[:1].upper() + letters[1:]
        )
    if not shouted or len(word) < 2:
        return word
    if word.casefold() in PARTICLES:
        return word.casefold() if word.casefold() != "st" else "St"
    parts = re.split(r"(['\u2019\-])", word)
    return "".join(_capitalised(part) for part in parts)


def spelled_in_case(word: str) -> str:
    """A name's word in mixed case: "MCKAY" as "McKay", "o'neil-ash" as "O'Neil-Ash"."""
    return _spelled(word.upper(), shouted=True)


def _capitalised(part: str) -> str:
    if part[:2].upper() == "MC" and len(part) > 3:
        return "Mc" + part[2:].capitalize()
    return part.capitalize()


def key_of(name: str) -> tuple[str, ...]:
    """The name's words for comparing: no case, accents, punctuation, suffix or single initials."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = ("".join(c for c in word if c.isalpha()) for word in plain.split())
    return tuple(word for word in words if len(word) > 1 and word not in _SUFFIXES)


def suffix_of(name: str) -> str:
    """The generation, such as "Jr." or "III", or ""."""
    return next((found for word in name.split()[1:] if (found := _suffix(word))), "")


def same_name(one: str, other: str) -> bool:
    """Whether both may name one person: every word of the shorter is in the longer, first and last.

    One misread letter in a word of four or more is forgiven. Generations must not contradict:
    "John Ash Jr." is not "John Ash III", but may be "John Ash".
    """
    if suffix_of(one) and suffix_of(other) and suffix_of(one) != suffix_of(other):
        return False
    short, long = sorted((key_of(one), key_of(other)), key=len)
    if len(short) < 2 or not (_alike(short[0], long[0]) and _alike(short[-1], long[-1])):
        return _alike("".join(short), "".join(long)) and bool(short)
    return all(any(_alike(word, other) for other in long) for word in short)


def _alike(one: str, other: str) -> bool:
    allowed = 0 if min(len(one), len(other)) < 4 else 1 + (min(len(one), len(other)) > 8)
    return Levenshtein.distance(one, other, score_cutoff=allowed) <= allowed
