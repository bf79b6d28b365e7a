"""The results of the Rewrite page: what a safeguard says first, then the table, open to changes, and its downloads."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import streamlit as st

from fourthright import sheets
from fourthright.domain import LEVELS, WITHHOLDING, Flag
from fourthright.export import tables
from fourthright.rewriting import HEADING, Key, Rewrite, table
from fourthright.ui import rewrite_run, state
from fourthright.ui.components import sentence, shown
from fourthright.ui.quiet import quiet
from fourthright.ui.rewrite_run import Rows, Run

NAME = "expectations"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PHRASES = 5


@st.fragment
@quiet
def draw(run: Run) -> None:
    """What is finished of a run that does not go on by itself."""
    if rewrite_run.current() is not run or run.state == "running":  # a button of this part changed the whole page
        st.rerun()
    _ended(run)
    answers = run.answers
    if not answers:
        return
    _flags(answers)
    _editor(run, answers)
    _downloads(run)


def _ended(run: Run) -> None:
    if run.state == "done":
        return
    ready = f"{len(run.answers)} of {len(run.phrases)} phrases are ready."
    if run.state == "failed":
        st.error(f"{sentence(run.failure)} {ready}")
    else:
        st.info(f"Stopped. {ready}")
    with st.container(horizontal=True):
        st.button("Go on", type="primary", on_click=rewrite_run.go_on, args=(run, run.with_model))
        if run.with_model:
            st.button("Use the handbook alone", on_click=rewrite_run.go_on, args=(run, False))


def _flags(answers: list[Rewrite]) -> None:
    """One box for each safeguard that fired, the gravest first, with the phrases it is about."""
    about: dict[str, tuple[Flag, list[str]]] = {}
    for answer in answers:
        for flag in answer.flags:
            about.setdefault(flag.trigger, (flag, []))[1].append(answer.phrase)
    for flag, phrases in sorted(about.values(), key=lambda found: LEVELS.index(found[0].level)):
        box = st.error if flag.level in WITHHOLDING else st.warning
        title = f"**{flag.level}, {flag.trigger.replace('_', ' ')}.** {_listed(phrases)}"
        box(f"{title}. {shown(flag.reason)}  \n**Route:** {shown(flag.route)}")


def _listed(phrases: list[str]) -> str:
    listed = ", ".join(f"“{shown(phrase)}”" for phrase in phrases[:SHOWN_PHRASES])
    more = len(phrases) - SHOWN_PHRASES
    return f"{listed} and {more} more" if more > 0 else listed


def _editor(run: Run, answers: list[Rewrite]) -> None:
    """The table; a change is taken over at once, so that it outlives the widget."""
    if run.drawn is None or run.table_key not in st.session_state:
        run.table_key = f"rewrite-table-{secrets.token_hex(4)}"
        run.drawn = [(key, row) for key, rows in _rows(run, answers) for row in rows]
    st.data_editor(
        [dict(zip(HEADING, row, strict=True)) for _, row in run.drawn],
        key=run.table_key,
        num_rows="delete",
        hide_index=True,
        row_height=60,
        column_config={name: st.column_config.TextColumn(name, width="medium") for name in HEADING}
        | {"Handbook": st.column_config.TextColumn("Source", width="medium", disabled=True)},
    )
    run.rows |= rewrite_run.changed(run.drawn, st.session_state.get(run.table_key, {}))
    st.caption("Click a cell twice to change it. Tick a row and press Delete to drop it. All numbers are proposals.")


def _rows(run: Run, answers: list[Rewrite]) -> Iterator[tuple[Key, Rows]]:
    for answer in answers:
        key = (answer.phrase, run.job)
        if key not in run.rows:
            run.rows[key] = table((answer,), state.knowledge()).rows
        yield key, run.rows[key]


def _downloads(run: Run) -> None:
    rows = tuple(row for answer in run.answers for row in run.rows[answer.phrase, run.job])
    edited = sheets.Table(heading=HEADING, rows=rows)
    with st.container(horizontal=True):
        _download("Download CSV", sheets.as_csv(edited).encode("utf-8-sig"), "csv", "text/csv")
        _download("Download XLSX", lambda: sheets.as_xlsx(edited), "xlsx", XLSX)
        _download("Download Markdown", tables.markdown(edited), "md", "text/markdown")
        st.button("Delete", icon=":material/delete:", on_click=rewrite_run.delete, help="Drops the results from memory")


def _download(label: str, data: str | bytes | Callable[[], bytes], ending: str, mime: str) -> None:
    icon = ":material/download:"
    st.download_button(label, data, file_name=f"{NAME}.{ending}", mime=mime, icon=icon, on_click="ignore")
