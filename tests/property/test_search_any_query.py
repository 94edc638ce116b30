"""Whatever is typed is read or refused, and what is read can be written down again."""

from hypothesis import given
from hypothesis import strategies as st

from digitizer.search.dates import period
from digitizer.search.query import (
    And,
    Everything,
    Field,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Term,
    Wildcard,
    parse,
    unparse,
)  # fmt: skip

words = st.from_regex(r"[a-z0-9]([a-z0-9'./-]{0,6}[a-z0-9])?", fullmatch=True)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
starred = st.lists(words, min_size=2, max_size=3) | words.map(lambda word: ["", word])
leaves = st.one_of(
    words.map(Term),
    phrases.map(Phrase),
    words.map(Prefix),
    starred.map("*".join).map(Wildcard),
    words.map(Fuzzy),
)
fields = st.one_of(
    st.builds(Field, st.sampled_from(["name", "mrn", "code", "drug", "problem", "type"]), leaves),
    st.builds(Field, st.sampled_from(["dob", "date"]), st.sampled_from(
        [Term("2019"), Term("2019-03..2021"), Term("..2020"), Term("2020.."), Term("3/4/2019")]
    )),
    st.builds(Field, st.just("conf"), st.sampled_from(
        [Term("60"), Term("<60"), Term(">=7"), Term("60..80")]
    )),
)  # fmt: skip


def flat(kind, parts):
    inner = [p for part in parts for p in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(inner))


def compound(parts):
    several = st.lists(parts, min_size=2, max_size=4)
    negated = parts.filter(lambda part: not isinstance(part, Not)).map(Not)
    return several.map(lambda p: flat(And, p)) | several.map(lambda p: flat(Or, p)) | negated


trees = st.recursive(leaves | fields, compound, max_leaves=12)
typed = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["(", ")", '"', "AND", "OR", "NOT", "name:", "date:", "2019", "..", "heart",
         "x*", "*x", "y*z", "y~", "MR-12-34-567", ",", "-", "“", "”", "é", "*", "ﬁ"]
    ), max_size=12,
).map(" ".join)  # fmt: skip


@given(trees)
def test_every_tree_survives_being_written_down(tree):
    assert parse(unparse(tree)) == tree


@given(typed)
def test_any_text_is_read_or_refused_at_a_character(text):
    try:
        tree = parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert parse(unparse(tree)) == tree


@given(st.text(alphabet=" ,.;-!?*~'", max_size=20))
def test_text_without_words_asks_for_everything(text):
    assert parse(text) == Everything()


@given(st.text(max_size=12))
def test_a_period_never_ends_before_it_begins(text):
    found = period(text)
    assert found is None or found[0] <= found[1]
