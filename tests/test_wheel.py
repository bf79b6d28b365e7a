"""The wheel carries its handbook and prompts: installed, it works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
LOOK = """
from pathlib import Path
import fourthright, fourthright.knowledge as knowledge, fourthright.prompts as prompts
print(Path(fourthright.__file__).parents[1])
print(knowledge.data_folder("knowledge"))
print(knowledge.data_folder("prompts"))
print(len(knowledge.load().cards), len(prompts.load().by_name))
"""
NOTE = "On Monday 34 of 40 parcels were not scanned at close. She is just sloppy."


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of this checkout installed in it."""
    built, target = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-c", BUILD, str(built)], cwd=REPO, check=True, timeout=120, capture_output=True)
    (wheel,) = built.glob("fourthright-*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, timeout=120, capture_output=True)
    return target


def ran(installed: Path, cwd: Path, cache: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """A program that finds the installed wheel before anything else."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FOURTHRIGHT_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=surroundings | {"PYTHONPATH": str(installed), "FOURTHRIGHT_CACHE_DIR": str(cache)},
    )


def test_an_installed_wheel_has_its_handbook_and_prompts(installed: Path, tmp_path: Path, cache_dir: Path) -> None:
    found = ran(installed, tmp_path, cache_dir, "-c", LOOK)
    assert found.returncode == 0, found.stderr
    package, handbook, prompts, counts = found.stdout.splitlines()
    assert Path(package) == installed
    assert installed in Path(handbook).parents
    assert installed in Path(prompts).parents
    cards = sum(
        path.read_text(encoding="utf-8").count("\n  - id:") for path in (REPO / "knowledge/behaviours").glob("*")
    )
    assert counts == f"{cards} {len(list((REPO / 'prompts').glob('*.md')))}"


def test_an_installed_wheel_makes_a_page_from_any_folder(installed: Path, tmp_path: Path, cache_dir: Path) -> None:
    program = "from fourthright.cli import main; main()"
    found = ran(installed, tmp_path, cache_dir, "-c", program, "prepare", "--no-model", typed=NOTE)
    assert found.returncode == 0, found.stderr
    assert "34 of 40" in found.stdout
    assert str(REPO) not in found.stdout + found.stderr


def test_the_wheel_carries_the_app_with_its_settings(installed: Path) -> None:
    assert (installed / "fourthright" / "ui" / "app.py").is_file()
    assert list((installed / "fourthright" / "_assets").glob("*.json"))
