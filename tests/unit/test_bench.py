"""The bench counts what it says it counts."""

import subprocess
import sys

import pytest
from PIL import Image

from tests.bench.drawn import drawn
from tests.bench.meter import FailedError, run
from tests.bench.score import Tally, tally
from tests.bench.sheets import Sheet, by_kind, lay, mixed, spread

BURN = "import time\nwhile time.process_time() < 0.4: pass"


def sheet(kind, file, number=1, printed="words", **facts):
    return Sheet(kind=kind, file=file, number=number, printed=printed, dpi=300, **facts)


def test_case_quotes_dashes_and_spaces_are_no_mistakes():
    found = tally("Patient’s  dose – 20 MG", "patient's dose - 20 mg")
    assert (found.cer, found.word_recall, found.numeric_f1) == (0, 1, 1)


def test_order_counts_for_characters_alone():
    found = tally("one two", "two one")
    assert found.cer > 0.5
    assert found.word_recall == 1


def test_a_wrong_number_is_missed_and_false():
    found = tally("take 20 mg of it in 3 days", "take 70 mg of it in 3 days")
    assert found.numeric_f1 == pytest.approx(1 / 2)
    assert found.word_recall == pytest.approx(7 / 8)


def test_a_word_that_is_printed_twice_is_to_be_read_twice():
    assert tally("pain pain", "pain").word_recall == pytest.approx(1 / 2)


def test_what_is_read_on_a_blank_page_costs():
    total = tally("", "noise") + tally("0123456789", "0123456789")
    assert total.cer == pytest.approx(5 / 10)
    assert total.word_recall == 1


def test_tallies_add_up_over_pages():
    assert sum((tally("a1 b", "a1 b"), tally("c d", "")), Tally()).word_recall == pytest.approx(
        1 / 2
    )


def test_the_seconds_of_a_child_that_nobody_waits_for_are_counted(tmp_path):
    orphan = (
        "import subprocess, sys, os\n"
        f"subprocess.Popen([sys.executable, '-c', {BURN!r}])\n"
        "os._exit(0)"
    )
    cost = run([sys.executable, "-c", orphan], out=tmp_path / "out")
    assert 0.4 <= cost.cpu < 2


def test_children_of_our_own_are_not_waited_for(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as own:
        run([sys.executable, "-c", "pass"], out=tmp_path / "out")
        assert own.poll() is None
        own.communicate(b"\n")


def test_memory_is_that_of_everything_started(tmp_path):
    swell = "x = bytearray(64 << 20); import time; time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {swell!r}])"
    assert run([sys.executable, "-c", parent], out=tmp_path / "out").peak > 64


def test_a_program_that_fails_is_named_with_what_it_said(tmp_path):
    with pytest.raises(FailedError, match="out of paper"):
        run([sys.executable, "-c", "raise SystemExit('out of paper')"], out=tmp_path / "out")


def test_few_pages_are_of_every_kind():
    sheets = [sheet(kind, f"{kind}.pdf", n) for kind in ("a", "b", "c") for n in range(9)]
    assert {one.kind for one in spread(sheets, 3)} == {"a", "b", "c"}
    assert len(spread(sheets, 1000)) == len(sheets)


def test_a_mixed_inbox_has_digital_blank_and_repeated_pages():
    sheets = [sheet("born", f"d{n}.pdf", digital=True) for n in range(20)]
    sheets += [sheet("office", f"o{n}.pdf") for n in range(40)]
    sheets += [sheet("office", f"b{n}.pdf", printed="") for n in range(9)]
    files = mixed(sheets, 30)
    pages = [one for file in files for one in file]
    assert 28 <= len(pages) <= 32
    assert sum(one.digital for one in pages) == 10
    assert any(one.blank for one in pages)
    assert sum(file is other for file in files for other in files) > len(files)


def test_all_readers_get_the_same_pages(tmp_path):
    drawn_sheet = next(drawn(tmp_path / "drawn", 1))
    ((stack,),) = [by_kind([drawn_sheet])]
    scan = lay(stack, tmp_path / "laid", ["false"])
    assert scan.dropped == (scan.pdf,)
    with Image.open(scan.images[0]) as image:
        assert image.size == (round(8.5 * drawn_sheet.dpi), 11 * drawn_sheet.dpi)
