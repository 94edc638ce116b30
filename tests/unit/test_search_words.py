"""Words, identifiers, dates, synonyms and snippets, by example."""

from datetime import date

import pytest

from digitizer.chart.text import TextSpan
from digitizer.search.dates import days, joined, period
from digitizer.search.highlight import snippet, spans
from digitizer.search.identifiers import code_lineage, is_code, is_number, loose_numbers
from digitizer.search.plan import How
from digitizer.search.ranking import spelled
from digitizer.search.synonyms import Thesaurus, load_synonyms
from digitizer.search.words import tokens


def test_a_hyphenated_word_is_found_whole_and_in_pieces():
    found = [(t.text, t.position) for t in tokens("Dx: follow-up, Tomás O'Neil")]
    assert found == [
        ("dx", 0), ("follow", 1), ("up", 2), ("followup", 1),
        ("tomas", 3), ("o", 4), ("neil", 5), ("oneil", 4),
    ]  # fmt: skip


def test_ligatures_and_decomposed_accents_keep_their_place():
    text = "ﬁbrosis Jose\N{COMBINING ACUTE ACCENT} x"
    assert next((t.text, text[t.start : t.end]) for t in tokens(text)) == ("fibrosis", "ﬁbrosis")
    assert [t.text for t in tokens(text)] == ["fibrosis", "jose", "x"]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("MR-759-92-95", "MR7599295"),
        ("MR-759-92-95", "7599295"),
        ("04249141", "4249141"),
        ("04249141", "O4249l4I"),
        ("S1234567", "51234567"),
        ("MR-759-92-98", "MR-7S9-92-9B"),
    ],
)
def test_record_numbers_meet_in_a_loose_form(printed, typed):
    assert loose_numbers(printed) & loose_numbers(typed)


def test_different_record_numbers_do_not_meet():
    assert not loose_numbers("MR-759-92-95") & loose_numbers("MR-759-92-96")


@pytest.mark.parametrize("typed", ["04249141", "MR-759-92-95", "MRN1000037", "A0012345"])
def test_record_numbers_are_recognised(typed):
    assert is_number(typed)


@pytest.mark.parametrize("typed", ["2019", "metformin", "12/25/1973", "E11.65", "T2DM", "20mg"])
def test_other_words_are_no_record_numbers(typed):
    assert not is_number(typed)


def test_codes():
    assert is_code("E11.65") and is_code("i10") and not is_code("T2DM")
    assert code_lineage("E11.65") == ("e11", "e116", "e1165")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("3/14/2019", date(2019, 3, 14), date(2019, 3, 14)),
        ("2019..2021-02", date(2019, 1, 1), date(2021, 2, 28)),
        ("2019..", date(2019, 1, 1), date.max),
    ],
)
def test_periods(typed, first, last):
    assert period(typed) == (first, last)


@pytest.mark.parametrize("typed", ["", "..", "13/1/2019", "2019-02-30", "2021..2019", "soon"])
def test_what_is_no_period(typed):
    assert period(typed) is None
    assert days(typed) == ()


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("1951-10-02", [1951]),
        ("10/2/1951", [1951]),
        ("10/2/51", [1951, 2051]),
        ("Oct 2, 1951", [1951]),
        ("october 2nd 1951", [1951]),
        ("2 Oct 1951", [1951]),
        ("02-OCT-1951", [1951]),
        ("10-02-51", []),
        ("Oct 32, 1951", []),
        ("ma 2, 1951", []),
        ("1951", []),
    ],
)
def test_days_that_a_date_may_mean(typed, years):
    assert days(typed) == tuple(date(year, 10, 2) for year in years)


def test_the_words_of_a_date_are_taken_together():
    assert joined(["seen", "Oct", "2", "1951", "for", "gout"]) == [
        "seen", "Oct 2 1951", "for", "gout",
    ]  # fmt: skip
    assert joined(["may", "2", "things"]) == ["may", "2", "things"]


def test_spelling_slack_follows_length():
    assert spelled(How.NEAR, "delagdo", ["delgado", "delgada", "salgado"]) == [0, 1]
    assert spelled(How.NEAR, "lee", ["leo", "lea"]) == []
    assert spelled(How.NEAR, "12345", ["12346", "12354", "12436"]) == [0, 1]


def test_an_ambiguous_name_asks_but_is_not_asked_for():
    thesaurus = Thesaurus([(("heart attack", "Myocardial Infarction"), ("mi",))])
    assert thesaurus.of("MI") == {"heart attack", "myocardial infarction"}
    assert thesaurus.of("heart attack") == {"myocardial infarction"}
    assert thesaurus.of("gout") == frozenset()


def test_synonyms_come_from_tables(tmp_path):
    problems, drugs = tmp_path / "p.tsv", tmp_path / "d.tsv"
    problems.write_text(
        "# ours\nterm\tcode\tcontext\tnote\nhtn\tI10\t\t\nhigh blood pressure\tI10\t\t\n"
        'ms\tG35\tneuro\t\nmultiple sclerosis\tG35\t\tthe "other" ms\n'
    )
    drugs.write_text("generic\tbrands\tclass\nfurosemide\tLasix; Furoscix\tloop\nzinc\t\t\n")
    thesaurus = load_synonyms(problems, drugs)
    assert thesaurus.of("HTN") == {"high blood pressure"}
    assert thesaurus.of("multiple sclerosis") == frozenset()
    assert thesaurus.of("lasix") == {"furosemide", "furoscix"}
    assert load_synonyms(tmp_path / "none.tsv", None).of("htn") == frozenset()


def test_spans_mark_every_printing_of_a_word():
    text = "Gout. No GOUT-like pain"
    assert spans(text, ["gout"]) == (TextSpan(0, 4), TextSpan(9, 13))
    assert spans("MR-12-34", ["mr1234", "12"]) == (TextSpan(0, 8),)


def test_a_snippet_shows_most_different_words():
    text = "heart " + "x " * 200 + "the heart\nand the lung " + "y " * 200
    shown = snippet(text, ["heart", "lung"], 60)
    assert [mark.of(shown.text) for mark in shown.marks] == ["heart", "lung"]
    assert "\n" not in shown.text
    assert shown.text.startswith("… ") and shown.text.endswith(" …")


def test_a_snippet_without_a_term_is_the_beginning():
    assert snippet("Short page", ["zebra"]).text == "Short page"


def test_a_code_names_what_it_and_those_below_it_stand_for():
    thesaurus = Thesaurus(
        [(("lasix", "furosemide"), ())],
        {"I21.9": (("heart attack",), ("mi",)), "I21.3": (("stemi",), ()), "I10": (("htn",), ())},
    )
    assert thesaurus.named("i21") == {"heart attack", "stemi"}
    assert thesaurus.named("I21.9") == {"heart attack"}
    assert thesaurus.named("I2") == thesaurus.named("") == thesaurus.named("Z99") == set()
    assert thesaurus.codes("Heart Attack") == thesaurus.codes("mi") == {"I21.9"}
    assert thesaurus.codes("lasix") == thesaurus.codes("pain") == set()
