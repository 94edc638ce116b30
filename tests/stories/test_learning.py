"""A department starts with its own history: coded charts are learned, listed and forgotten."""

import json

from tests.program import Program


def coded(number, text, code):
    return json.dumps({"id": number, "text": text, "codes": [{"code": code, "type": "dx"}]})


def test_charts_that_were_coded_before_teach_and_are_forgotten(tmp_path):
    program = Program(tmp_path / "home")
    charts = [coded(n, f"Visit {n}. The wombat grumbles.", "Z76.89") for n in range(20)]
    charts += [coded(100 + n, f"Visit {n}. Gout of the toe.", "M10.9") for n in range(20)]
    learned = program.run("codes", "learn", "--jsonl", stdin="\n".join(charts))
    assert "40 charts learned; ranker 1 in force" in learned.stderr
    line = json.dumps({"id": 1, "text": "Today the wombat grumbles."})
    answer = json.loads(program("understand", "--jsonl", stdin=line))
    assert "Z76.89" in [code["code"] for code in answer["codes"]]
    assert "batch 1" in program("codes", "learned")
    program("codes", "forget", "1")
    assert json.loads(program("understand", "--jsonl", stdin=line))["codes"] == []
