"""By what and how often the documents of an answer are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from digitizer.chart.search import FACETS, MOST_VALUES, Facet, PageRecord
from digitizer.search.codec import Ids
from digitizer.search.columns import Days
from digitizer.search.fields import group
from digitizer.search.ranking import largest
from digitizer.search.stack import Stack


def of_records(records: Iterable[PageRecord]) -> tuple[Facet, ...]:
    """Counts of documents: by what all pages of one share, and by the codes of any page."""
    documents: dict[str, list[PageRecord]] = {}
    for record in records:
        documents.setdefault(group(record), []).append(record)
    whole = [pages[0] for pages in documents.values()]
    return _facets(
        {
            "type": Counter(record.doc_type for record in whole),
            "year": Counter(str(r.encounter_date.year) for r in whole if r.encounter_date),
            "patient": Counter(record.mrn for record in whole),
            "code": Counter(
                code
                for pages in documents.values()
                for code in {code for page in pages for code in page.codes}
            ),
            "source": Counter(record.source for record in whole),
        }
    )


def of_pages(stack: Stack, pages: Ids, matching: Ids) -> tuple[Facet, ...]:
    """The same from arrays.

    Args:
        stack: All pages.
        pages: Those that match.
        matching: One page of each document that matches.
    """
    hit = np.zeros(stack.pages, np.bool_)
    hit[pages] = True
    return _facets(
        {
            "type": _labelled(stack, "type", matching),
            "year": _years(stack.days[matching]),
            "patient": _labelled(stack, "patient", matching),
            "code": stack.codes.counts(hit),
            "source": _labelled(stack, "source", matching),
        }
    )


def _labelled(stack: Stack, name: str, matching: Ids) -> dict[str, int]:
    """The commonest labels; each is read off one of the pages that have it."""
    labels = stack.labels(name)
    counts = np.bincount(labels.of[matching], minlength=len(labels.values))
    commonest = largest(counts, MOST_VALUES + 1).tolist()
    return {
        str(getattr(stack.card(int(labels.first[label])), name)): int(counts[label])
        for label in commonest
        if counts[label]
    }


def _years(days: Days) -> dict[str, int]:
    since_1970 = (days[days >= 0].astype(np.int64) - _FIRST_OF_1970).astype("datetime64[D]")
    years = since_1970.astype("datetime64[Y]").astype(np.int64) + 1970
    values, counts = np.unique(years, return_counts=True)
    return {str(year): n for year, n in zip(values.tolist(), counts.tolist(), strict=True)}


_FIRST_OF_1970 = 719_163
"""Its proleptic ordinal."""


def _facets(counts: Mapping[str, Mapping[str, int]]) -> tuple[Facet, ...]:
    return tuple(Facet(name=name, values=_commonest(counts[name])) for name in FACETS)


def _commonest(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """The commonest values; no value is none."""
    named = ((value, count) for value, count in counts.items() if value)
    return tuple(sorted(named, key=lambda one: (-one[1], one[0]))[:MOST_VALUES])
