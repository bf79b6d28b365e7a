"""No tracked file names a machine: nobody's home folder, no private address, no registry that only one place can reach."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
HOMES = "|".join(("home", "root", "Users", "work", "workspace", "builds", "mnt", "srv"))
MACHINE_PATH = re.compile(rf"(?<![\w./~:*)}}\]>-])/(?:{HOMES})/[\w.-]+")
"""An absolute path into somebody's own folders; a path inside the project or an address is none."""
DRIVE = re.compile(r"\b[A-Z]:\\{1,2}(?:Users|Documents|Temp)\b")
PRIVATE = re.compile(
    r"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
    r"|https?://[\w.-]+\.(?:internal|intranet|corp|lan|local)\b"
)
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|://")


def tracked() -> list[Path]:
    """Every tracked text file, and those that git would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPO,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [REPO / name for name in listed.stdout.decode().split("\0") if name and (REPO / name).is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" in raw:
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(REPO)}:{number}: {match.group()}")
    return found


@pytest.mark.parametrize("pattern", [MACHINE_PATH, DRIVE, PRIVATE], ids=["path", "drive", "address"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    assert lines_with(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "cd {}home{}sam".replace("{}", "/")),
        (MACHINE_PATH, '"{}root{}.cache"'.replace("{}", "/")),
        (DRIVE, "C:" + "\\" + "Users" + "\\" + "sam"),
        (PRIVATE, "http:" + "//wheels.corp" + "/simple"),
        (PRIVATE, ".".join(("10", "0", "0", "7"))),
    ],
)
def test_what_names_a_machine_is_seen(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["tests/work/notes.md", "https://example.org/home/page", "the home/work balance"])
def test_what_names_none_passes(text: str) -> None:
    assert not MACHINE_PATH.search(text)


def test_the_lock_has_hashes_and_no_host() -> None:
    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    assert INDEX.search(lock) is None
    packages = re.findall(r"(?m)^[\w.-]+(?:\[[\w,-]+\])?==", lock)
    assert len(packages) > 50
    assert lock.count("--hash=sha256:") >= len(packages)
