"""What the app keeps and for whom: runs and engines for the process, the open page for a browser.

Text about people lives in the runs (memory, two hours, one owner) and in the session's widgets, not in a shared cache.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import config
from fourthright.domain import Prep, Progress, Situation
from fourthright.errors import FourthrightError
from fourthright.jobs import Job, Jobs, Line, Work
from fourthright.ui.runs import Runs

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.knowledge import Knowledge

PageJob = Job[Situation, Prep]
UNDO_STEPS = 20
WARM_UP_AFTER_S = 3.0
"""Time for the first paint to reach the browser before imports compete for the processor."""


class Engines:
    """The two engines of this process, each built once, on first use, in the thread that asks."""

    def __init__(self) -> None:
        self._locks = {True: threading.Lock(), False: threading.Lock()}
        self._built: dict[bool, Engine] = {}

    def get(self, with_model: bool) -> Engine:
        """The engine, with the configured model or the handbook alone. After a failure the next call tries again."""
        from fourthright import bootstrap

        with self._locks[with_model]:
            if with_model not in self._built:
                self._built[with_model] = bootstrap.engine(config.settings(), with_model=with_model)
            return self._built[with_model]

    def ready(self) -> Engine | None:
        """The handbook's engine once it is built, without waiting for it."""
        return self._built.get(False)

    def warm(self) -> None:
        """Loads what takes long ahead of the first page; what goes wrong here is said when a page is asked for."""
        from fourthright import bootstrap

        with suppress(FourthrightError):
            self.get(with_model=False)
            knowledge()
            bootstrap.warm(self.get(with_model=True))


@st.cache_resource
def line() -> Line:
    """The line for the model on this machine, in which the runs of all pages of the app wait."""
    return Line()


@st.cache_resource
def jobs() -> Jobs[Situation, Prep]:
    """All runs of this process that make a page."""
    return Jobs(line())


PAGES = Runs("page", jobs)


@st.cache_resource
def engines() -> Engines:
    """The engines of this process."""
    return Engines()


@functools.cache
def knowledge() -> Knowledge:
    """The handbook, for looking things up beside a page."""
    from fourthright import knowledge as handbook

    return handbook.load()


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Starts the warm-up once per process, a moment after the first page went out."""
    timer = threading.Timer(WARM_UP_AFTER_S, engines().warm)
    timer.daemon = True
    timer.start()


def job() -> PageJob | None:
    """The run this session looks at, from before or from the address after a reload; None when there is none."""
    return PAGES.job()


def start(situation: Situation, *, with_model: bool) -> None:
    """Starts a run and looks at it. ModelBusy or ConfigurationError when it cannot be started."""
    _forget_changes()
    st.session_state.pop("marker", None)  # it remembers words of the note, and its work is done
    PAGES.start(situation, _work(engines(), with_model), alone=with_model and config.settings().embedded)


def show(job_id: str) -> None:
    """Looks at a run."""
    _forget_changes()
    PAGES.show(job_id)


def leave() -> None:
    """Goes back to the form; the run stays in memory."""
    _forget_changes()
    PAGES.leave()


def delete() -> None:
    """Drops the run and its text now."""
    _forget_changes()
    PAGES.delete()


def change(page: Prep, changed: Prep) -> None:
    """Puts a changed page in place of `page`, which Undo brings back."""
    st.session_state.undo = [*st.session_state.get("undo", []), page][-UNDO_STEPS:]
    st.session_state.open = None
    PAGES.replace(changed)


def undo() -> None:
    """Takes the last change back."""
    *rest, last = st.session_state.undo
    st.session_state.undo = rest
    PAGES.replace(last)


def consent_needed() -> bool:
    """Whether a model that runs elsewhere is configured and allowed, and this session has not said yes to it."""
    settings = config.settings()
    return not settings.embedded and settings.allow_hosted and not st.session_state.get("consent", False)


def _forget_changes() -> None:
    st.session_state.update({"undo": [], "open": None})


def _work(engines: Engines, with_model: bool) -> Work[Situation, Prep]:
    def work(situation: Situation, report: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Prep:
        from fourthright import prepare

        report(Progress(doing="Getting ready", done=0, total=0))
        return prepare.prepare(situation, engines.get(with_model), on_progress=report, cancelled=cancelled)

    return work
