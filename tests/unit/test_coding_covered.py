"""Names that a text says in part: the words may stand apart, and the rare ones weigh more."""

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import Text
from digitizer.coding.covered import covered
from digitizer.coding.windows import sentences
from tests.codes import knowledge


def read(*pages):
    made = (Page(number=n, text=Text(content=text)) for n, text in enumerate(pages, 1))
    return Document(pages=tuple(made))


def found(*pages):
    return covered(read(*pages), knowledge())


def said(text, one):
    return text[one.span.start : one.span.end]


def test_a_name_whose_words_stand_apart_is_covered_where_they_stand_closest():
    text = "Bladder full. Tuberculosis was then found, by biopsy, in the bladder at last."
    one = found(text)["A18.12"]
    assert one.features[0] > 0.99
    assert said(text, one) == "Tuberculosis was then found, by biopsy, in the bladder"


def test_words_of_two_sentences_cover_the_text_and_no_sentence():
    joined = found("Tuberculosis of the bladder.")["A18.12"]
    apart = found("The bladder was seen. Tuberculosis elsewhere.").get("A18.12")
    assert joined.features[0] > 0.99
    assert apart is None or apart.features[0] < apart.features[1]


def test_common_words_alone_cover_no_telling_name():
    assert "G35.D" not in found("Disease of unspecified site, without complication.")
    assert found("It was as is.") == {}


def test_the_page_is_where_the_words_stand():
    one = found("Nothing here.", "Torsion of the left testis.")["N44.00"]
    assert one.page == 2


def test_every_covered_code_is_billable_and_has_words():
    text = "Chronic kidney disease, stage 3, with secondary hyperparathyroidism of renal origin."
    for code, one in found(text).items():
        known = knowledge().code(code)
        assert known
        assert known.billable
        assert said(text, one)


def test_sentences_end_at_stops_and_blank_lines_and_leave_little_words_out():
    text = "Gout of the toe. Asthma\n\nDr. Lee; fever"
    assert [[word for word, _ in s] for s in sentences(text)][:2] == [["gout", "toe"], ["asthm"]]
    assert all(text[span.start : span.end] for s in sentences(text) for _, span in s)
