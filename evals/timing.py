"""Clocks: how long something takes, and how much of it the engine says it spent itself."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fourthright.domain import Frozen
from fourthright.embedded import Engine

_WHOLE = 10
"""From here on the digits after the point say nothing."""


class Timing(Frozen):
    """Repeated measurements of one thing, in one unit."""

    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.samples)

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(min(self.samples))} to {_short(max(self.samples))})"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= _WHOLE else f"{number:.2g}"


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def milliseconds(works: Iterable[Callable[[], object]]) -> Timing:
    """Wall milliseconds of several calls."""
    return Timing(samples=tuple(1000 * seconds(work) for work in works))


class TimedEngine(Engine):
    """The embedded engine; adds up what llama.cpp itself reports for reading and writing, and what its calls take."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.own_seconds = 0.0
        self.call_seconds = 0.0
        self._timed: _Timed | None = None

    def start(self) -> Any:
        """The loaded server, with a listener on its replies."""
        server = super().start()
        if self._timed is None:
            self._timed = _Timed(server, self._add)
        return self._timed

    def _add(self, wall: float, timings: dict[str, float]) -> None:
        self.call_seconds += wall
        self.own_seconds += (timings["prompt_ms"] + timings["predicted_ms"]) / 1000


class _Timed:
    """A server whose replies are also listened to for their timings, which come once, at the end."""

    def __init__(self, server: Any, heard: Callable[[float, dict[str, float]], None]) -> None:
        self._server, self._heard = server, heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def handle_chat_completions(self, request: dict[str, Any], callback: Callable[[dict[str, Any]], bool]) -> None:
        last: dict[str, float] = {}

        def listen(chunk: dict[str, Any]) -> bool:
            nonlocal last
            last = chunk.get("timings") or last
            return callback(chunk)

        wall = seconds(lambda: self._server.handle_chat_completions(request, listen))
        if last:
            self._heard(wall, last)
