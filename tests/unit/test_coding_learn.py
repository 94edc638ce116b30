"""What is learned from coders counts at once, can be undone, and overrules no denial."""

import numpy as np
import pytest

from digitizer.chart.clinical import Assertion, Presence
from digitizer.coding.boost import fit, trees_of
from digitizer.coding.experience import Experience
from digitizer.coding.learned import UNSURE, read_learned
from digitizer.coding.memory import CREDIT, Example, Memory, keys_at, keys_of
from digitizer.coding.rank import average_precision, ranked, train
from tests.codes import knowledge
from tests.unit.test_coding_suggest import suggested

DENIED = Assertion(presence=Presence.NEGATED)


def coded(text, *codes, **suggestions):
    return Example(
        keys=keys_of(text),
        codes=frozenset(codes),
        suggested={code.replace("_", "."): row for code, row in suggestions.items()},
    )


def department():
    """Forty charts of a department that codes grumbling wombats as R69 and gout as M10.9."""
    wombats = [coded(f"Grumbling wombat seen on day {n}.", "R69") for n in range(20)]
    return wombats + [coded(f"Gout of the toe on day {n}.", "M10.9") for n in range(20)]


def test_trees_learn_what_two_questions_decide_together():
    rng = np.random.default_rng(1)
    rows = rng.random((2000, 3))
    answers = ((rows[:, 0] > 0.5) ^ (rows[:, 1] > 0.5)).astype(float)
    trees = fit(rows, answers, rounds=60)
    right = (trees.probability(rows) > 0.5) == (answers > 0.5)
    assert right.mean() > 0.95
    again = trees_of(trees.as_json())
    assert np.allclose(again.probability(rows), trees.probability(rows))


def test_keys_stand_where_they_say_and_do_not_cross_sentences():
    text = "Chronic kidney disease. Gout of the toes."
    spans = dict(keys_at(text))
    (key,) = keys_of("gout toe") - keys_of("gout") - keys_of("toe")
    assert text[spans[key].start : spans[key].end] == "Gout of the toes"
    assert not any("diseas gout" in k for k in spans)


def test_words_vote_for_the_codes_of_the_charts_that_had_them():
    memory = Memory(department(), {})
    votes = memory.votes(coded("A grumbling wombat."))
    assert max(votes, key=lambda code: votes[code][CREDIT]) == "R69"
    assert memory.best_key("R69", keys_of("A grumbling wombat."))


def test_a_word_that_explains_one_code_gets_no_credit_for_what_comes_along():
    charts = [coded("Gout. Wombat.", "M10.9", "R69") for _ in range(8)]
    charts += [coded("Gout.", "M10.9") for _ in range(8)]
    charts += [coded(f"Asthma and a wombat on day {n}.", "J45.909", "R69") for n in range(20)]
    memory = Memory(charts, {"M10.9": "Gout, unspecified"})
    votes = memory.votes(coded("Gout."))
    assert votes["R69"][CREDIT] < 0.2 < votes["M10.9"][CREDIT]
    assert votes["R69"][0] > 0.4  # though a good part of the charts with the word had the code


def test_an_example_does_not_vote_for_itself():
    charts = [coded("Odd word here.", "R69"), coded("Odd word there.", "M10.9")]
    assert Memory(charts, {}).without([0]).votes(charts[0]) == {}


def test_what_the_engine_read_votes_too():
    row = (0.9, 1, 0, 0, 0, 1, 0)
    charts = [coded(f"{word}.", "K35.80", K37=row) for word in ("one", "two", "three")]
    charts += [coded(f"{word}.", "I10") for word in ("four", "five", "six")]
    votes = Memory(charts, {}).votes(coded("Other words.", K37=row))
    assert set(votes) == {"K35.80"}


def test_average_precision_is_one_for_a_perfect_order():
    assert average_precision(["a", "b", "c"], frozenset({"a", "b"})) == 1.0
    assert average_precision(["c", "a"], frozenset({"a"})) == 0.5


@pytest.fixture
def log(tmp_path):
    return Experience(tmp_path / "data" / "learned.sqlite")


def learn(log, examples):
    batch = log.add("now", "me", "test", [(str(i), e) for i, e in enumerate(examples)])
    memory = Memory(log.examples(), {})
    log.keep("now", len(examples), 0.1, 0.9, train(memory))
    return batch


def test_what_was_learned_is_listed_and_undone(log):
    batch = learn(log, department())
    assert [(b.id, b.charts, b.undone) for b in log.batches()] == [(batch, 40, False)]
    assert log.undo(batch)
    assert not log.undo(batch)
    assert log.examples() == ()
    assert log.batches()[0].undone


def test_of_a_chart_learned_twice_the_last_counts(log):
    log.add("now", "me", "test", [("chart", coded("gout", "M10.9"))])
    log.add("now", "me", "test", [("chart", coded("gout", "M1A.9XX0"))])
    assert [e.codes for e in log.examples()] == [frozenset({"M1A.9XX0"})]


def test_a_ranker_that_loses_is_kept_but_not_promoted_and_one_can_be_rolled_back(log):
    learn(log, department())
    trees = log.trees()
    lost = log.keep("now", 40, 0.9, 0.8, trees)
    assert not lost.promoted
    assert log.trees().as_json() == trees.as_json()
    assert log.roll_back()
    assert log.trees() is None


def test_a_learned_code_is_shown_with_the_words_it_was_given_for(log):
    learn(log, department())
    learned = read_learned(log.path, knowledge())
    order = ranked(learned.memory, learned.trees, coded("A grumbling wombat."))
    assert order[0][0] == "R69"


def test_a_denied_finding_stays_withheld_however_often_it_was_coded(log):
    from dataclasses import replace

    from digitizer.chart.clinical import Entity, Label
    from digitizer.chart.document import Document
    from digitizer.chart.page import Page
    from digitizer.chart.text import Text, TextSpan

    learn(log, department())
    text = "No gout of the toe.\n"
    page = Page(number=1, text=Text(content=text))
    gout = Entity(label=Label.PROBLEM, page=1, span=TextSpan(3, 7), text="gout", assertion=DENIED)
    document = Document(pages=(page,), entities=(gout,))
    own = suggested(text, ("gout", DENIED))
    shown = read_learned(log.path, knowledge()).weigh(
        replace(document, suggestions=own), own, {}, knowledge()
    )
    denied = next(s for s in shown if s.code.code == "M10.9")
    assert (denied.suggested, denied.withheld) == (False, "negated")
    assert all(s.withheld == UNSURE or not s.suggested for s in shown)


def test_a_code_that_is_nearly_named_and_was_never_given_is_only_shown(log):
    from digitizer.chart.document import Document
    from digitizer.chart.page import Page
    from digitizer.chart.text import Text

    learn(log, department())
    text = "Tuberculosis was looked for in the bladder.\n"
    document = Document(pages=(Page(number=1, text=Text(content=text)),), entities=())
    shown = read_learned(log.path, knowledge()).weigh(document, (), {}, knowledge())
    near = next(s for s in shown if s.code.code == "A18.12")
    assert (near.suggested, near.withheld) == (False, UNSURE)
    assert "not given before" in near.why
    assert near.evidence[0].text == "Tuberculosis was looked for in the bladder"


def test_what_is_nearly_named_is_kept_in_the_log(log):
    example = Example(
        keys=frozenset({"gout"}), codes=frozenset({"M10.9"}), suggested={},
        covered={"M10.00": (0.7, 0.7, 2.0, 0.0)},
    )  # fmt: skip
    log.add("now", "me", "test", [("chart", example)])
    assert log.examples() == (example,)


def test_nothing_learned_changes_nothing(tmp_path):
    assert read_learned(tmp_path / "none.sqlite", knowledge()) is None
    assert read_learned(None, knowledge()) is None
