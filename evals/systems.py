"""Systems: ways to make a page of a case."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.cases import Case
from evals.results import Run, append
from fourthright import bootstrap, config, intake
from fourthright.drafting import Attempt
from fourthright.engine import Engine
from fourthright.errors import FourthrightError
from fourthright.prepare import prepare

SYSTEMS: dict[str, bool] = {"model": True, "handbook": False}
"""Name -> whether a model drafts."""
BUG = "bug:"
"""What the error of a record begins with where the product did not mean to raise it."""


def build(system: str) -> Engine:
    """The engine of a system, warm. Raises ModelUnavailable where its model cannot be had."""
    engine = bootstrap.engine(config.settings(), with_model=SYSTEMS[system])
    bootstrap.warm(engine)
    return engine


def make(case: Case, engine: Engine) -> Run:
    """One case through an engine. An error is part of the record, whatever it is: the other cases go on."""
    attempts: list[Attempt] = []
    page: dict[str, object] | None = None
    error: str | None = None
    started = time.monotonic()
    try:
        prep = prepare(intake.situation(case.text), engine, observe=attempts.append)
        page = json.loads(prep.model_dump_json(by_alias=True))
    except FourthrightError as refused:
        error = f"{type(refused).__name__}: {refused}"
    except Exception as bug:
        place = traceback.extract_tb(bug.__traceback__)[-1]
        error = f"{BUG} {type(bug).__name__} at {Path(place.filename).name}:{place.lineno}"
    seconds = time.monotonic() - started
    return Run(
        case_id=case.id,
        page=page,
        error=error,
        seconds=seconds,
        attempts=tuple(attempts),
        screened=tuple(flag.trigger for flag in engine.screen(case.text)),
    )


def run_all(cases: Sequence[Case], engine: Engine, path: Path, say: Callable[[str], None]) -> None:
    """All cases, one after another; each record is written as soon as it is there. An older file goes."""
    path.unlink(missing_ok=True)
    for number, case in enumerate(cases, 1):
        run = make(case, engine)
        append(path, run)
        status = run.error or (run.page or {}).get("status")
        say(f"{path.stem} {number}/{len(cases)} {case.id}: {status}, {run.seconds:.1f} s")
