"""People are added, a chart is coded and signed, and the trail of it holds: by commands alone."""

import json

import pytest

from digitizer.config import find_home
from digitizer.operations.house import open_house
from tests import charts
from tests.program import Program

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A home with one digitized chart, a coder and an auditor; and the chart's id."""
    program = Program(tmp_path_factory.mktemp("home") / "charts")
    for name, role in (("anna", "coder"), ("olga", "auditor")):
        first = program("user", "add", name, "--role", role).strip()
        program("user", "password", name, stdin=f"{first}\n{GOOD}\n")
    with open_house(find_home(program.home)) as house:
        key = charts.keep(house.store, charts.document())
    return program, key


def _ids(chart):
    return {line["code"]: line["id"] for line in chart["lines"]}


def test_a_coder_takes_the_next_chart_codes_it_signs_it_and_the_export_says_who(desk, tmp_path):
    program, key = desk
    me = {"stdin": GOOD + "\n"}
    taken = json.loads(program("worklist", "--next", "--as", "anna", "--json", **me))
    assert taken == {"document": key}
    ids = _ids(json.loads(program("review", key, "show", "--as", "anna", "--json", **me)))
    program("review", key, "accept", ids["I10"], "--seen", "0", "--as", "anna", **me)
    late = program.run("review", key, "accept", ids["E11.9"], "--seen", "0", "--as", "anna", **me)
    assert (late.returncode, "anna decided" in late.stderr) == (2, True)
    program("review", key, "reject", ids["E11.9"], "--because", "past", "--as", "anna", **me)
    start = charts.SAYS.index("diabetes")
    span = f"{start}:{start + 8}"
    program(
        "review", key, "add", "--code", "Z79.4", "--page", "1", "--span", span, "--as", "anna", **me
    )
    program("review", key, "undo", "3", "--as", "anna", **me)
    for who, code in (("olga", 2), ("anna", 0)):
        program("review", key, "sign-off", "--as", who, code=code, **me)
    program("review", key, "release", "--as", "anna", **me)
    program("export", "--out", str(tmp_path / "out"))
    (file,) = (tmp_path / "out").iterdir()
    (document,) = json.loads(file.read_text())["documents"]
    assert [code["code"] for code in document["codes"]] == ["I10", "E11.9"]
    confirmed = document["confirmed"]
    assert [(code["code"], code["by"]) for code in confirmed["codes"]] == [("I10", "anna")]
    assert (confirmed["state"], confirmed["version"]) == ("released", 1)
    assert program.json("audit", "verify")["faults"] == []


def test_wrong_people_are_refused(desk):
    program, key = desk
    wrong = program.run("review", key, "show", "--as", "anna", stdin="not the password\n")
    assert (wrong.returncode, "is wrong" in wrong.stderr) == (2, True)
    assert program.run("review", key, "show").returncode == 2  # nobody here has that name


def test_an_exported_head_and_the_list_of_the_trail(desk, tmp_path):
    program, _ = desk
    kept = tmp_path / "heads.jsonl"
    kept.write_text(program("audit", "head"))
    assert program.json("audit", "verify", "--head", str(kept))["faults"] == []
    events = program.json("audit", "list", "--action", "user added")["events"]
    assert [event["subject"] for event in events] == ["olga: auditor", "anna: coder"]


def test_a_second_reviewer_codes_a_blind_sample(desk):
    program, key = desk
    me = {"stdin": GOOD + "\n"}
    drawn = json.loads(program("sample", "draw", "--share", "1", "--as", "olga", "--json", **me))
    (sample,) = drawn["samples"]
    assert sample["document"] == key
    shown = program("sample", "show", str(sample["id"]), "--as", "olga", **me)
    assert "accepted" not in shown
    program("sample", "judge", str(sample["id"]), "I10", "E11.9", "--as", "olga", **me)
    report = json.loads(program("sample", "report", "--as", "olga", "--json", **me))
    assert (report["charts"], report["both"], report["only_second"]) == (1, 1, 1)


def test_a_corrected_word_is_understood_anew_by_the_next_run(desk):
    program, _ = desk
    with open_house(find_home(program.home)) as house:
        key = charts.keep(house.store, charts.document(), "b")
    me = {"stdin": GOOD + "\n"}
    start = charts.SAYS.index("hypertension")
    span = f"{start}:{start + len('hypertension')}"
    words = ("correct", "text", "gout", "--page", "1", "--span", span, "--as", "anna")
    program("review", key, *words, **me)
    waiting = program("review", key, "show", "--as", "anna", **me)
    assert "made anew" in waiting
    program("run", "--once")
    lines = json.loads(program("review", key, "show", "--as", "anna", "--json", **me))["lines"]
    gout = next(line for line in lines if line["code"].startswith("M10"))
    assert gout["evidence"][0]["text"] == "gout"
    assert "I10" not in _ids({"lines": lines})
    asthma = next(line for line in lines if line["code"].startswith("J45"))
    assert asthma["withheld"] == "negated"
    assert len(program.json("search", "gout")["hits"]) == 1


def test_a_registrar_merges_two_records_and_parts_them(desk):
    program, key = desk
    with open_house(find_home(program.home)) as house:
        other = charts.keep(house.store, charts.document(mrn="99-100"), "c")
    first = program("user", "add", "rita", "--role", "registrar").strip()
    program("user", "password", "rita", stdin=f"{first}\n{GOOD}\n")
    me = {"stdin": GOOD + "\n"}
    shown = json.loads(program("patient", "record", key, "--as", "rita", "--json", **me))
    assert (shown["number"], shown["alike"][0]["number"]) == ("4711", "99-100")
    why = ("--because", "seen in person")
    program("patient", "merge", other, key, *why, "--as", "anna", code=2, **me)
    said = ("patient", "merge", other, key, *why, "--as", "rita", "--json")
    made = json.loads(program(*said, **me))
    assert (made["gone"], made["stays"]) == ("99-100", "4711")
    listed = json.loads(program("worklist", "--all", "--as", "anna", "--json", **me))["charts"]
    (entry,) = (each for each in listed if each["document"] == other)
    assert (entry["mrn"], entry["also"]) == ("4711", ["99-100"])
    asked = json.loads(program("patient", "questions", "--as", "rita", "--json", **me))
    assert asked == {"questions": []}
    program("patient", "unmerge", str(made["id"]), *why, "--as", "rita", **me)
    program("patient", "apart", other, key, *why, "--as", "rita", **me)
    merges = json.loads(program("patient", "merges", "--as", "rita", "--json", **me))["merges"]
    assert [each["undone_by"] for each in merges] == ["rita", "rita"]
