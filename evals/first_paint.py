"""First paint: from the address to the first text on the screen, the app beside a bare Streamlit page, in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.timing import Timing, seconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
BARE = 'import streamlit as st\n\nst.set_page_config(layout="wide")\nst.title("A bare page")\n'
STARTS_WITHIN_S = 90.0
PAINTS_WITHIN_MS = 60_000
INTO_WARM_UP_S = 4.0
"""After the first visit: then the app is loading its model."""


@dataclass(frozen=True)
class Site:
    """A script to serve and the text that shows that it is painted."""

    script: Path
    text: str


@dataclass(frozen=True)
class Paint:
    """Seconds of a first visit to a new server, and of one a moment later."""

    first: Timing
    later: Timing


def chromium() -> str | None:
    """The browser's path; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def measure(runs: int) -> tuple[Paint, Paint]:
    """(app, bare page), in turns, each time with a new server and a browser that knows nothing."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, "utf-8")
        sites = (Site(ROOT / "app.py", "Prepare one honest conversation"), Site(bare, "A bare page"))
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        _visit(browser, "about:blank", None)
        visits = [[_served(site, browser) for site in sites] for _ in range(runs)]
        browser.close()
    app, plain = ([pair[n] for pair in visits] for n in (0, 1))
    return _paint(app), _paint(plain)


def _paint(visits: list[tuple[float, float]]) -> Paint:
    return Paint(Timing(samples=tuple(v[0] for v in visits)), Timing(samples=tuple(v[1] for v in visits)))


def _served(site: Site, browser: Browser) -> tuple[float, float]:
    with _server(site.script) as url:
        first = _visit(browser, url, site.text)
        time.sleep(INTO_WARM_UP_S)
        return first, _visit(browser, url, site.text)


def _visit(browser: Browser, url: str, text: str | None) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def go() -> None:
        page.goto(url, wait_until="commit")
        if text is not None:
            page.get_by_text(text).first.wait_for(state="visible", timeout=PAINTS_WITHIN_MS)

    try:
        return seconds(go)
    finally:
        context.close()


@contextmanager
def _server(script: Path) -> Iterator[str]:
    """The script served on a free port with the project's settings; ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=quiet) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
