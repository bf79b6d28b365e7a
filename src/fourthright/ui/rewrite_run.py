"""One run of the Rewrite page: kept in the session, made row by row in the page itself, and taken up where it stopped.

Whatever the person presses interrupts the work between two rows. Finished rows stay in the session and are not made
again; nothing of a run is in the address or in a cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from fourthright.errors import FourthrightError
from fourthright.ui import state

if TYPE_CHECKING:
    from fourthright.rewriting import Key, Rewrite

RUN = "rewrite_run"
Rows = tuple[tuple[str, ...], ...]


@dataclass
class Run:
    """The phrases of one list, what is finished of them, and the table as the person left it."""

    phrases: tuple[str, ...]
    job: str | None
    with_model: bool
    done: dict[Key, Rewrite] = field(default_factory=dict)
    rows: dict[Key, Rows] = field(default_factory=dict)
    """The table's rows of each finished phrase, with the person's changes."""
    state: Literal["running", "stopped", "failed", "done"] = "running"
    failure: str = ""
    drawn: list[tuple[Key, tuple[str, ...]]] | None = None
    """What the table was drawn from, to which the person's changes are counted; None to draw it anew."""
    table_key: str = ""
    """Name of the table's widget; each table that is drawn anew has one of its own."""

    @property
    def answers(self) -> list[Rewrite]:
        """What is finished, in the order of the list."""
        return [self.done[phrase, self.job] for phrase in self.phrases if (phrase, self.job) in self.done]


def current() -> Run | None:
    """This session's run."""
    run: Run | None = st.session_state.get(RUN)
    return run


def start(phrases: Sequence[str], context: str, *, with_model: bool) -> None:
    """Begins a list; rows that were made the same way before are kept as they are. BadInput for a long context."""
    from fourthright.phrases import checked_context

    run = Run(tuple(dict.fromkeys(phrases)), checked_context(context), with_model)
    before = current()
    if before and before.with_model == with_model:
        keep(before)
        run.done, run.rows = before.done, {key: rows for key, rows in before.rows.items() if rows}
    st.session_state[RUN] = run


def go_on(run: Run, with_model: bool) -> None:
    """Takes a run up where it stopped."""
    keep(run)
    run.with_model, run.state, run.failure = with_model, "running", ""


def stop(run: Run) -> None:
    """Ends the work; what is finished stays."""
    run.state = "stopped"


def delete() -> None:
    """Drops the run and its text now."""
    st.session_state.pop(RUN, None)


def make(run: Run) -> None:
    """Makes what is missing, with progress and the way to stop it. The page is drawn again when it ends."""
    bar = st.progress(0.0, text="Getting ready")
    st.button("Stop", key="rewrite_stop", on_click=stop, args=(run,))
    st.caption("What is ready stays. Another page interrupts the work; it goes on when you come back.")

    def progress(done: int, total: int) -> None:
        bar.progress(done / total, text=f"{done} of {total} phrases")

    try:
        _make(run, progress)
        run.state = "done"
    except FourthrightError as error:
        run.state, run.failure = "failed", str(error)
    except Exception:  # a bug would come again with every click
        stop(run)
        raise
    st.rerun()


def keep(run: Run) -> None:
    """Takes the changes made in the table over into the rows; the next table is drawn anew from them."""
    if run.drawn is not None and run.table_key in st.session_state:
        run.rows |= changed(run.drawn, st.session_state[run.table_key])
    run.drawn = None


def changed(drawn: Sequence[tuple[Key, tuple[str, ...]]], changes: Mapping[str, Any]) -> dict[Key, Rows]:
    """Rows by phrase after what a person changed and deleted in the table that was drawn from `drawn`."""
    from fourthright.rewriting import HEADING

    edited, deleted = changes.get("edited_rows", {}), set(changes.get("deleted_rows", ()))
    kept: dict[Key, Rows] = {key: () for key, _ in drawn}
    for place, (key, row) in enumerate(drawn):
        if place not in deleted:
            cells = dict(zip(HEADING, row, strict=True)) | edited.get(place, {})
            kept[key] += (tuple(cells[name] or "" for name in HEADING),)
    return kept


def _make(run: Run, progress: Callable[[int, int], None]) -> None:
    from fourthright import rewriting

    engine = state.engines().get(run.with_model)
    rewriting.rewrite(run.phrases, engine, context=run.job, finished=run.done, on_progress=progress)
