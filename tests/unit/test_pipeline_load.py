import subprocess
import sys
from pathlib import Path

import pytest

from digitizer.chart.stage import Scope
from digitizer.errors import ConfigError
from digitizer.pipeline.load import load_pipeline

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "pipelines" / "chart.yaml").read_text(encoding="utf-8")


def _load(tmp_path: Path, text: str):
    path = tmp_path / "chart.yaml"
    path.write_text(text, encoding="utf-8")
    return load_pipeline(path)


def test_the_shipped_pipeline_loads_and_reads_before_it_understands(tmp_path):
    pipeline = _load(tmp_path, SHIPPED)
    scopes = [stage.scope for stage in pipeline.stages]
    assert scopes == sorted(scopes, key=list(Scope).index)
    understanding = [s.name for s in pipeline.of(Scope.DOCUMENT)]
    assert understanding == ["understand", "suggest_codes", "abstract"]


def test_an_unknown_stage_is_refused_with_line_and_the_names_that_exist(tmp_path):
    with pytest.raises(ConfigError, match=r"chart\.yaml line 6: .*'upwrong'.*upright"):
        _load(tmp_path, SHIPPED.replace("stage: upright", "stage: upwrong"))


def test_an_unknown_option_is_refused_with_a_suggestion(tmp_path):
    with pytest.raises(ConfigError, match=r"line 4: dpy is no option here: did you mean dpi\?"):
        _load(tmp_path, SHIPPED.replace("dpi:", "dpy:"))


def test_a_stage_whose_needs_nothing_gives_is_refused(tmp_path):
    without = "".join(line for line in SHIPPED.splitlines(True) if "stage: compose" not in line)
    with pytest.raises(ConfigError, match="structure needs text, which no stage before it gives"):
        _load(tmp_path, without)


def test_the_fingerprint_changes_with_an_option(tmp_path):
    before = _load(tmp_path, SHIPPED).fingerprint(Scope.READ)
    after = _load(tmp_path, SHIPPED.replace("dpi: 300", "dpi: 200")).fingerprint(Scope.READ)
    assert before != after


def test_who_only_reads_neither_loads_nor_checks_what_comes_behind_pages(tmp_path):
    path = tmp_path / "chart.yaml"
    path.write_text(SHIPPED.replace("stage: understand", "stage: misunderstand"), encoding="utf-8")
    pipeline = load_pipeline(path, last=Scope.PAGE)
    assert pipeline.stages[0].name == "open"
    assert pipeline.stages[-1].name == "structure"
    with pytest.raises(ConfigError, match="misunderstand"):
        load_pipeline(path)


def test_page_workers_get_the_part_that_reads(tmp_path):
    whole = _load(tmp_path, SHIPPED)
    part = whole.until(Scope.PAGE)
    assert part.stages == whole.of(Scope.READ) + whole.of(Scope.PAGE)
    assert part.fingerprint(Scope.READ, Scope.PAGE) == whole.fingerprint(Scope.READ, Scope.PAGE)


def test_what_runs_in_a_page_worker_does_without_the_checks_of_loading():
    code = (
        "import sys, digitizer.operations.read_page, digitizer.ocr.recognise; "
        "print([name for name in sys.modules if name.split('.')[0] in ('pydantic', 'yaml')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout.decode().strip() == "[]"
