"""Queries to the clinician that do not lead: indicators from the chart, options, no money.

After the AHIMA/ACDIS "Guidelines for Achieving a Compliant Query Practice" (2022): the query cites
clinical indicators, offers only what they support besides "other" and "unable to determine", does
not say which answer is hoped for, and never speaks of payment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from digitizer.chart.coding import Evidence
from digitizer.chart.review import Query

OTHER = "other (please say)"
UNABLE = "unable to determine"
WITHDRAWN = "withdrawn"

_LEADING = re.compile(
    r"\b(reimburs\w*|pay(?:ment|s|er)?s?|drg|revenue|quality score|severity of illness|cc/mcc|mcc"
    r"|please (?:confirm|document that|agree|add)|don'?t you|isn'?t it|would you agree)\b",
    re.IGNORECASE,
)
"""Wordings that speak of money or ask for an answer instead of a judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A question and what it may be answered with; `options` may be added to by who asks."""

    about: str
    question: str
    options: tuple[str, ...] = ()


TEMPLATES: Mapping[str, Template] = {
    "specificity": Template(
        about="a diagnosis lacks its type, stage or side",
        question="Based on your clinical judgement, can the diagnosis that the words below speak "
        "of be specified further?",
    ),
    "meaning": Template(
        about="findings or treatment without a diagnosis",
        question="Please say which diagnosis, if any, the findings below stand for.",
    ),
    "conflict": Template(
        about="two entries contradict each other",
        question="The entries below differ. Please say which describes the patient's condition.",
    ),
    "status": Template(
        about="present, ruled out, or history?",
        question="Please say how the condition below stands in this encounter.",
        options=("present", "ruled out", "past, not present now"),
    ),
    "present_on_admission": Template(
        about="was it there on admission?",
        question="Please say whether the condition below was present at the time of admission.",
        options=("present on admission", "not present on admission"),
    ),
    "cause": Template(
        about="are two conditions related?",
        question="Please say whether there is a relation between the conditions below, and which.",
        options=("related", "not related"),
    ),
}


def draft(
    document: str,
    template: str,
    indicators: tuple[Evidence, ...],
    options: tuple[str, ...],
    to: str,
    question: str = "",
) -> Query:
    """A query by a template, its own two options added at the end; see `fault_of`."""
    asked = TEMPLATES.get(template)
    offered = dict.fromkeys((*(asked.options if asked else ()), *options, OTHER, UNABLE))
    return Query(
        document=document,
        template=template,
        question=question or (asked.question if asked else ""),
        indicators=indicators,
        options=tuple(offered),
        to=to,
    )


def fault_of(query: Query) -> str:
    """Why it cannot be sent, in words for who asks; "" where it can."""
    if query.template not in TEMPLATES:
        return f"a template is one of {', '.join(TEMPLATES)}"
    if not query.indicators:
        return "cite the words of the chart that the query rests on"
    if not query.to.strip():
        return "say which clinician is asked"
    if len(query.options) == 3:
        return "offer at least two options besides “other” and “unable to determine”: one leads"
    said = _LEADING.search(" ".join((query.question, *query.options)))
    return f"“{said.group()}” leads or speaks of money: word it otherwise" if said else ""


def fault_of_answer(query: Query, chosen: str, text: str) -> str:
    """Why this is no answer to it; "" where it is."""
    if chosen not in (*query.options, WITHDRAWN):
        return "choose one of: " + "; ".join((*query.options, WITHDRAWN))
    if chosen == OTHER and not text.strip():
        return "write down what the clinician said"
    return ""
