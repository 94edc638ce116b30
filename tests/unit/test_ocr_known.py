"""What no dictionary has is doubted sooner; no language is taken for strange for want of a list."""

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.confidence import calibrated
from digitizer.ocr.known import NONE, Kind, KnownWords, known_words
from tests.codes import MODELS

ENGLISH = known_words(("eng",), MODELS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("deficiency", Kind.KNOWN),
        ("Deficiency,", Kind.KNOWN),
        ("follow-up", Kind.KNOWN),
        ("Crohn's", Kind.KNOWN),
        ("fluticasone", Kind.KNOWN),  # of our own tables
        ("deficieney", Kind.STRANGE),
        ("chest-xqzzy", Kind.STRANGE),
        ("04/13/1959", Kind.NUMBER),
        ("$1,250.00", Kind.NUMBER),
        ("<0.5%", Kind.NUMBER),
        ("1,25", Kind.OTHER),
        ("2O", Kind.OTHER),
        ("HbA1c", Kind.OTHER),
        ("PO", Kind.OTHER),
        ("—", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_text_is_told_by_what_it_looks_like(text, kind):
    assert ENGLISH.kind(text) is kind


def test_a_language_without_a_list_leaves_all_words_untold():
    for languages in (("pol",), ("eng", "pol")):
        words = known_words(languages, MODELS)
        assert words is NONE
        assert words.kind("deficieney") is Kind.ANY
        assert words.strangeness("deficieney") == 0.0


def test_every_language_with_a_list_has_words():
    for language, word in (("deu", "Krankenhaus"), ("fra", "hôpital"), ("spa", "hospital")):
        assert word in known_words((language,), MODELS)


def test_strangeness_is_the_share_of_letters_in_words_that_are_none():
    assert ENGLISH.strangeness("chest-xqzzy") == pytest.approx(0.5)
    assert ENGLISH.strangeness("325 mg") == 0.0
    assert ENGLISH.strangeness("...") == 0.0


def test_what_stands_on_the_page_without_doubt_is_known_there_only():
    page = ENGLISH.with_page(["Okonkwo,", "MR-437"])
    assert page.kind("Okonkwo") is Kind.KNOWN
    assert page.kind("Ok0nkwo") is not Kind.KNOWN
    assert ENGLISH.kind("Okonkwo") is Kind.STRANGE


def test_of_two_words_that_an_engine_said_alike_the_known_one_is_likelier():
    lines = [
        Line(words=(Word(text=text, box=Box(0, 0, 9, 9), confidence=0.6),))
        for text in ("deficiency", "deficieney")
    ]
    for engine in ("tesseract", "rapidocr"):
        known, strange = (line.words[0] for line in calibrated(lines, engine, ENGLISH))
        assert known.confidence > 2 * strange.confidence


def test_no_list_at_all_is_no_reason_to_stop(tmp_path):
    assert "deficiency" in known_words(("eng",), tmp_path)
    assert KnownWords().kind("x") is Kind.ANY
