"""Allergies: what stands in an allergy section, or after "allergic to", with its reaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.vocab import Vocab

from digitizer.chart.clinical import Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.medications import MedicationFinder
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading
from digitizer.nlp.tables import words_by_role
from digitizer.nlp.terms import Terms

SECTION = "allergies"
# The label of a line, or words before or after the substance.
_OPENING = re.compile(
    r"^[ \t]*(?:drug |medication |food |known )*allerg(?:y|ies|ic)(?: list)?[ \t]*(?::|-|$)"
    r"|\ballergic (?:reaction )?to\b|\ballerg(?:y|ies) to\b|\ballergies include\b",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"\n[ \t]*\n|\n(?=[A-Z][A-Z /&]{4,}:?[ \t]*(?:\n|$))|\n(?=[A-Z][A-Za-z ]{2,30}:)"
)
_REACTION_GAP = re.compile(
    r"[\s(:\u2013\u2014-]*(?:causes?|caused|reaction|->|=>|gives|with)?[\s:(]*", re.IGNORECASE
)


class AllergyFinder:
    """Finds allergens and medicines in the stretches of text that speak of allergies."""

    def __init__(self, folder: Path, medications: MedicationFinder, vocab: Vocab) -> None:
        roles = words_by_role(folder / "allergens.tsv")
        self._allergens = Terms(vocab, ((word, "") for word in roles["allergen"]))
        self._reactions = Terms(vocab, ((word, "") for word in roles["reaction"]))
        self._medications = medications
        self.words = frozenset(self._allergens.words | self._reactions.words)

    def __call__(self, reading: Reading) -> Iterator[Mention]:
        """Allergies of the page; the reaction is taken as a part of its allergy."""
        stretches = list(allergy_stretches(reading))
        if not stretches:
            return
        reactions = [reading.span(f, last) for f, last, _ in self._reactions.longest(reading)]
        for substance in sorted(set(self._substances(reading))):
            if any(s.start <= substance.start < s.end for s in stretches):
                yield _allergy(reading, substance, reactions)

    def _substances(self, reading: Reading) -> Iterator[TextSpan]:
        for first, last, _ in self._allergens.longest(reading):
            yield reading.span(first, last)
        for span, _, _ in self._medications.named(reading):
            yield span


def allergy_stretches(reading: Reading) -> Iterator[TextSpan]:
    """Where the text speaks of what the patient is allergic to."""
    for section in reading.sections:
        if section.kind == SECTION:
            yield section.span
    for match in _OPENING.finditer(reading.text):
        yield TextSpan(match.end(), _stretch_end(reading.text, match))


def _stretch_end(text: str, opening: re.Match[str]) -> int:
    """To the end of the line; where nothing follows on it, to the end of the next lines."""
    end = text.find("\n", opening.end())
    end = len(text) if end < 0 else end
    if text[opening.end() : end].strip():
        return end
    closing = _CLOSING.search(text, end + 1)
    return closing.start() if closing else len(text)


def _allergy(reading: Reading, substance: TextSpan, reactions: list[TextSpan]) -> Mention:
    after = next((r for r in reactions if r.start >= substance.end), None)
    gap = reading.text[substance.end : after.start] if after else ""
    reaction = after if after and _REACTION_GAP.fullmatch(gap) else None
    return Mention(
        label=Label.ALLERGY,
        span=substance,
        source="allergies",
        attributes=(("reaction", reaction.of(reading.text).lower()),) if reaction else (),
        name=reaction,
    )
