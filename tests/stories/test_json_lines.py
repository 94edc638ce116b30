"""The verbs that other programs use: JSON lines in, JSON lines out, nothing stored."""

import json

import pytest

from tests import scans
from tests.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return Program(tmp_path_factory.mktemp("home") / "charts")


def _lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_read_gives_words_with_boxes_for_each_page_and_stores_nothing(program, tmp_path):
    scan = scans.tiff(tmp_path / "two.tif", [scans.page(), scans.page(("Second page",))])
    first, second = _lines(program("read", str(scan), "--jsonl"))
    assert (first["source"], first["page"], second["page"]) == ("two.tif", 1, 2)
    assert "chest pain" in first["text"]
    (word,) = [word for word in first["words"] if word["t"] == "hypertension"]
    assert 0 < word["box"][0] < word["box"][2] < 1
    assert 0.5 < word["conf"] <= 1
    assert program.states() == {}


def test_understand_finds_patient_findings_and_codes_in_plain_text(program):
    text = "\n".join(scans.NOTE)
    (answer,) = _lines(program("understand", "--jsonl", stdin=json.dumps({"id": 7, "text": text})))
    assert answer["id"] == 7
    assert answer["doc_type"] == "progress_note"
    assert answer["patient"]["name"] == "Rajesh R. Hargrove"
    for entity in answer["entities"]:
        assert text[entity["start"] : entity["end"]] == entity["text"]
    suggested = {code["code"] for code in answer["codes"] if code["suggested"]}
    assert "I10" in suggested
    assert answer["phi"]


def test_given_spans_are_classified_as_given(program):
    text = "No fever. Mother had asthma. He has gout."
    spans = [[3, 8, "PROBLEM"], [21, 27, "PROBLEM"], [36, 40, "PROBLEM"]]
    line = json.dumps({"id": "a", "text": text, "spans": spans})
    (answer,) = _lines(program("understand", "--jsonl", stdin=line))
    found = [(e["start"], e["end"], e["assertion"]) for e in answer["entities"]]
    assert found == [(3, 8, "negated"), (21, 27, "family"), (36, 40, "affirmed")]


def test_codes_search_answers_one_term_and_many(program):
    best = program.json("codes", "search", "heart attack")["codes"][0]
    assert best["code"].startswith("I21")
    terms = "".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in enumerate(("gout", "COPD")))
    gout, copd = _lines(program("codes", "search", "--jsonl", "--limit", "3", stdin=terms))
    assert gout["codes"][0]["code"].startswith("M10")
    assert copd["codes"][0]["code"] == "J44.9"


def test_codes_show_says_what_a_code_is(program):
    assert "Heart failure, unspecified" in program("codes", "show", "I509")


def test_a_line_that_is_no_json_is_named(program):
    done = program.run("understand", "--jsonl", stdin='{"id": 1, "text": "gout"}\nnonsense\n')
    assert done.returncode == 2
    assert "line 2" in done.stderr
