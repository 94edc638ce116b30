"""What a whole document says that bears on each of its findings: pregnancy, remission."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digitizer.chart.document import Document
from digitizer.coding.obstetrics import stage, wording
from digitizer.coding.words import stems

_REMISSION = re.compile(
    r"(?<!not )(?<!never )\bin (?:\w+ )?(?:complete |full |partial |molecular |sustained |first )*"
    r"remission\b|\bNED\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """`stage` is of pregnancy, as `obstetrics.stage` gives it; `remission` is of a cancer."""

    stage: str = ""
    remission: bool = False

    def words(self, code: str) -> frozenset[str]:
        """Stems that the whole document adds to what is said beside a finding of this code."""
        if code.startswith("O"):
            return frozenset(stems(wording(self.stage)))
        if code.startswith(("C8", "C9")) and self.remission:
            return frozenset(stems("remission"))
        return frozenset()


def whole_of(document: Document) -> Whole:
    """Read once a document."""
    content = "\n".join(page.content for page in document.pages)
    return Whole(stage=stage(content), remission=bool(_REMISSION.search(content)))
