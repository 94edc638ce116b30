"""A chart: its pages with the words marked on the ink, what was found in them, and its codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from markupsafe import Markup

from digitizer.chart.clinical import Entity, Label
from digitizer.chart.correction import Wording
from digitizer.chart.page import Page
from digitizer.chart.people import Permission, User
from digitizer.chart.text import TextSpan
from digitizer.errors import UsageError
from digitizer.operations.chart import look, look_at, open_chart, wording_of
from digitizer.operations.find import spans_as_read
from digitizer.operations.find_in_chart import MOST, find_in_chart
from digitizer.operations.picture import LARGE, SMALL, on_picture, picture
from digitizer.operations.searchable import searchable
from digitizer.review.validate import UNSURE
from digitizer.store import documents
from digitizer.web.access import needs
from digitizer.web.desk import Desk, desk_of
from digitizer.web.rendering import render
from digitizer.web.screens.panel import panel_values

router = APIRouter()

_MANY_FINDINGS = 150

_FRAME = 'x="%.5f" y="%.5f" width="%.5f" height="%.5f"'
_PLACE = 'data-s="%d" data-e="%d"'


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word of the page's text. `x`, `y`, `width`, `height` are fractions of the picture."""

    start: int
    end: int
    text: str
    x: float
    y: float
    width: float
    height: float
    unsure: bool
    hit: bool
    was: str = ""  # what was read where people corrected it

    @property
    def frame(self) -> Markup:
        """Where it is on the picture, as attributes: of 600 words each costs once."""
        return Markup(_FRAME % (self.x, self.y, self.width, self.height))  # noqa: S704 - numbers

    @property
    def place(self) -> Markup:
        """Where it is in the text, likewise."""
        return Markup(_PLACE % (self.start, self.end))  # noqa: S704 - numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: a word, or what stands between two."""

    text: str
    word: ShownWord | None = None


@router.get("/chart/{key}")
def show(
    request: Request, key: str, page: int = 0, hit: str = "", who: User = needs(Permission.VIEW)
) -> Response:
    """The chart, opened at a page; `hit` is the key of the search that led here."""
    desk = desk_of(request)
    chart = open_chart(desk.house, who, key)
    desk.opened(who, key)
    number = page or chart.leaves[0].number
    shown = look_at(desk.house, who, key, number)
    return render(
        request,
        "chart.html",
        who,
        **page_values(desk, who, key, shown, hit),
        **panel_values(chart, who),
        since=(),
    )


@router.get("/chart/{key}/page/{number}")
def show_page(
    request: Request, key: str, number: int, hit: str = "", who: User = needs(Permission.VIEW)
) -> Response:
    """Another page of the open chart."""
    desk = desk_of(request)
    _check_opened(desk, who, key)
    page = look_at(desk.house, who, key, number)
    return render(request, "_page.html", who, **page_values(desk, who, key, page, hit))


@router.get("/chart/{key}/findings")
def show_findings(
    request: Request, key: str, page: int = 0, who: User = needs(Permission.VIEW)
) -> Response:
    """What was found in the open chart; of a thick one, where a page is named, on that page."""
    desk = desk_of(request)
    _check_opened(desk, who, key)
    document = look(desk.house, who, key).document
    every = sorted(document.entities or (), key=_weight)
    narrow = page if len(every) > _MANY_FINDINGS else 0
    found = [entity for entity in every if narrow in (0, entity.page)]
    values = {"key": key, "page": narrow, "found": found, "number": len(every)}
    return render(request, "_findings.html", who, **values, reasons=document.reasons)


@router.post("/chart/{key}/find")
def find_words(
    request: Request,
    key: str,
    words: Annotated[str, Form(max_length=200)],
    who: User = needs(Permission.VIEW),
) -> Response:
    """Where words stand in the open chart. A post, so that they stand in no address."""
    desk = desk_of(request)
    _check_opened(desk, who, key)
    places = find_in_chart(desk.house, who, key, words)
    return render(request, "_places.html", who, places=places, most=MOST)


def _weight(entity: Entity) -> tuple[int, int, int]:
    """What a coder looks for comes first, then as it stands in the chart."""
    return list(Label).index(entity.label), entity.page, entity.span.start


@router.get("/chart/{key}/page/{number}/{size}.webp")
def show_picture(
    request: Request, key: str, number: int, size: str, who: User = needs(Permission.VIEW)
) -> Response:
    """The page's picture, "large" or "small"."""
    desk = desk_of(request)
    _check_opened(desk, who, key)
    with desk.house.store.read() as tx:
        file_id = documents.file_of(tx, key, number)
    if file_id is None:
        raise UsageError("the chart has no such page")
    side = side_of_picture(size)
    with desk.drawing(side):
        made = picture(desk.house, file_id, number, side)
    return FileResponse(made, media_type="image/webp")


@router.get("/chart/{key}/searchable.pdf")
def download(request: Request, key: str, who: User = needs(Permission.EXPORT)) -> Response:
    """The chart as a searchable PDF, made now and not kept."""
    desk = desk_of(request)
    _check_opened(desk, who, key)
    house = desk.house_of(who)
    with TemporaryDirectory(dir=house.home.data, prefix="draft-") as folder, desk.copying():
        searchable(house, key, Path(folder) / "chart.pdf")
        made = (Path(folder) / "chart.pdf").open("rb")  # lives on until it is sent
    told = {"Content-Disposition": f'attachment; filename="{key}.pdf"'}
    return StreamingResponse(_chunks(made), headers=told, media_type="application/pdf")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(1 << 20):
            yield chunk


def side_of_picture(size: str) -> int:
    """The longest side of a picture, by the name of its size."""
    return SMALL if size == "small" else LARGE


def _check_opened(desk: Desk, who: User, key: str) -> None:
    """Parts of a chart are given to who has opened it, so that no view escapes the audit trail."""
    if not desk.has_open(who, key):
        open_chart(desk.house, who, key)
        desk.opened(who, key)


def page_values(desk: Desk, who: User, key: str, page: Page, hit: str) -> dict[str, object]:
    """What the template of a page needs; `hit` is the key of the search that led here, or ""."""
    said = wording_of(desk.house, who, key, page)
    shown = shown_words(page, _hits(desk, who, key, page, hit, said))
    return {
        "key": key,
        "page": page,
        "hit": hit,
        "shown": shown,
        "marks": [on_picture(page, mark) for mark in page.marks],
        "pieces": pieces(page.content, _reworded(shown, said)),
    }


def _hits(
    desk: Desk, who: User, key: str, page: Page, hit: str, said: Wording
) -> Sequence[TextSpan]:
    """The words of the page that the search found, and those that prove a code it was found by."""
    kept = desk.kept(hit, who) if hit else None
    if kept is None:
        return ()
    here = (h for h in kept.found.hits if (h.document, h.page) == (key, page.number))
    return [span for found in here for span in spans_as_read(said, found.terms, found.proof)]


def _reworded(shown: Sequence[ShownWord], said: Wording) -> list[ShownWord]:
    """The words of the text with those that people corrected, each as one."""
    found = [w for w in shown if not said.touches(TextSpan(w.start, w.end))]
    for span, text in said.changes:
        under = [word for word in shown if span.overlaps(TextSpan(word.start, word.end))]
        first = under[0] if under else ShownWord(0, 0, "", 0, 0, 0, 0, unsure=False, hit=False)
        hit, was = any(word.hit for word in under), span.of(said.read)
        made = replace(first, start=span.start, end=span.end, text=text, was=was)
        found.append(replace(made, unsure=False, hit=hit))
    return sorted(found, key=lambda word: word.start)


def shown_words(page: Page, hits: Sequence[TextSpan]) -> list[ShownWord]:
    """The page's words with their places on its picture."""
    text = page.text
    if text is None:
        return []
    found = []
    for word, start in zip(text.words, text.starts, strict=True):
        box, end = on_picture(page, word.box), start + len(word.text)
        found.append(
            ShownWord(
                start=start,
                end=end,
                text=word.text,
                x=round(box.x0, 5),
                y=round(box.y0, 5),
                width=round(box.width, 5),
                height=round(box.height, 5),
                unsure=word.confidence < UNSURE,
                hit=any(span.start < end and start < span.end for span in hits),
            )
        )
    return found


def pieces(content: str, shown: Sequence[ShownWord]) -> list[Piece]:
    """The whole text, cut at its words."""
    found, at = [], 0
    for word in shown:
        if word.start > at:
            found.append(Piece(content[at : word.start]))
        if word.start >= at:
            found.append(Piece(word.text if word.was else content[word.start : word.end], word))
            at = word.end
    return [*found, Piece(content[at:])]
