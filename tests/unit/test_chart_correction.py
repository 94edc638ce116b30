"""Corrected wording over what was read: every place in the one has its place in the other."""

from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.correction import Wording, reworded
from digitizer.chart.text import TextSpan
from tests import charts

READ = "Assessment: hypcr tension and gout, no asthma.\n"


def _change_of(read, words, text):
    start = read.index(words)
    return TextSpan(start, start + len(words)), text


def _change(words, text):
    return _change_of(READ, words, text)


def _span(content, words):
    return TextSpan(content.index(words), content.index(words) + len(words))


FIXED = Wording(READ, (_change("hypcr tension", "hypertension"), _change("no asthma", "asthma")))


def test_a_place_in_the_corrected_text_leads_back_to_what_was_read():
    assert FIXED.content == "Assessment: hypertension and gout, asthma.\n"
    assert FIXED.back(_span(FIXED.content, "gout")).of(READ) == "gout"
    assert FIXED.back(_span(FIXED.content, "tension and")).of(READ) == "hypcr tension and"
    assert FIXED.at(_span(READ, "tension and")) == "hypertension and"
    assert FIXED.at(_span(READ, "gout")) == "gout"
    assert (FIXED.touches(_span(READ, "no")), FIXED.touches(_span(READ, "gout"))) == (True, False)


def test_words_after_a_correction_longer_than_what_it_replaces_are_not_joined_by_a_part_of_it():
    said = Wording("CP and gout", (_change_of("CP and gout", "CP", "chest pain"),))
    assert said.at(TextSpan(2, 11)) == " and gout"


def test_corrected_words_stand_on_the_ink_of_those_that_they_replace():
    text = charts.page(READ).text
    after = reworded(text, FIXED)
    ink = {
        words: text.boxes_of(_span(READ, words)) for words in ("hypcr tension", "gout", "no asthma")
    }
    assert after.boxes_of(_span(after.content, "hypertension")) == ink["hypcr tension"]
    assert after.boxes_of(_span(after.content, "gout")) == ink["gout"]
    assert after.boxes_of(_span(after.content, "asthma")) == ink["no asthma"]


def test_two_words_for_one_share_its_ink_and_none_for_one_leave_nothing():
    torn = Wording(READ, (_change("gout", "go out"), _change("asthma", "")))
    after = reworded(charts.page(READ).text, torn)
    (gout,) = charts.page(READ).text.boxes_of(_span(READ, "gout"))
    assert [word.box for word in after.words if word.text in ("go", "out")] == [gout, gout]
    assert "asthma" not in after.content


_CONTENT = st.text(alphabet="ab \n", min_size=1, max_size=40)
_CUTS = st.lists(st.tuples(st.integers(0, 39), st.text(alphabet="xy ", max_size=6)), max_size=6)


def _wording(content, cuts):
    ends = sorted({min(at, len(content)) for at, _ in cuts})
    spans = [TextSpan(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    return Wording(content, tuple((s, t) for s, (_, t) in zip(spans, cuts, strict=False)))


@given(_CONTENT, _CUTS, st.integers(0, 40), st.integers(1, 10))
def test_what_was_not_corrected_is_found_again_letter_by_letter(content, cuts, start, length):
    said = _wording(content, cuts)
    span = TextSpan(min(start, len(said.content)), min(start + length, len(said.content)))
    back = said.back(span)
    assert 0 <= back.start <= back.end <= len(content)
    if not said.touches(back):
        assert back.of(content) == span.of(said.content) == said.at(back)
    assert span.of(said.content) in said.at(back)
    assert said.forth(back).of(said.content) == said.at(back)


@given(_CONTENT, _CUTS)
def test_every_word_of_a_corrected_text_stands_where_it_says(content, cuts):
    said = _wording(content, cuts)
    after = reworded(charts.page(content).text, said)
    assert list(after.starts) == sorted(after.starts)
    whole = reworded(charts.page(content).text, Wording(content))
    assert whole == charts.page(content).text
    for start, word in zip(after.starts, after.words, strict=True):
        uncut = not any(
            there.overlaps(said.back(TextSpan(start, start + 1))) for there, _ in said.changes
        )
        assert uncut or after.content.startswith(word.text, start)
