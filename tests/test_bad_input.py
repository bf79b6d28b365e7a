"""Whatever goes wrong at the terminal: one line on stderr, nothing on stdout, the right exit code, no traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
CLI = "from fourthright.cli import main; main()"
NOTE = "On Monday Noor left 34 of 40 parcels unscanned and I had to scan them myself."
NO_AVX2 = f"""
import platform
from pathlib import Path
from fourthright import embedded, weights
platform.machine = lambda: "x86_64"
embedded.check_processor.__defaults__ = (Path("cpuinfo"),)
weights.locate = lambda settings: Path("model.gguf")
{CLI}
"""
FULL_DISK = f"""
import shutil
shutil.disk_usage = lambda folder: type("Usage", (), dict(total=10**9, used=10**9, free=12_000_000))
{CLI}
"""


def run(
    *arguments: str, typed: bytes | str = NOTE, program: str = CLI, cwd: Path | None = None, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FOURTHRIGHT_") and not name.endswith("_API_KEY")
    }
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=cwd,
        env=surroundings | changes,
    )


def said(ran: subprocess.CompletedProcess[bytes], code: int) -> str:
    """The one line, after checking that it is one, that it is ours, and that it repeats nothing of the note."""
    line = ran.stderr.decode()
    assert ran.returncode == code, line
    assert ran.stdout == b""
    assert line.startswith("fourthright: ")
    assert line.count("\n") == 1, line
    assert "Traceback" not in line
    assert "Noor" not in line
    return line


BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": (b"", "no text"),
    "one word": ("Help", "too short"),
    "one megabyte": ("She was late again. " * 50_000, "too long"),
    "binary": (bytes(range(256)) * 8, "not a text"),
    "wrong encoding": ("Noor était en retard à la réunion de lundi".encode("latin-1"), "UTF-8"),
    "only emoji": ("😀😡👍🏽" * 5, "too short"),
    "French": ("Noor arrive chaque jour en retard et ses rapports ne sont jamais terminés à temps.", "English"),
    "German": ("Noor kommt jeden Tag zu spät und macht ihre Berichte nicht rechtzeitig fertig.", "English"),
    "Chinese": ("诺尔每天迟到，她的报告从来没有按时完成，我已经和她谈过两次了。", "English"),
    "a web page": ("<html><head><script>alert(1)</script></head><body>Noor was late again</body></html>", "web page"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_text_is_one_line(kind: str) -> None:
    typed, hint = BAD[kind]
    assert hint in said(run("prepare", "--no-model", typed=typed), 2)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "gone.txt" in said(run("prepare", str(tmp_path / "gone.txt")), 2)


@pytest.mark.parametrize(
    ("file", "text", "hint"),
    [
        ("knowledge/rules/broken.yaml", "rules: [", "broken.yaml"),
        ("knowledge/triggers/broken.yaml", "triggers:\n  - id: x\n    level: LOUD\n", "level"),
        ("prompts/broken.md", "no front matter", "broken.md"),
    ],
)
def test_a_broken_file_of_the_handbook_is_named(tmp_path: Path, file: str, text: str, hint: str) -> None:
    shutil.copytree(REPO / "src" / "fourthright", tmp_path / "src" / "fourthright")
    for folder in ("knowledge", "prompts"):
        shutil.copytree(REPO / folder, tmp_path / folder)
    (tmp_path / file).write_text(text, encoding="utf-8")
    line = said(run("prepare", "--no-model", PYTHONPATH=str(tmp_path / "src")), 2)
    assert str(tmp_path / file) in line
    assert hint in line


def test_without_the_models_file_the_ways_out_are_named(tmp_path: Path) -> None:
    line = said(run("prepare", FOURTHRIGHT_CACHE_DIR=str(tmp_path)), 4)
    for way_out in ("models pull", "FOURTHRIGHT_MODEL_PATH", "FOURTHRIGHT_MODEL", "--no-model"):
        assert way_out in line


def test_a_damaged_models_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "model.gguf"
    damaged.write_bytes(b"GGUF" + b"\0" * 100)
    line = said(run("prepare", FOURTHRIGHT_MODEL_PATH=str(damaged), FOURTHRIGHT_CACHE_DIR=str(tmp_path)), 4)
    assert str(damaged) in line
    assert "damaged" in line
    assert damaged.exists(), "a file that the person named is theirs"


def test_a_full_disk_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    ran = run("models", "pull", program=FULL_DISK, FOURTHRIGHT_CACHE_DIR=str(tmp_path))
    assert ran.returncode == 4
    size, line = ran.stderr.decode().splitlines()
    assert "GB" in size
    assert line.startswith("fourthright: ")
    assert "0.01 GB are free" in line
    assert "FOURTHRIGHT_CACHE_DIR" in line
    assert not list(tmp_path.rglob("*.gguf"))


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in said(run("serve", "--port", port), 2)


def test_a_processor_without_avx2_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nflags\t\t: fpu avx sse4_2\n", encoding="utf-8")
    line = said(run("prepare", program=NO_AVX2, cwd=tmp_path), 4)
    assert "AVX2" in line
    assert "--no-model" in line


@pytest.mark.parametrize(
    ("changes", "code", "hints"),
    [
        ({"FOURTHRIGHT_MODEL": "embedded/another"}, 2, ["embedded/another"]),
        ({"FOURTHRIGHT_MODEL": "nobody/knows-this", "FOURTHRIGHT_ALLOW_HOSTED": "1"}, 2, ["nobody/knows-this"]),
        ({"FOURTHRIGHT_MODEL": "openai/some-model"}, 4, ["FOURTHRIGHT_ALLOW_HOSTED=1"]),
        ({"FOURTHRIGHT_MODEL": "openai/some-model", "FOURTHRIGHT_ALLOW_HOSTED": "1"}, 4, ["OPENAI_API_KEY"]),
        ({"FOURTHRIGHT_PORT": "banana"}, 2, ["FOURTHRIGHT_PORT"]),
    ],
    ids=["unknown model", "unknown provider", "no consent", "no key", "wrong setting"],
)
def test_a_setting_that_cannot_work_is_one_line(
    tmp_path: Path, changes: dict[str, str], code: int, hints: list[str]
) -> None:
    line = said(run("prepare", **changes, FOURTHRIGHT_CACHE_DIR=str(tmp_path)), code)
    assert all(hint in line for hint in hints)
