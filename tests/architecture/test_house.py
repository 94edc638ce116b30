"""The house is as its plan says, and what the documents promise is there."""

import hashlib
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_command, get_group

from digitizer.cli.commands import _MODULES
from digitizer.cli.main import app

ROOT = Path(__file__).parents[2]


def test_every_stage_is_described_in_the_pipelines_readme():
    described = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "pipelines/README.md").read_text(), re.M))
    assert described == {point.name for point in entry_points(group="digitizer.stages")}


@pytest.mark.parametrize("group", ["stages", "engines", "search_backends"])
def test_every_plug_in_of_ours_loads(group):
    for point in entry_points(group=f"digitizer.{group}"):
        assert point.load()


@pytest.mark.parametrize(
    "library",
    ["spacy", "whoosh", "sqlalchemy", "PIL", "alembic", "reportlab", "zxingcpp", "argon2"],
)
def test_the_command_line_starts_without_the_heavy_libraries(library):
    code = f"import digitizer.cli, sys; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reading_a_scan_does_not_open_the_store():
    code = "import digitizer.operations.read_files, sys; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_command_of_a_module_is_found():
    program = get_command(app)
    registered = set()
    for module in {import_module(f"digitizer.cli.{name}") for name in _MODULES.values()}:
        part = Typer()
        if hasattr(module, "register"):
            module.register(part)
            registered |= set(get_group(part).commands)
    groups = {name for name, module in _MODULES.items() if name not in registered}
    assert registered <= set(_MODULES)
    assert all(program.commands[name].name == name for name in registered | groups)


def test_no_code_reaches_for_data_beside_itself():
    for source in (ROOT / "digitizer").rglob("*.py"):
        assert "__file__" not in source.read_text(encoding="utf-8"), source


def test_the_lock_files_hold_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_model_file_has_its_checksum_and_no_other_is_there():
    models = ROOT / "models"
    listed = {
        name.removeprefix("./"): digest
        for digest, name in (
            line.split(maxsplit=1) for line in (models / "SHA256SUMS").read_text().splitlines()
        )
    }
    there = {
        str(path.relative_to(models)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in models.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert listed == there
