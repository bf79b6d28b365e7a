"""What the app keeps and for whom: runs and engines for the process, the open page for a browser.

Text about people lives in the runs (memory, two hours, one owner) and in the session's widgets, not in a shared cache.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import config
from fourthright.domain import Prep, Progress, Situation
from fourthright.errors import FourthrightError
from fourthright.jobs import Job, Jobs, Work

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.knowledge import Knowledge

RUN = "run"
"""Name of the run's id in the address. It only says which page to show: a browser that does not own it gets nothing."""
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

    def warm(self) -> None:
        """Loads what takes long ahead of the first page; what goes wrong here is said when a page is asked for."""
        from fourthright import bootstrap

        with suppress(FourthrightError):
            self.get(with_model=False)
            knowledge()
            bootstrap.warm(self.get(with_model=True))


@st.cache_resource
def jobs() -> Jobs:
    """All runs of this process."""
    return Jobs()


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


def owner() -> str:
    """Who is looking: the browser (its cross-site token survives a reload), or else this session."""
    token = _browser_token(st.context.cookies.get("_streamlit_xsrf", ""))
    if token is None:
        token = st.session_state.setdefault("owner", secrets.token_bytes(16))
    return hashlib.sha256(token).hexdigest()


def job() -> Job | None:
    """The run this session looks at, from before or from the address after a reload; None when there is none."""
    if "job" not in st.session_state:
        st.session_state.job = st.query_params.get(RUN)
    if st.session_state.job is None:
        return None
    found = jobs().get(st.session_state.job, owner())
    if found is None:
        leave()
        st.session_state.gone = True
    elif st.query_params.get(RUN) != found.id:
        st.query_params[RUN] = found.id
    return found


def last_job() -> Job | None:
    """This browser's newest run that is still in memory."""
    return jobs().latest(owner())


def start(situation: Situation, *, with_model: bool) -> None:
    """Starts a run and looks at it. ModelBusy or ConfigurationError when it cannot be started."""
    alone = with_model and config.settings().embedded
    show(jobs().submit(owner(), situation, _work(engines(), with_model), alone=alone))


def show(job_id: str) -> None:
    """Looks at a run."""
    st.session_state.update({"job": job_id, "undo": [], "open": None, "gone": False})


def stop() -> None:
    """Stops the run this session looks at."""
    jobs().cancel(st.session_state.job, owner())


def leave() -> None:
    """Goes back to the form; the run stays in memory."""
    st.session_state.update({"job": None, "undo": [], "open": None, "gone": False})
    st.query_params.pop(RUN, None)


def delete() -> None:
    """Drops the run and its text now."""
    jobs().forget(st.session_state.job, owner())
    leave()


def change(page: Prep, changed: Prep) -> None:
    """Puts a changed page in place of `page`, which Undo brings back."""
    st.session_state.undo = [*st.session_state.get("undo", []), page][-UNDO_STEPS:]
    st.session_state.open = None
    jobs().replace(st.session_state.job, owner(), changed)


def undo() -> None:
    """Takes the last change back."""
    *rest, last = st.session_state.undo
    st.session_state.undo = rest
    jobs().replace(st.session_state.job, owner(), last)


def consent_needed() -> bool:
    """Whether a model that runs elsewhere is configured and allowed, and this session has not said yes to it."""
    settings = config.settings()
    return not settings.embedded and settings.allow_hosted and not st.session_state.get("consent", False)


def _work(engines: Engines, with_model: bool) -> Work:
    def work(situation: Situation, report: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Prep:
        from fourthright import prepare

        report(Progress(doing="Getting ready", done=0, total=0))
        return prepare.prepare(situation, engines.get(with_model), on_progress=report, cancelled=cancelled)

    return work


def _browser_token(cookie: str) -> bytes | None:
    """The token in Streamlit's cross-site cookie (`2|mask|token xor mask|time`): the mask changes, it stays."""
    try:
        _, mask, masked, _ = cookie.split("|")
        key, hidden = bytes.fromhex(mask), bytes.fromhex(masked)
        return bytes(byte ^ key[i % len(key)] for i, byte in enumerate(hidden)) if key and len(hidden) >= 16 else None
    except ValueError:
        return None
