"""Charts as the store keeps them after digitizing, made from words the test knows."""

from dataclasses import replace

from digitizer.chart.coding import ICD10CM, Code, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.text import Text, TextSpan, Word
from digitizer.store import documents, files, pages

SAYS = "Assessment: hypertension and type 2 diabetes, denies asthma.\n"


def page(content=SAYS, number=1):
    """A page that prints `content` on one line."""
    words, starts, at = [], [], 0
    for text in content.split():
        at = content.index(text, at)
        words.append(Word(text=text, box=Box(10 * at, 10, 10 * (at + len(text)), 30), confidence=1))
        starts.append(at)
        at += len(text)
    text = Text(content=content, words=tuple(words), starts=tuple(starts))
    scale = Affine.scaling(0.001, 0.001)
    return Page(number=number, width=1000, height=1000, text=text, to_delivered=scale)


def suggestion(quote, code, title="", content=SAYS, withheld="", number=1):
    """The code, suggested on the words `quote`, or withheld."""
    start = content.index(quote)
    span = TextSpan(start, start + len(quote))
    boxes = page(content).text.boxes_of(span)
    return CodeSuggestion(
        code=Code(system=ICD10CM, code=code, title=title or quote),
        score=0.9,
        evidence=(Evidence(page=number, span=span, text=quote, boxes=boxes),),
        suggested=not withheld,
        withheld=withheld,
    )


def suggestions(content=SAYS):
    """Two that are offered and one that is denied."""
    return (
        suggestion("hypertension", "I10", "Essential (primary) hypertension", content),
        suggestion("type 2 diabetes", "E11.9", content=content),
        suggestion("asthma", "J45.909", content=content, withheld="negated"),
    )


def document(content=SAYS, name="Ada Example", mrn="4711"):
    """A progress note with those suggestions."""
    return Document(
        pages=(page(content),),
        doc_type="progress_note",
        patient=PatientRef(name=name, mrn=mrn),
        suggestions=suggestions(content),
        entities=(),
        phi=(),
    )


def thick(pages=200, lines=45, suggested=300):
    """A chart of many pages full of words, with `suggested` codes spread over them."""
    content = "the patient has hypertension and gout and denies chest pain today\n" * lines
    leaves = tuple(page(content, number) for number in range(1, pages + 1))
    found = []
    for number in range(suggested):
        made = suggestion("hypertension", f"X{number}", content=content, number=number % pages + 1)
        found.append(made)
    return replace(document(), pages=leaves, suggestions=tuple(found))


def keep(store, made, digit="a", sha256=None):
    """Keep it as the one document of a file that was digitized; returns its id."""
    sha256 = sha256 or digit * 64
    with store.begin() as tx:
        row = files.arrived(tx, claim=digit, name=b"scan.pdf", sha256=sha256, size=1)
        for each in made.pages:
            pages.save(tx, row.id, each, "test")
        (key,) = documents.replace_all(tx, row.id, sha256, [made])
    return key


def read_anew(store, key, made):
    """What a re-run does: the documents of the file are replaced."""
    with store.begin() as tx:
        file_id = documents.get(tx, key).file_id
        sha256 = files.get(tx, file_id).sha256
        for each in made.pages:
            pages.save(tx, file_id, each, "test")
        documents.replace_all(tx, file_id, sha256, [made])
