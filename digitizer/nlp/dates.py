"""Dates as US charts print them: 03/14/2019, 14-Mar-2019, March 14, 2019, 2019-03-14."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digitizer.chart.clinical import Label
from digitizer.chart.text import TextSpan
from digitizer.nlp.mention import Mention
from digitizer.nlp.reading import Reading

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      \d{{1,2}}[/-]\d{{1,2}}[/-](?:\d{{4}}|\d{{2}})
    | \d{{4}}-\d{{2}}-\d{{2}}
    | \d{{1,2}}[- ]{_MONTH}\.?[- ,]\s?\d{{2,4}}
    | {_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}
    | {_MONTH}\.?\s\d{{4}}
    )(?![\w/])""",
    re.VERBOSE | re.IGNORECASE,
)


def dates(reading: Reading) -> Iterator[Mention]:
    """Every date of the page."""
    for match in DATE.finditer(reading.text):
        yield Mention(label=Label.DATE, span=TextSpan(*match.span()), source="dates")
