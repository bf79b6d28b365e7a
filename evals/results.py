"""What the systems made of the cases: one record a case, written as it comes, read back and judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from evals.cases import Case, label
from fourthright.domain import Frozen, Prep, Status
from fourthright.drafting import Attempt
from fourthright.knowledge import Knowledge


class Run(Frozen):
    """One case through one system: the page as JSON, or the error that came instead."""

    case_id: str
    page: dict[str, object] | None
    error: str | None
    seconds: float
    attempts: tuple[Attempt, ...]
    screened: tuple[str, ...]
    """The triggers that the screen alone fires."""


@dataclass(frozen=True)
class Page:
    """A page to score: the case, the status its labels ask for, and what was made."""

    case: Case
    label: Status
    run: Run
    prep: Prep


@dataclass(frozen=True)
class Outcome:
    """All pages of one system, and every case without one."""

    system: str
    labels: dict[str, Status]
    """Case id -> the status its labels ask for, for every case."""
    pages: tuple[Page, ...]
    failed: dict[str, str] = field(default_factory=dict)
    """Case id -> the error that came instead of a page."""
    invalid: dict[str, str] = field(default_factory=dict)
    """Case id -> why what came is no valid page."""
    not_run: tuple[str, ...] = ()

    @property
    def ready(self) -> tuple[Page, ...]:
        """The pages that are ready and should be."""
        return tuple(p for p in self.pages if p.prep.status == p.label == "ready")


def append(path: Path, run: Run) -> None:
    """Adds a record to a file."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(run.model_dump_json() + "\n")


def read(path: Path) -> tuple[Run, ...]:
    """The records of a file; none where there is no file. A line that was cut when a run was broken off is left out."""
    if not path.exists():
        return ()
    *whole, last = path.read_text("utf-8").split("\n")
    runs = [Run.model_validate_json(line) for line in whole]
    try:
        return (*runs, Run.model_validate_json(last)) if last else tuple(runs)
    except ValidationError:
        return tuple(runs)


def prep(page: dict[str, object]) -> Prep:
    """A page read again from its JSON. ValidationError for what is no page."""
    return Prep.model_validate_json(json.dumps(page))


def judge(system: str, cases: Sequence[Case], runs: Sequence[Run], knowledge: Knowledge) -> Outcome:
    """Each case with its page, read again from its JSON; the others with the reason."""
    made = {run.case_id: run for run in runs}
    labels = {case.id: label(case, knowledge) for case in cases}
    pages: list[Page] = []
    failed: dict[str, str] = {}
    invalid: dict[str, str] = {}
    for case in cases:
        run = made.get(case.id)
        if run is None:
            continue
        if run.page is None:
            failed[case.id] = run.error or "no page"
            continue
        try:
            made_page = prep(run.page)
        except ValidationError as error:
            invalid[case.id] = error.errors(include_url=False, include_input=False)[0]["msg"]
            continue
        if made_page.situation.text != case.text:
            invalid[case.id] = "made from another text"
            continue
        pages.append(Page(case, labels[case.id], run, made_page))
    not_run = tuple(case.id for case in cases if case.id not in made)
    return Outcome(system, labels, tuple(pages), failed, invalid, not_run)
