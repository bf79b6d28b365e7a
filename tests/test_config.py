"""Settings come from the environment, are checked, and a wrong one is one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from fourthright.config import DEFAULT_MODEL, Settings, settings
from fourthright.errors import ConfigurationError


def test_the_defaults_stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOURTHRIGHT_MODEL_PATH", raising=False)
    found = settings()
    assert (found.model, found.embedded, found.allow_hosted) == (DEFAULT_MODEL, True, False)
    assert found.api_base is None
    assert found.model_path is None


def test_every_setting_is_an_environment_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "MODEL": "openai/some-model",
        "API_BASE": "http://127.0.0.1:8000",
        "ALLOW_HOSTED": "1",
        "MODEL_PATH": str(tmp_path / "m.gguf"),
        "CACHE_DIR": str(tmp_path),
        "DATA_DIR": str(tmp_path / "data"),
        "OWNER": "the team of Ms Lane",
        "TIMEOUT_S": "30",
        "PORT": "8600",
    }
    assert {name.lower() for name in given} == set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"FOURTHRIGHT_{name}", value)
    found = settings()
    assert found.model_dump(mode="json") == {
        "model": "openai/some-model",
        "api_base": "http://127.0.0.1:8000",
        "allow_hosted": True,
        "model_path": str(tmp_path / "m.gguf"),
        "cache_dir": str(tmp_path),
        "data_dir": str(tmp_path / "data"),
        "owner": "the team of Ms Lane",
        "timeout_s": 30.0,
        "port": 8600,
    }
    assert not found.embedded


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "PORT", "ALLOW_HOSTED"):
        monkeypatch.setenv(f"FOURTHRIGHT_{name}", "")
    assert settings().model == DEFAULT_MODEL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "x"),
        ("TIMEOUT_S", "0"),
        ("TIMEOUT_S", "9999"),
        ("ALLOW_HOSTED", "maybe"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FOURTHRIGHT_{name}", value)
    with pytest.raises(ConfigurationError, match=f"^FOURTHRIGHT_{name}: ") as caught:
        settings()
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_settings_do_not_change_after_they_are_read() -> None:
    with pytest.raises(ValidationError):
        settings().port = 1  # type: ignore[misc]


def test_nothing_is_read_at_import() -> None:
    code = "import os; os.environ['FOURTHRIGHT_PORT'] = 'broken'; import fourthright.config, fourthright.cli"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
