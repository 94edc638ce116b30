import pytest

from digitizer.coding.tabular import complete, mentioned_ranges
from digitizer.coding.words import fold, key, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crohn's disease", "crohn disease"),
        ("haemorrhagic anaemia", "hemorrhagic anemia"),
        ("oedema of the oesophagus", "edema of the esophagus"),
        ("tumour", "tumor"),
        ("Sjögren", "sjogren"),
    ],
)
def test_spellings_of_one_word_are_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("knee pain", "pain in knees"),
        ("infections of kidney", "kidney infection"),
        ("bone metastases", "metastasis bone"),
        ("type II diabetes", "type 2 diabetes"),
        ("acute pharyngitis, unspecified", "acute pharyngitis"),
    ],
)
def test_terms_of_the_same_words_have_one_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("goiter with hyperthyroidism", "goiter without hyperthyroidism"),
        ("hepatitis", "hepatic"),
        ("hypotension", "hypertension"),
        ("diabetes type 1", "diabetes type 2"),
        ("right knee pain", "left knee pain"),
    ],
)
def test_terms_of_different_meaning_have_different_keys(one, other):
    assert key(one) != key(other)


def test_words_of_one_family_share_their_stem():
    assert stem("infection") == stem("infectious") == stem("infected")
    assert stem("hypertension") == stem("hypertensive")


def test_a_seventh_character_is_padded_with_x():
    assert complete("S52.5", "A") == "S52.5XXA"
    assert complete("S72.001", "A") == "S72.001A"
    assert complete("T07", "A") == "T07.XXXA"


def test_the_codes_that_a_note_names_are_read_with_their_ranges():
    note = "diabetes due to underlying condition (E08.-), neonatal disorders (P70-P74), (O9A.2-)"
    assert mentioned_ranges(note) == (("E08", "E08"), ("P70", "P74"), ("O9A.2", "O9A.2"))
    assert mentioned_ranges("code to identify NHS status and type") == ()
