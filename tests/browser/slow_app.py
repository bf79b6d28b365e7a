"""The app with a scripted page that takes six seconds and needs no model: for what needs time to pass."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sample
from fourthright import bootstrap, prepare
from fourthright.domain import Prep, Progress, Situation
from fourthright.errors import Cancelled
from fourthright.ui.app import main

STEPS = 12
STEP_S = 0.5


def slowly(
    situation: Situation,
    engine: object,
    *,
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> Prep:
    """The sample page about the situation that was typed, bit by bit."""
    whole = sample.about(situation)
    bare = whole.agenda.model_copy(update={"steps": (), "questions": (), "closing": ""})
    first = whole.model_copy(update={"expectations": whole.expectations[:1], "agenda": bare})
    for step in range(STEPS):
        on_progress(
            Progress(doing=f"Writing part {step + 1}", done=step, total=STEPS, page=first if step > 1 else None)
        )
        time.sleep(STEP_S)
        if cancelled():
            raise Cancelled("stopped")
    return whole


bootstrap.engine = lambda settings, *, with_model: with_model  # type: ignore[assignment, misc]
bootstrap.warm = lambda made: None  # type: ignore[assignment]
prepare.prepare = slowly  # type: ignore[assignment]

main()
