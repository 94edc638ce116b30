"""Whatever the order of pages: none is lost, none is moved, and no identity crosses a sheet."""

from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.barcode import Barcode
from digitizer.chart.geometry import Box
from digitizer.chart.page import Header, Page, PageKind
from digitizer.chart.patient import PatientRef
from digitizer.chart.sheet import Sheet
from digitizer.chart.text import Text
from digitizer.text.assemble import assemble

PATIENTS = [
    PatientRef(),
    PatientRef(name="Eva Lind", mrn="4471020"),
    PatientRef(name="Eva Lind"),
    PatientRef(name="Jon Marsh", mrn="8800231"),
    PatientRef(mrn="6612345"),
]
CODES = [
    "PATCHT",
    "4471020",
    Sheet().payload,
    *(Sheet(kind="cover", mrn=mrn, encounter="E1").payload for mrn in ("4471020", "8800231")),
]
WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@st.composite
def pages(draw, number):
    code = draw(st.none() | st.sampled_from(CODES))
    return Page(
        number=number,
        kind=draw(st.sampled_from([PageKind.CONTENT] * 5 + [PageKind.BLANK])),
        text=Text(content="word " * draw(st.sampled_from([5, 100]))),
        header=Header(
            patient=draw(st.sampled_from(PATIENTS)),
            doc_type=draw(st.sampled_from([None, "progress_note", "lab_report", "cover"])),
            page_number=draw(st.sampled_from([None, 1, 2])),
        ),
        barcodes=(Barcode(format="QR", value=code, box=WHOLE),) if code else (),
    )


STACKS = st.integers(0, 9).flatmap(
    lambda count: st.tuples(*(pages(number) for number in range(1, count + 1)))
)


@given(STACKS)
def test_every_page_with_content_is_in_one_document_in_order(stack):
    found = [page.number for document in assemble(stack) for page in document.pages]
    assert found == [page.number for page in stack if page.kind is PageKind.CONTENT]


@given(STACKS, STACKS, st.sampled_from([Sheet(), Sheet(kind="cover", mrn="8800231")]))
def test_a_stack_behind_a_sheet_is_as_if_nothing_stood_before(before, after, said):
    sheet = Page(
        number=50,
        text=Text(content="DO NOT FILE THIS PAGE"),
        barcodes=(Barcode(format="QR", value=said.payload, box=WHOLE),),
    )
    found = assemble([*before, sheet, *after])
    place = len(assemble(before))
    assert found[:place] == assemble(before)
    assert found[place].pages == (sheet,)
    assert found[place:] == assemble([sheet, *after])
