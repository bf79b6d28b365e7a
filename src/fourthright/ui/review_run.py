"""The runs of the Review page: one review at a time in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import config
from fourthright.domain import Situation, Underway
from fourthright.jobs import Job, Jobs, Work
from fourthright.ui import asking, components, state
from fourthright.ui.quiet import quiet
from fourthright.ui.runs import Runs

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.reviewed import Review


@dataclass(frozen=True)
class Asked:
    """What one press of the button asks for: the questions as typed, and the situation they are for."""

    text: str
    situation: Situation | None
    with_model: bool

    @property
    def about(self) -> str:
        """The situation as typed; empty without one."""
        return self.situation.text if self.situation else ""


ReviewJob = Job[Asked, "Review"]


@st.cache_resource
def jobs() -> Jobs[Asked, Review]:
    """All runs of this process that review questions."""
    return Jobs(state.line())


RUNS = Runs("review", jobs)
PENDING: asking.Pending[Asked] = asking.Pending("review")


def start(asked: Asked) -> None:
    """Starts a review in the place of the one before, or asks first where text would leave this machine.

    ModelBusy when it cannot be started.
    """
    if asked.with_model and state.consent_needed():
        if PENDING.raised(asked, lambda engine: _made(asked, engine)):
            return
        asked = replace(asked, with_model=False)
    RUNS.restart(asked, _work(state.engines()), alone=asked.with_model and config.settings().embedded)


@quiet
def again(with_model: bool) -> None:
    """The same review once more."""
    if job := RUNS.job():
        start(replace(job.asked, with_model=with_model))


@quiet
def answer(*, with_model: bool | None) -> None:
    """Goes on after the question: with the model or the handbook alone; None goes back to the form."""
    asked = PENDING.answered()
    if with_model is not None:
        start(replace(asked, with_model=with_model))


@st.fragment(run_every=components.POLL_S)
@quiet
def growing() -> None:
    """A review that is being made: how far it is."""
    job = RUNS.job()
    if job is None or not job.active:
        st.rerun()
    assert job is not None
    components.doing(job, components.paced(job), RUNS.stop)


def _made(asked: Asked, engine: Engine) -> Review:
    from fourthright import reviewing

    return reviewing.review(asked.text, engine, asked.situation)


def _work(engines: state.Engines) -> Work[Asked, Review]:
    def work(asked: Asked, report: Callable[[Underway[Review]], None], cancelled: Callable[[], bool]) -> Review:
        from fourthright import reviewing

        def tell(doing: str, done: int, total: int) -> None:
            report(Underway(doing=f"{doing} of {total}", done=done, total=total))

        report(Underway(doing="Getting ready", done=0, total=0))
        engine = engines.get(asked.with_model)
        return reviewing.review(asked.text, engine, asked.situation, on_progress=tell, cancelled=cancelled)

    return work
