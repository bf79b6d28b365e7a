"""Which run a page of the app looks at, and for whom: a run is shown to the browser that began it and to no other."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Generic

import streamlit as st

from fourthright.domain import MadeT
from fourthright.jobs import AskedT, Job, Jobs, Work

RUN = "run"
"""Name of the run's id in the address. It only says which run to show: a browser that does not own it gets nothing."""


class Runs(Generic[AskedT, MadeT]):
    """The runs of one page of the app, as this session sees them; `name` tells its entries in the session apart."""

    def __init__(self, name: str, jobs: Callable[[], Jobs[AskedT, MadeT]]) -> None:
        self._jobs = jobs
        self._shown, self._gone = f"{name}_run_id", f"{name}_run_gone"

    def job(self) -> Job[AskedT, MadeT] | None:
        """The run this session looks at, from before or from the address after a reload; None when there is none."""
        if self._shown not in st.session_state:
            st.session_state[self._shown] = st.query_params.get(RUN)
        if st.session_state[self._shown] is None:
            return None
        found = self._jobs().get(st.session_state[self._shown], owner())
        if found is None:
            self.leave()
            st.session_state[self._gone] = True
        elif st.query_params.get(RUN) != found.id:
            st.query_params[RUN] = found.id
        return found

    def last(self) -> Job[AskedT, MadeT] | None:
        """This browser's newest run that is still in memory."""
        return self._jobs().latest(owner())

    def gone(self) -> bool:
        """Whether the run this session looked for is no longer in memory."""
        return bool(st.session_state.get(self._gone, False))

    def start(self, asked: AskedT, work: Work[AskedT, MadeT], *, alone: bool) -> None:
        """Starts a run and looks at it. ModelBusy when it cannot be started."""
        self.show(self._jobs().submit(owner(), asked, work, alone=alone))

    def restart(self, asked: AskedT, work: Work[AskedT, MadeT], *, alone: bool) -> None:
        """Starts a run in the place of the one this session looks at, which is dropped. ModelBusy as `start`."""
        before = st.session_state.get(self._shown)
        self.start(asked, work, alone=alone)
        if before is not None:
            self._jobs().forget(before, owner())

    def show(self, job_id: str | None) -> None:
        """Looks at a run, or at none."""
        st.session_state.update({self._shown: job_id, self._gone: False})

    def stop(self) -> None:
        """Stops the run this session looks at."""
        self._jobs().cancel(st.session_state[self._shown], owner())

    def replace(self, page: MadeT) -> None:
        """Keeps what was edited in place of what the run made."""
        self._jobs().replace(st.session_state[self._shown], owner(), page)

    def leave(self) -> None:
        """Looks at no run; it stays in memory."""
        self.show(None)
        st.query_params.pop(RUN, None)

    def delete(self) -> None:
        """Drops the run and its text now."""
        self._jobs().forget(st.session_state[self._shown], owner())
        self.leave()

    def usual_seconds(self) -> float | None:
        """The median time of the last whole runs that went alone; None before the first."""
        return self._jobs().usual_seconds()


def owner() -> str:
    """Who is looking: the browser (its cross-site token survives a reload), or else this session."""
    token = _browser_token(st.context.cookies.get("_streamlit_xsrf", ""))
    if token is None:
        token = st.session_state.setdefault("owner", secrets.token_bytes(16))
    return hashlib.sha256(token).hexdigest()


def _browser_token(cookie: str) -> bytes | None:
    """The token in Streamlit's cross-site cookie (`2|mask|token xor mask|time`): the mask changes, it stays."""
    try:
        _, mask, masked, _ = cookie.split("|")
        key, hidden = bytes.fromhex(mask), bytes.fromhex(masked)
        return bytes(byte ^ key[i % len(key)] for i, byte in enumerate(hidden)) if key and len(hidden) >= 16 else None
    except ValueError:
        return None
