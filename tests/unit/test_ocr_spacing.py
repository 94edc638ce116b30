"""Words that the engine ran together are parted where the print has a space, and only there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.rules import without_bars
from digitizer.ocr.spacing import with_spaces

SIZE = 40


def printed(text: str) -> tuple[np.ndarray, Line]:
    """An image of a line, and a reading of it that has lost the spaces of its last words."""
    font = ImageFont.load_default(size=SIZE)
    image = Image.new("L", (1600, 120), 255)
    draw = ImageDraw.Draw(image)
    words, x = [], 20.0
    for word in text.split("_"):
        draw.text((x, 30), word, fill=0, font=font)
        left, top, right, bottom = draw.textbbox((x, 30), word, font=font)
        words.append(
            Word(text=word.replace(" ", ""), box=Box(left, top, right, bottom), confidence=0.9)
        )
        x = right + font.getlength(" ")
    return np.asarray(image), Line(words=tuple(words))


@pytest.mark.parametrize(
    ("read", "parted"),
    [
        ("MRN:225298", ["MRN:", "225298"]),
        ("Provider:Stubbs,", ["Provider:", "Stubbs,"]),
        ("10:30", ["10:30"]),
        ("http://x", ["http://x"]),
        ("A:B", ["A:B"]),
        ("Time:", ["Time:"]),
    ],
)
def test_a_label_is_parted_from_its_value_even_where_specks_fill_the_space(read, parted):
    word = Word(text=read, box=Box(100, 20, 300, 60), confidence=0.8)
    (line,) = with_spaces([Line(words=(word,))], np.zeros((100, 400), dtype=np.uint8))
    assert [w.text for w in line.words] == parted
    assert (line.words[0].box.x0, line.words[-1].box.x1) == (100, 300)
    assert all(w.box.width > 20 for w in line.words)


@pytest.mark.parametrize(
    "text",
    [
        "Sodium_138_mmol/L_135 - 145",
        "Range_of_the_value_3.5 - 5.1",
        "aspirin_tablet_81 mg_once_daily",
        "seen_on_March_18, 2017_at_noon",
        "Inhaler_was_stopped - due_to_cough",
        "Patient_is_Jane_Abernathy MRN_5512",
    ],
)
def test_a_space_that_the_engine_missed_is_put_back(text: str) -> None:
    image, line = printed(text)
    (found,) = with_spaces([line], image)
    assert [word.text for word in found.words] == text.replace("_", " ").split()


@pytest.mark.parametrize(
    "text",
    [
        "MRN_is_MR-513-98-93_here",
        "a_62-year-old_man_came",
        "call_(555)012-9080_at_once",
        "q12h_for_3.5_days_B12",
        "Dr_McDonald_took_SpO2_and_HbA1c",
        "page_P.013/019_of_the_fax",
    ],
)
def test_what_is_printed_without_spaces_stays_whole(text: str) -> None:
    image, line = printed(text)
    assert with_spaces([line], image) == (line,)


def test_the_rules_of_a_cell_do_not_fill_its_spaces() -> None:
    image, line = printed("Sodium_level_is_135 - 145")
    ruled = image.copy()
    ruled[26:28] = ruled[74:76] = 0
    tall = tuple(replace(w, box=replace(w.box, y0=25.0, y1=77.0)) for w in line.words)
    (found,) = with_spaces([replace(line, words=tall)], ruled)
    assert [word.text for word in found.words][-3:] == ["135", "-", "145"]


def test_a_numeral_is_not_parted_where_an_engine_mistook_its_letters() -> None:
    image, line = printed("Beaulieu_the_I I I_came")
    taken = tuple(replace(w, text="IlI") if w.text == "III" else w for w in line.words)
    (found,) = with_spaces([replace(line, words=taken)], image)
    assert "IlI" in [word.text for word in found.words]


def test_the_parts_lie_on_their_own_ink() -> None:
    image, line = printed("Sodium_level_is_135 - 145")
    (found,) = with_spaces([line], image)
    for word in found.words:
        x0, x1 = int(word.box.x0), int(word.box.x1)
        assert (image[:, x0:x1].min(axis=0) < 128).mean() > 0.5
    assert all(a.box.x1 < b.box.x0 for a, b in zip(found.words, found.words[1:], strict=False))


@given(
    text=st.text(min_size=1, max_size=40).filter(lambda text: text.strip()),
    box=st.tuples(*[st.floats(-50, 250) for _ in range(2)], *[st.floats(1, 300) for _ in range(2)]),
    seed=st.integers(0, 9),
)
def test_no_character_is_lost_or_added_whatever_was_read(
    text: str, box: tuple[float, float, float, float], seed: int
) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (100, 200), dtype=np.uint8)
    place = Box(box[0], box[1], box[0] + box[2], box[1] + box[3])
    word = Word(text=text, box=place, confidence=0.5)
    (found,) = with_spaces([Line(words=(word,))], image)
    assert "".join(part.text for part in found.words) == text
    assert all(place.x0 <= part.box.x0 <= part.box.x1 <= place.x1 for part in found.words)


def line_of(*texts: str, height: float = 20.0) -> Line:
    words = (
        Word(text=text, box=Box(i * 100.0, 0, i * 100.0 + 90, height), confidence=0.9)
        for i, text in enumerate(texts)
    )
    return Line(words=tuple(words))


def read_back(line: Line) -> list[str]:
    (found,) = without_bars([line])
    return [word.text for word in found.words]


def test_a_rule_that_sticks_to_a_word_is_cut_off() -> None:
    assert read_back(line_of("|Units", "mg/dL|", "Flag")) == ["Units", "mg/dL", "Flag"]


def test_a_bar_before_a_small_letter_is_the_pronoun() -> None:
    assert read_back(line_of("|", "understand", "the", "risks")) == [
        "I",
        "understand",
        "the",
        "risks",
    ]


def test_a_bar_before_a_number_or_at_the_end_stays_a_bar() -> None:
    assert read_back(line_of("Hospital", "|", "1400", "Harbor", "|")) == [
        "Hospital",
        "|",
        "1400",
        "Harbor",
        "|",
    ]


@pytest.mark.parametrize("number", ["441-20-77", "MR-437-92-16", "27-Sep-2019"])
def test_a_number_of_several_dashes_stays_whole_though_there_is_room_beside_one(
    number: str,
) -> None:
    roomy = number.replace("-", " - ", 1)
    image, line = printed(f"Patient_Name:_Okafor,_Dana_MRN:_{roomy}")
    (found,) = with_spaces([line], image)
    assert found.words[-1].text == number
