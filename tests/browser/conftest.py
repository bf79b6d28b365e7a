"""A running app and a real browser (Debian's chromium)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fourthright import config, weights
from fourthright.errors import ModelUnavailable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class App:
    """A running app: its address and where its output goes."""

    url: str
    log: Path


def lacking(what: str) -> NoReturn:
    """Skips with a named reason; in CI the test fails instead."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    if not Path(CHROMIUM).exists():
        lacking("real browser: no chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browsers that know nothing of each other."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        made.append(browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True))
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[[], BrowserContext]) -> Page:
    """A page in a fresh browser."""
    return new_context().new_page()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as `streamlit run app.py` starts it."""
    with running(ROOT / "app.py", tmp_path_factory.mktemp("app")) as started:
        yield started


@pytest.fixture(scope="module")
def slow_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a page that takes a few seconds and needs no model."""
    with running(HERE / "slow_app.py", tmp_path_factory.mktemp("slow_app")) as started:
        yield started


@pytest.fixture(scope="module")
def handbook_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app where the model's file is not on the machine: nothing heavy loads."""
    folder = tmp_path_factory.mktemp("handbook_app")
    with running(ROOT / "app.py", folder, FOURTHRIGHT_MODEL_PATH=str(folder / "missing.gguf")) as started:
        yield started


@pytest.fixture(scope="session")
def model() -> None:
    """The local model's file, verified."""
    try:
        weights.locate(config.settings())
    except ModelUnavailable:
        lacking("real model (no weights): fourthright models pull")


@contextmanager
def running(script: Path, folder: Path, **settings: str) -> Iterator[App]:
    """Starts a script on a free port, waits until it answers, and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as out, _started(command, out, settings) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield App(f"http://127.0.0.1:{port}", log)
        finally:
            process.kill()  # the server waits for its connections when it is asked politely


def _started(command: list[str], out: BinaryIO, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=os.environ | settings)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(STARTS_WITHIN_S * 10):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the app did not start")
