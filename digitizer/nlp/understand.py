"""The stage that finds clinical entities and identifying text in a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from digitizer.chart.clinical import Entity
from digitizer.chart.document import Document
from digitizer.chart.stage import Resources, Scope

if TYPE_CHECKING:
    from digitizer.nlp.pipeline import ClinicalModel


class Understanding:
    """An opened model: finds entities, or says what is asserted of spans that are given."""

    def __init__(self, model: ClinicalModel) -> None:
        self._model = model

    def __call__(self, document: Document) -> Document:
        """`document` with `entities` and `phi` of all its pages; spans are in each page's text."""
        from digitizer.nlp.phi import phi_of

        found = tuple(e for page in document.pages for e in self._model.entities(page))
        return replace(document, entities=found, phi=phi_of(document))

    def classify(
        self, document: Document, spans: Mapping[int, Sequence[tuple[int, int, str]]]
    ) -> tuple[Entity, ...]:
        """What is asserted of given spans: page number → (start, end, label) in its text.

        One entity for each span, in the order given, with that very span. A label that is none
        of ours ("" included) is guessed. ValueError for a span that ends behind its page.
        """
        return tuple(
            entity
            for page in document.pages
            for entity in self._model.classify(page, spans.get(page.number, ()))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Understand:
    """Find clinical entities, what is asserted of them, and identifying text.

    `model` is a folder of rules and dictionaries under the models folder, `ner` one with a trained
    pipeline; where that is missing, rules go alone.
    """

    name: ClassVar[str] = "understand"
    version: ClassVar[str] = "3"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    needs: ClassVar[frozenset[str]] = frozenset({"text", "sections"})
    gives: ClassVar[frozenset[str]] = frozenset({"entities"})

    model: str = "clinical-en"
    ner: str = "problems-ner"

    def open(self, resources: Resources) -> Understanding:
        """Compile the model's rules once; ConfigError where the model is missing or damaged."""
        from digitizer.nlp.ner import load_ner
        from digitizer.nlp.pipeline import ClinicalModel  # spaCy loads only where text is analysed

        lexicon = resources.models / "lexicon" / "problems.tsv"
        ner = load_ner(resources.models / self.ner / "model")
        return Understanding(ClinicalModel(resources.models / self.model, lexicon, ner))
