"""An exported head shows what was cut, and nobody else can make one."""

import json

import pytest
import sqlalchemy as sa

from digitizer.errors import UsageError
from digitizer.operations import audit
from digitizer.operations.home import init
from digitizer.operations.house import open_house


@pytest.fixture
def house(tmp_path):
    with open_house(init(tmp_path / "home")) as house:
        for number in range(5):
            house.note("view", f"chart {number}")
        yield house


def test_a_cut_tail_is_found_by_the_exported_head(house, tmp_path):
    kept = tmp_path / "heads.jsonl"
    kept.write_text(audit.export_head(house) + "\n")
    house.note("view", "later")
    assert audit.verify(house, [kept]).faults == ()
    with house.store.begin() as tx:
        tx.execute(sa.text("DELETE FROM audit WHERE seq > 3"))
    assert audit.verify(house).faults == ()
    assert audit.verify(house, [kept]).faults


def other_first_letter(text: str) -> str:
    return ("1" if text.startswith("0") else "0") + text[1:]


@pytest.mark.parametrize("field", ["seq", "hash", "at", "signature"])
def test_a_head_that_was_changed_is_refused(house, tmp_path, field):
    head = json.loads(audit.export_head(house))
    head[field] = head[field] + 1 if field == "seq" else other_first_letter(head[field])
    (tmp_path / "head").write_text(json.dumps(head))
    with pytest.raises(UsageError):
        audit.verify(house, [tmp_path / "head"])


def test_a_head_of_another_key_is_refused_and_the_key_is_private(house, tmp_path):
    (tmp_path / "head").write_text(audit.export_head(house))
    key = house.home.data / "audit.key"
    assert key.stat().st_mode & 0o777 == 0o600
    public = json.loads((tmp_path / "head").read_text())["key"]
    key.unlink()
    audit.export_head(house)
    with pytest.raises(UsageError, match="another key"):
        audit.verify(house, [tmp_path / "head"])
    assert audit.verify(house, [tmp_path / "head"], public).faults == ()
