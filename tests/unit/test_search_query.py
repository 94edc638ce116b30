"""The query language, by example."""

import pytest

from digitizer.errors import UsageError
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
    parse,
)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", Everything()),
        ("chest pain", And((Term("chest"), Term("pain")))),
        ("chest AND pain", And((Term("chest"), Term("pain")))),
        ('"chest  pain"', Phrase("chest pain")),
        ("“chest pain”", Phrase("chest pain")),
        ("metf*", Prefix("metf")),
        ("delagdo~,", Fuzzy("delagdo")),
        ("a b OR c", Or((And((Term("a"), Term("b"))), Term("c")))),
        ("a (b OR c)", And((Term("a"), Or((Term("b"), Term("c")))))),
        ("a NOT b", And((Term("a"), Not(Term("b"))))),
        ("NOT NOT b", Term("b")),
        ("Delgado, Terrence.", And((Term("Delgado"), Term("Terrence")))),
        ("MR-759-92-95", Term("MR-759-92-95")),
        ("name: Delgado", Field("name", Term("Delgado"))),
        ('PROBLEM:"heart attack"', Field("problem", Phrase("heart attack"))),
        ("date:2019..2021", Field("date", Term("2019..2021"))),
        ("date:..2021-03", Field("date", Term("..2021-03"))),
        ("drug:metf*", Field("drug", Prefix("metf"))),
        ("12:30", Term("12:30")),
        ("and or", And((Term("and"), Term("or")))),
        ("- ,;", Everything()),
    ],
)
def test_reads(typed, tree):
    assert parse(typed) == tree


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ('pain "chest', 5),
        ("(a b", 0),
        ("a) b", 1),
        ("a OR", 4),
        ("OR a", 0),
        ("a AND AND b", 6),
        ("dob:soon", 4),
        ("pain date:2021..2019", 10),
        ("name:", 0),
        ("pain conf: much", 11),
        ("pain nmae:lee", 5),
        ("(" * 100 + "a", 40),
        ("a" * 5_000, 4_000),
    ],
)
def test_points_at_the_fault(typed, position):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.position == position
    assert isinstance(caught.value, UsageError)


def test_an_error_does_not_repeat_what_was_typed():
    with pytest.raises(QueryError) as caught:
        parse('"Delgado 1951')
    assert "Delgado" not in str(caught.value)
