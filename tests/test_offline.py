"""The whole flow where no network is: in a namespace whose only interface is a loopback that is down.

Patching Python's sockets would not see what native code opens; the kernel does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fourthright.config import Settings

NOTE = (
    "Noor trained both temps. On Monday 34 of 40 parcels were not scanned at close. On Wednesday 3 customers waited 25 "
    "minutes instead of 15. I asked her in May and it held for two weeks. She is just disorganised."
)
CLI = "from fourthright.cli import main; main()"
ALONE = """
import socket
from pathlib import Path
up = [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]]
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3)
except OSError as error:
    print(up, type(error).__name__)
"""


def namespace() -> list[str] | None:
    """The command that opens a network namespace of one's own, where this machine permits one."""
    for command in (["unshare", "--map-root-user", "--net"], ["unshare", "--net"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return None


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """The namespace's command; without it the test is skipped, and fails where that may not be (CI)."""
    command = namespace()
    if command is None:
        reason = "no network namespace: unshare is missing or not permitted here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return command


def ran(alone: list[str], cache: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*alone, sys.executable, "-c", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env=os.environ | {"FOURTHRIGHT_CACHE_DIR": str(cache)},
    )


def test_the_namespace_has_no_way_out(alone: list[str], tmp_path: Path) -> None:
    found = ran(alone, tmp_path, ALONE)
    names, error = found.stdout.rsplit(" ", 1)
    assert not {"eth0", "wlan0"} & set(names.strip("[]").replace("'", "").split(", "))
    assert error.strip() in ("OSError", "ConnectionRefusedError", "TimeoutError")
    assert "lo" in names


def test_the_handbook_makes_a_page_without_any_network(alone: list[str], cache_dir: Path) -> None:
    found = ran(alone, cache_dir, CLI, "prepare", "--no-model", "--json", typed=NOTE)
    assert found.returncode == 0, found.stderr
    page = json.loads(found.stdout)
    assert (page["status"], page["made_with"]["model"]) == ("ready", None)
    assert page["expectations"]


def test_the_search_works_without_any_network(alone: list[str], cache_dir: Path) -> None:
    found = ran(alone, cache_dir, CLI, "guidance", "search", "it got better and then it was back", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)


@pytest.mark.model
def test_the_real_model_makes_a_page_without_any_network(
    alone: list[str], cache_dir: Path, with_weights: Settings
) -> None:
    file = with_weights.model_path or with_weights.cache_dir / "models"
    command = [*alone, sys.executable, "-c", CLI, "prepare", "--json"]
    surroundings = os.environ | (
        {} if with_weights.model_path else {"FOURTHRIGHT_CACHE_DIR": str(with_weights.cache_dir)}
    )
    found = subprocess.run(
        command, input=NOTE, capture_output=True, text=True, timeout=550, check=False, env=surroundings
    )
    assert found.returncode == 0, f"{file}: {found.stderr}"
    page = json.loads(found.stdout)
    assert page["status"] == "ready"
    assert page["made_with"]["model"] == with_weights.model
    assert page["made_with"]["tokens"]["written"] > 0
