"""The runs of the Rewrite page: a list made row by row in the background, taken up where it stopped.

Finished rows, with what the person changed in them, go on from run to run and are not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from fourthright import config
from fourthright.domain import Underway
from fourthright.jobs import Job, Jobs, Work
from fourthright.ui import asking, state
from fourthright.ui.quiet import quiet
from fourthright.ui.runs import Runs

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.rewriting import Key, Rewrite

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Rewritten:
    """What is finished, and the table's rows of each phrase as the person left them."""

    answers: Mapping[Key, Rewrite] = field(default_factory=dict)
    rows: Mapping[Key, Rows] = field(default_factory=dict)
    edited: frozenset[Key] = frozenset()
    """The phrases whose rows the person changed."""


@dataclass(frozen=True)
class Asked:
    """A list of phrases about one job, as typed, and what is finished of it already."""

    typed: str
    phrases: tuple[str, ...]
    job: str | None
    with_model: bool
    before: Rewritten = field(default_factory=Rewritten)

    @property
    def keys(self) -> list[Key]:
        """What each phrase is known by, in the order of the list."""
        return [(phrase, self.job) for phrase in self.phrases]


ListJob = Job[Asked, Rewritten]


@st.cache_resource
def jobs() -> Jobs[Asked, Rewritten]:
    """All runs of this process that rewrite a list."""
    return Jobs(state.line())


RUNS = Runs("rewrite", jobs)
PENDING: asking.Pending[Asked] = asking.Pending("rewrite")


def start(typed: str, phrases: Sequence[str], context: str, *, with_model: bool) -> None:
    """Begins a list; rows that were made the same way or changed before stay as they are.

    BadInput for a long context, ModelBusy when it cannot be started.
    """
    from fourthright.phrases import checked_context

    asked = Asked(typed, tuple(dict.fromkeys(phrases)), checked_context(context), with_model)
    _begin(replace(asked, before=_kept(RUNS.job(), with_model)))


@quiet
def go_on(with_model: bool) -> None:
    """Takes the run up where it stopped."""
    if job := RUNS.job():
        _begin(replace(job.asked, with_model=with_model, before=job.page or job.asked.before))


def answer(*, with_model: bool | None) -> None:
    """Goes on after the question: with the model or the handbook alone; None goes back to the form."""
    asked = PENDING.answered()
    if with_model is not None:
        _begin(replace(asked, with_model=with_model))


def change(drawn: Sequence[tuple[Key, tuple[str, ...]]], changes: Mapping[str, Any]) -> None:
    """Takes what a person changed in the table that was drawn from `drawn` over into the run."""
    job, rows = RUNS.job(), changed(drawn, changes)
    if job and job.page:
        RUNS.replace(replace(job.page, rows={**job.page.rows, **rows}, edited=job.page.edited | rows.keys()))


def changed(drawn: Sequence[tuple[Key, tuple[str, ...]]], changes: Mapping[str, Any]) -> dict[Key, Rows]:
    """The rows of the phrases that a person changed something of, or deleted a row of."""
    from fourthright.rewriting import HEADING

    edited, deleted = changes.get("edited_rows", {}), set(changes.get("deleted_rows", ()))
    kept: dict[Key, Rows] = {key: () for place, (key, _) in enumerate(drawn) if place in edited or place in deleted}
    for place, (key, row) in enumerate(drawn):
        if key in kept and place not in deleted:
            cells = dict(zip(HEADING, row, strict=True)) | edited.get(place, {})
            kept[key] += (tuple(cells[name] or "" for name in HEADING),)
    return kept


def _kept(job: ListJob | None, with_model: bool) -> Rewritten:
    """What a new list takes over from the run before: rows made the same way, and those the person changed."""
    page = job.page if job else None
    if job is None or page is None:
        return Rewritten()
    rows = {key: rows for key, rows in page.rows.items() if rows}
    stays = rows.keys() if job.asked.with_model == with_model else rows.keys() & page.edited
    return Rewritten(
        answers={key: page.answers[key] for key in stays},
        rows={key: rows[key] for key in stays},
        edited=page.edited & stays,
    )


def _begin(asked: Asked) -> None:
    """Starts a run in the place of the one before, or asks first where text would leave this machine."""
    if asked.with_model and state.consent_needed():
        answers = dict(asked.before.answers)
        if PENDING.raised(asked, lambda engine: _made(asked, engine, answers)):
            return
        asked = replace(asked, with_model=False, before=replace(asked.before, answers=answers))
    RUNS.restart(asked, _work(state.engines()), alone=asked.with_model and config.settings().embedded)


def _made(asked: Asked, engine: Engine, answers: dict[Key, Rewrite]) -> object:
    from fourthright import rewriting

    return rewriting.rewrite(asked.phrases, engine, context=asked.job, finished=answers)


def _work(engines: state.Engines) -> Work[Asked, Rewritten]:
    def work(asked: Asked, report: Callable[[Underway[Rewritten]], None], cancelled: Callable[[], bool]) -> Rewritten:
        from fourthright import rewriting

        report(Underway(doing="Getting ready", done=0, total=0, page=asked.before))
        engine = engines.get(asked.with_model)
        answers, rows = dict(asked.before.answers), dict(asked.before.rows)

        def so_far() -> Rewritten:
            for key in answers.keys() - rows.keys():
                rows[key] = rewriting.table((answers[key],), engine.knowledge).rows
            return Rewritten(dict(answers), dict(rows), asked.before.edited)

        def tell(done: int, total: int) -> None:
            if done == total or (asked.phrases[done], asked.job) not in asked.before.answers:
                report(Underway(doing=f"{done} of {total} phrases", done=done, total=total, page=so_far()))

        rewriting.rewrite(
            asked.phrases, engine, context=asked.job, finished=answers, on_progress=tell, cancelled=cancelled
        )
        return so_far()

    return work
