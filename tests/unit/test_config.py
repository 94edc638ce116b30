from pathlib import Path

import pytest

from digitizer.config import Settings, find_home, load_settings
from digitizer.errors import ConfigError

ROOT = Path(__file__).parents[2]


def _settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_the_shipped_file_says_exactly_the_defaults():
    assert load_settings(ROOT / "config.yaml") == Settings()


def test_an_empty_file_is_a_whole_configuration(tmp_path):
    assert _settings(tmp_path, "") == Settings()


def test_an_unknown_key_is_refused_with_line_and_suggestion(tmp_path):
    with pytest.raises(ConfigError, match=r"line 3: intake\.setle_seconds .* settle_seconds\?"):
        _settings(tmp_path, "pipeline: chart\nintake:\n  setle_seconds: 3\n")


def test_a_value_of_the_wrong_kind_is_refused_with_its_line(tmp_path):
    with pytest.raises(ConfigError, match=r"line 2: work\.tries"):
        _settings(tmp_path, "work:\n  tries: often\n")


def test_broken_yaml_is_refused_with_its_line(tmp_path):
    with pytest.raises(ConfigError, match=r"line \d"):
        _settings(tmp_path, "work:\n  tries: [1\n")


def test_a_folder_without_config_is_no_home_and_the_remedy_is_named(tmp_path):
    with pytest.raises(ConfigError, match="digitizer init"):
        find_home(tmp_path)


def test_a_home_is_found_from_a_folder_inside_it(tmp_path, monkeypatch):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "inbox").mkdir()
    monkeypatch.chdir(tmp_path / "inbox")
    assert find_home(None).root == tmp_path


def test_the_rule_of_the_deepest_folder_holds(tmp_path):
    text = """
intake:
  folders:
    - {path: er, scanner: desk}
    - {path: er/urgent/, scanner: trauma, priority: 9}
"""
    intake = _settings(tmp_path, text).intake
    assert intake.rule_of(b"er/urgent/a.pdf").scanner == "trauma"
    assert intake.rule_of(b"er/deep/a.pdf").scanner == "desk"
    assert intake.rule_of(b"er.pdf").scanner == ""
    assert intake.rule_of(b"erring/a.pdf").scanner == ""


def test_an_unknown_key_of_a_folder_rule_is_refused_with_its_line(tmp_path):
    text = "intake:\n  folders:\n    - path: er\n      prio: 9\n"
    with pytest.raises(ConfigError, match=r"line 4: .*did you mean priority\?"):
        _settings(tmp_path, text)


def test_a_password_no_pdf_can_have_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="127 bytes"):
        _settings(tmp_path, f"intake:\n  passwords: [{'x' * 128}]\n")
