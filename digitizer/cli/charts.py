"""Commands that look at charts: search, show, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Shown

from digitizer.chart.cancer import Standing
from digitizer.chart.document import Document
from digitizer.chart.search import Order, SearchRequest
from digitizer.cli.options import HomeOption, JsonOption, day, put
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.export.neutral import document_json
from digitizer.operations import export as export_operation
from digitizer.operations.house import open_house
from digitizer.operations.show import show as show_document

if TYPE_CHECKING:
    from digitizer.operations.find import Found


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog='Example: digitizer search "chest pain" --from 2021-01-01')(search)
    app.command(epilog="Example: digitizer similar 3f5a0c9d1b2e-1 --page 1")(similar)
    app.command(epilog="Example: digitizer show 3f5a0c9d1b2e-1")(show)
    app.command(epilog="Example: digitizer export --format json --out charts/")(export)
    app.command(epilog="Example: digitizer pdf 3f5a0c9d1b2e-1 --out chart.pdf")(pdf)


def search(
    query: Annotated[
        str, typer.Argument(help="What to look for; - reads it from stdin, off the process list.")
    ] = "",
    home: HomeOption = None,
    *,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many documents.")] = 20,
    mrn: Annotated[str | None, typer.Option(help="Medical-record number.")] = None,
    dob: Annotated[str | None, typer.Option(help="Date of birth, YYYY-MM-DD.")] = None,
    code: Annotated[str | None, typer.Option(help="A suggested code, or the start of one.")] = None,
    doc_type: Annotated[str | None, typer.Option("--type", help="Document type.")] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="From this date on.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Up to this date.")] = None,
    assertion: Annotated[
        str | None, typer.Option(help="Found as: affirmed, negated, family, historical …")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Name of the file.")] = None,
    order: Annotated[Order, typer.Option("--sort", help="What comes first.")] = Order.RELEVANCE,
    skip: Annotated[int, typer.Option(min=0, help="Leave out so many documents.")] = 0,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count the documents by type, year, patient …")
    ] = False,
) -> None:
    """Search the charts: words, "a phrase", prefix*, fuzzy~, AND OR NOT, name: mrn: code: …."""
    from digitizer.operations.find import find
    from digitizer.operations.index import lay_out, open_index

    request = SearchRequest(
        query=sys.stdin.read().strip() if query == "-" else query,
        mrn=mrn,
        dob=day(dob),
        code=code,
        doc_type=doc_type,
        date_from=day(date_from),
        date_to=day(date_to),
        assertion=assertion,
        source=source,
        order=order,
        offset=skip,
        limit=limit,
        facets=facets,
    )
    if request == SearchRequest(order=order, offset=skip, limit=limit, facets=facets):
        raise UsageError("name something to look for, or a filter such as --mrn")
    found_home = find_home(home)
    with open_house(found_home) as house, open_index(found_home) as index:
        lay_out(house, index)
        found = find(house, index, request)
    _put_found(found, as_json=as_json)


def similar(
    document: Annotated[str, typer.Argument(metavar="DOC", help="A document's id.")],
    home: HomeOption = None,
    *,
    page: Annotated[int, typer.Option(min=1, help="One of its pages.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Find pages like one: those that share the words that tell most about it."""
    from digitizer.operations.find import similar as find_similar
    from digitizer.operations.index import lay_out, open_index

    found_home = find_home(home)
    with open_house(found_home) as house, open_index(found_home) as index:
        lay_out(house, index)
        found = find_similar(house, index, document, page)
    _put_found(found, as_json=as_json)


def show(
    document: Annotated[str, typer.Argument(metavar="DOC", help="A document's id.")],
    home: HomeOption = None,
    *,
    as_json: JsonOption = False,
    image: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write its pages there, findings in coloured frames."),
    ] = None,
    redacted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write its pages there, what identifies blacked out."),
    ] = None,
) -> None:
    """Show a document: pages, patient, findings with assertion, codes with their evidence."""
    from digitizer.operations.draw import draw_findings, draw_redacted

    with open_house(find_home(home)) as house:
        stored = show_document(house, document)
        drawn = draw_findings(house, stored, image) if image else []
        drawn += draw_redacted(house, stored, redacted) if redacted else []
    if drawn:
        for path in drawn:
            typer.echo(path)
    elif as_json:
        put({"id": stored.id, **document_json(stored.document)})
    else:
        _print_document(Console(highlight=False), stored.id, stored.document)


def export(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")],
    form: Annotated[str, typer.Option("--format", help="json: the neutral export.")] = "json",
    home: HomeOption = None,
) -> None:
    """Write everything that was digitized, one file a source file."""
    with open_house(find_home(home)) as house:
        number = export_operation.export(house, form, out)
    typer.echo(f"{number} files written to {out}", err=True)


def pdf(
    key: Annotated[
        str, typer.Argument(metavar="DOC|SHA256", help="A document, or a file by its hash.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
    home: HomeOption = None,
) -> None:
    """Make a searchable PDF: the scan as it is, with the words that were read over their ink."""
    from digitizer.operations.searchable import searchable

    with open_house(find_home(home)) as house:
        made = searchable(house, key, out)
    form = "PDF/A-2b by pikepdf's validator" if made.archival else "no PDF/A"
    typer.echo(f"{out}: {made.pages} pages, {made.size} bytes, {form}", err=True)


def _print_document(console: Console, key: str, document: Document) -> None:
    patient = document.patient
    console.print(Shown(f"{key}  {document.doc_type}", style="bold"))
    console.print(
        Shown(
            f"patient {patient.name or 'unknown'}  born {patient.dob or 'unknown'}  "
            f"MRN {patient.mrn or 'unknown'}  sex {patient.sex or 'unknown'}"
        )
    )
    console.print(Shown(f"date {document.encounter_date or 'unknown'}  {document.provider or ''}"))
    for warning in document.warnings:
        console.print(Shown(f"warning: {warning}", style="yellow"))
    for page in document.pages:
        console.print(Shown(f"\npage {page.number}", style="bold"))
        console.print(Shown(page.content))
    findings = Table("page", "finding", "kind", "assertion", "details", box=None)
    for entity in document.entities or ():
        details = ", ".join(f"{name} {value}" for name, value in entity.attributes)
        findings.add_row(
            *map(
                Shown, (str(entity.page), entity.text, entity.label, entity.assertion.word, details)
            )
        )
    console.print(findings)
    codes = Table("code", "title", "", "evidence", "page", box=None)
    for suggestion in document.suggestions or ():
        for evidence in suggestion.evidence:
            state = "suggested" if suggestion.suggested else f"not suggested: {suggestion.withheld}"
            cells = (
                suggestion.code.code,
                suggestion.code.title,
                state,
                f"“{evidence.text}”",
                str(evidence.page),
            )
            codes.add_row(*map(Shown, cells))
    console.print(codes)
    for tumor in document.tumors or ():
        told = f"tumor: {tumor.site.code} {tumor.site.title}, {tumor.behavior}"
        told = "; ".join((told, *(said.value for said in tumor.said), *tumor.remarks))
        console.print(Shown(told if tumor.standing is Standing.STATED else f"{told}; ambiguous"))


def _put_found(found: Found, *, as_json: bool) -> None:
    if as_json:
        from digitizer.operations.found_json import found_json

        put(found_json(found))
        return
    console = Console(highlight=False)
    for hit in found.hits:
        name = hit.patient.name or "patient not yet known"
        when = hit.encounter_date or "no date"
        console.print(
            Shown(f"{hit.document or hit.source}  page {hit.page}", style="bold"),
            Shown(f"{name}  {hit.patient.mrn or ''}  {hit.doc_type}  {when}"),
        )
        snippet = Shown("    " + hit.snippet)
        for mark in hit.marks:
            snippet.stylize("bold reverse", mark.start + 4, mark.end + 4)
        console.print(snippet)
    for facet in found.facets:
        values = ", ".join(f"{value} ({number})" for value, number in facet.values)
        console.print(Shown(f"{facet.name}: {values or 'none'}"))
    if found.suggestion:
        console.print(Shown(f"did you mean: {found.suggestion}", style="italic"))
    if found.note:
        console.print(Shown(found.note, style="italic"))
    more = " (incomplete: there may be more)" if found.partial else ""
    console.print(f"{found.documents} documents{more}")
