"""Words, spans and snippets hold for any text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from digitizer.search import ranking, vocabulary
from digitizer.search.highlight import snippet, spans
from digitizer.search.words import fold, tokens

texts = st.text(max_size=200) | st.text(alphabet="ab -/.\n'é", max_size=300)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_tokens_are_what_is_printed_at_their_span(text):
    last = -1
    for token in tokens(text):
        assert fold(text[token.start : token.end]) == token.text
        assert token.whole or token.position == last + 1
        last = last if token.whole else token.position


@given(texts, st.lists(st.sampled_from(["a", "b", "ab", "e", "ba"]), max_size=3))
def test_marks_are_terms_in_order(text, terms):
    marks = spans(text, terms)
    assert all(fold(mark.of(text)) in terms for mark in marks)
    assert all(a.end <= b.start for a, b in pairwise(marks))


@given(texts, st.lists(st.sampled_from(["a", "b", "ab"]), max_size=3), st.integers(20, 80))
def test_a_snippet_shows_a_term_wherever_there_is_one(text, terms, width):
    shown = snippet(text, terms, width)
    fits = [mark for mark in spans(text, terms) if len(mark) <= width]
    assert len(shown.text) <= width + 4
    assert all(fold(mark.of(shown.text)) in terms for mark in shown.marks)
    assert bool(shown.marks) == bool(fits)


vocabularies = st.dictionaries(st.text(max_size=8), st.lists(st.integers(0, 99), max_size=3))


def stored(words):
    draft = vocabulary.Draft()
    for word in sorted(words, key=str.encode):
        pages = sorted(set(words[word]))
        draft.add(word.encode(), pages, [page + 1 for page in pages])
    return vocabulary.load(vocabulary.dump({"text": draft}))["text"]


@given(vocabularies, st.text(max_size=8), st.integers(0, 2))
def test_no_word_within_reach_is_ruled_out(words, word, slips):
    found = stored(words)
    near = {w for w in words if OSA.distance(w, word) <= slips}
    assert near <= set(found.words(found.within(word, slips))) <= set(words)


printed = st.text(alphabet="aernmvwcdl0o1i5s|", max_size=6)


@given(st.lists(printed), printed)
def test_no_word_that_may_be_a_misreading_is_ruled_out(words, word):
    found = stored(dict.fromkeys(words, (1,)))
    some = found.within(word, ranking.MISREAD_SLIPS)
    alike = found.sharing(word, ranking.DOUBTFUL, some)
    near = found.within(word, ranking.misread_slack(word), some)
    kept = {*found.words(alike), *found.words(near)}
    assert set(ranking.misreadings(word, words)) <= kept <= set(words)


@given(vocabularies, st.text(max_size=2))
def test_words_that_begin_so_are_found_with_their_pages(words, prefix):
    found = stored(words)
    numbers = found.beginning(prefix)
    longer = found.words(numbers)
    assert sorted(longer) == sorted(word for word in words if word.startswith(prefix))
    pages, counts, which = found.lists(numbers)
    assert (counts == pages + 1).all()
    there = {(longer[n], page) for n, page in zip(which.tolist(), pages.tolist(), strict=True)}
    assert there == {(word, page) for word in longer for page in words[word]}
    rare = found.rare(numbers).tolist()
    assert rare == [bool(words[word]) for word in longer]
