"""Templates: autoescaped, strict about names, with the few words that all of them use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from digitizer import __version__
from digitizer.chart.people import Permission, User
from digitizer.chart.text import TextSpan
from digitizer.people.limits import IDLE

BLANK_SECONDS = 300
"""After so long without a key or a move of the mouse the browser hides what it shows."""


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page."""
    return "hx-request" in request.headers


def render(
    request: Request, name: str, who: User | None, status: int = 200, /, **values: object
) -> HTMLResponse:
    """The template with what every page needs: who looks, the nonce, and where they are."""
    html = _TEMPLATES.get_template(name).render(
        who=who,
        may=_may(who),
        nonce=request.state.nonce,
        path=request.url.path,
        version=__version__,
        blank_seconds=BLANK_SECONDS,
        idle_seconds=IDLE,
        **values,
    )
    return HTMLResponse(html, status)


def _may(who: User | None) -> Any:  # noqa: ANN401 - a function for templates
    def may(permission: str) -> bool:
        return who is not None and who.may(Permission(permission))

    return may


def words(text: object) -> str:
    """A name of ours for people: "progress_note" reads "progress note"."""
    return str(text).replace("_", " ")


def when(text: str) -> str:
    """A moment as we keep it (UTC, ISO 8601), by the clock of this machine, to the minute."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()
    return local.strftime("%Y-%m-%d %H:%M")


_UNITS = (("second", 1.0, 1 / 60), ("minute", 60.0, 1.0), ("hour", 48 * 60.0, 60.0))
_LONGEST = ("day", 0.0, 24 * 60.0)
"""Units of time: name, the minutes up to which each is used, and its own."""


def span(minutes: float) -> str:
    """A stretch of time for people, in the unit that fits."""
    unit, _, size = next((unit for unit in _UNITS if minutes < unit[1]), _LONGEST)
    number = round(minutes / size)
    return f"{number} {unit}{'' if number == 1 else 's'}"


def marked(text: str, marks: tuple[TextSpan, ...]) -> Markup:
    """`text`, escaped, with the spans in <mark>."""
    parts, at = [], 0
    for mark in marks:
        parts += [_escaped(text[at : mark.start]), _MARK.format(text[mark.start : mark.end])]
        at = mark.end
    return Markup("").join([*parts, _escaped(text[at:])])


_MARK = Markup("<mark>{}</mark>")


def _escaped(text: str) -> Markup:
    return Markup("").join([text])


_TEMPLATES = Environment(
    loader=PackageLoader("digitizer.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.filters |= {"words": words, "when": when, "span": span}
_TEMPLATES.globals |= {"marked": marked}
