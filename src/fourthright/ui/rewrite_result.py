"""The results of the Rewrite page: what a safeguard says first, then the table, open to changes, and its downloads."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from fourthright import sheets
from fourthright.domain import LEVELS, WITHHOLDING, Flag
from fourthright.export import tables
from fourthright.rewriting import HEADING, Key, Rewrite
from fourthright.ui import citations, components, rewrite_run
from fourthright.ui.components import sentence, shown
from fourthright.ui.quiet import quiet
from fourthright.ui.rewrite_run import RUNS, ListJob

NAME = "expectations"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PHRASES = 5
SHOWN_WHILE_GROWING = 100
WIDTHS = {
    "Phrase": 120,
    "Expect instead": 220,
    "How it is seen": 180,
    "Target": 130,
    "By when": 110,
    "First step": 180,
    "Handbook": 130,
}
"""Pixels of each column; the notes stand below the table."""
LINE, CELL_PADDING, HEADING_HEIGHT = 20, 16, 40
LETTER = 6.6
"""Pixels: the mean width of a letter, with what is lost where a line breaks."""
MOST_LINES, MOST_HEIGHT = 20, 760
DRAWN = "rewrite_drawn"


@dataclass
class _Drawn:
    """What a table was drawn from, to which the person's changes are counted; each table has a key of its own."""

    job_id: str
    rows: list[tuple[Key, tuple[str, ...]]]
    key: str = field(default_factory=lambda: f"rewrite-table-{secrets.token_hex(4)}")


@st.fragment(run_every=components.POLL_S)
@quiet
def growing() -> None:
    """A list that is being made: how far it is, and the rows that are ready."""
    job = RUNS.job()
    if job is None or not job.active:
        st.rerun()
    assert job is not None
    components.doing(job, components.paced(job), RUNS.stop)
    if rows := [row for _, row in _rows(job)][-SHOWN_WHILE_GROWING:]:
        st.dataframe(
            [_cells(row) for row in rows], hide_index=True, column_order=tuple(WIDTHS), column_config=_columns()
        )


@st.fragment
@quiet
def finished() -> None:
    """What is ready of a run that does not go on by itself."""
    job = RUNS.job()
    if job is None or job.active or rewrite_run.PENDING.question():  # a button of this part changed the whole page
        st.rerun()
    assert job is not None
    answers = _answers(job)
    _ended(job, len(answers))
    if answers:
        _flags(answers)
        _editor(job)
        _downloads(job)
        _notes(answers)
        _behind([answer for answer in answers if answer.expectations or answer.questions])


def _answers(job: ListJob) -> list[Rewrite]:
    """What is ready, in the order of the list."""
    return [job.page.answers[key] for key in job.asked.keys if key in job.page.answers] if job.page else []


def _rows(job: ListJob) -> list[tuple[Key, tuple[str, ...]]]:
    """The table's rows, in the order of the list."""
    return [(key, row) for key in job.asked.keys for row in job.page.rows.get(key, ())] if job.page else []


def _ended(job: ListJob, ready: int) -> None:
    if job.state == "done":
        return
    line = f"{ready} of {len(job.asked.phrases)} phrases are ready."
    if job.failure:
        st.error(f"{sentence(job.failure.line)} {line}")
    else:
        st.info(f"Stopped. {line}")
    with st.container(horizontal=True):
        st.button("Go on", type="primary", on_click=rewrite_run.go_on, args=(job.asked.with_model,))
        if job.asked.with_model:
            st.button("Use the handbook alone", on_click=rewrite_run.go_on, args=(False,))


def _flags(answers: Sequence[Rewrite]) -> None:
    """One box for each safeguard that fired, the gravest first, with the phrases it is about."""
    about: dict[str, tuple[Flag, list[str]]] = {}
    for answer in answers:
        for flag in answer.flags:
            about.setdefault(flag.trigger, (flag, []))[1].append(answer.phrase)
    for flag, phrases in sorted(about.values(), key=lambda found: LEVELS.index(found[0].level)):
        box = st.error if flag.level in WITHHOLDING else st.warning
        title = f"**{flag.level}, {flag.trigger.replace('_', ' ')}.** {_listed(phrases)}"
        box(f"{title}. {shown(flag.reason)}  \n**Route:** {shown(flag.route)}")


def _listed(phrases: Sequence[str]) -> str:
    listed = ", ".join(f"“{shown(phrase)}”" for phrase in phrases[:SHOWN_PHRASES])
    more = len(phrases) - SHOWN_PHRASES
    return f"{listed} and {more} more" if more > 0 else listed


def _editor(job: ListJob) -> None:
    """The table; a change is taken over at once, so that it outlives the widget, another run and a reload."""
    drawn: _Drawn | None = st.session_state.get(DRAWN)
    if drawn is None or drawn.job_id != job.id or drawn.key not in st.session_state:
        drawn = st.session_state[DRAWN] = _Drawn(job.id, _rows(job))
    high = row_height([row for _, row in drawn.rows])
    st.data_editor(
        [_cells(row) for _, row in drawn.rows],
        key=drawn.key,
        num_rows="delete",
        hide_index=True,
        row_height=high,
        height=min(HEADING_HEIGHT + high * len(drawn.rows), MOST_HEIGHT) if drawn.rows else "auto",
        column_order=tuple(WIDTHS),
        column_config=_columns(),
        on_change=_take_over,
        args=(drawn,),
    )
    st.caption(
        "Click a cell twice, change it and press Enter. Tick a row and press Delete to drop it. All numbers are proposals."
    )


@quiet
def _take_over(drawn: _Drawn) -> None:
    rewrite_run.change(drawn.rows, st.session_state[drawn.key])


def _cells(row: Sequence[str]) -> dict[str, str]:
    return dict(zip(HEADING, row, strict=True))


def _columns() -> dict[str, Any]:
    named = {name: st.column_config.TextColumn(name, width=width) for name, width in WIDTHS.items()}
    return {**named, "Handbook": st.column_config.TextColumn("Source", width=WIDTHS["Handbook"], disabled=True)}


def row_height(rows: Sequence[Sequence[str]]) -> int:
    """Pixels in which the longest cell can be read in full: all rows of the table are equally high."""
    return CELL_PADDING + LINE * min(
        max(
            (_lines(text, WIDTHS[name]) for row in rows for name, text in _cells(row).items() if name in WIDTHS),
            default=1,
        ),
        MOST_LINES,
    )


def _lines(text: str, width: int) -> int:
    """Lines that a cell needs: words are not broken, so that each line loses some room."""
    room, lines, used = int((width - CELL_PADDING) / LETTER), 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines


def _notes(answers: Sequence[Rewrite]) -> None:
    """What to ask first where no card fits, and why a row could not be used."""
    lines = [f"**{shown(a.phrase)}**: {' '.join(shown(q.text) for q in a.questions)}" for a in answers if a.questions]
    if lines:
        st.subheader("Find out first")
        st.markdown("\n".join(f"- {line}" for line in lines))
    if unused := [f"**{shown(a.phrase) or '(empty)'}**: {sentence(a.error)}" for a in answers if a.error]:
        st.subheader("Not rewritten")
        st.markdown("\n".join(f"- {line}" for line in unused))


def _behind(answers: Sequence[Rewrite]) -> None:
    """What the lines rest on, a phrase at a time: a list may be long."""
    if not answers:
        return
    with st.expander("What the lines rest on", icon=citations.BOOK):
        at = st.selectbox("Phrase", range(len(answers)), format_func=lambda n: answers[n].phrase)
        for n, made in enumerate(answers[at].expectations):
            st.markdown(f"**{shown(made.behaviour)}**")
            citations.buttons(citations.of_expectation(made.sources, citations.named(made.sources)), f"line-{n}")
        for n, asked in enumerate(answers[at].questions):
            st.markdown(f"**{shown(asked.text)}**")
            sources = citations.named(asked.sources)
            citations.buttons(citations.of_question(asked.sources, sources, asked.dimension, asked.text), f"asked-{n}")


def _downloads(job: ListJob) -> None:
    edited = sheets.Table(heading=HEADING, rows=tuple(row for _, row in _rows(job)))
    with st.container(horizontal=True):
        _download("Download CSV", sheets.as_csv(edited).encode("utf-8-sig"), "csv", "text/csv")
        _download("Download XLSX", lambda: sheets.as_xlsx(edited), "xlsx", XLSX)
        _download("Download Markdown", tables.markdown(edited), "md", "text/markdown")
        st.button("Delete", icon=":material/delete:", on_click=RUNS.delete, help="Drops the results from memory")


def _download(label: str, data: str | bytes | Callable[[], bytes], ending: str, mime: str) -> None:
    icon = ":material/download:"
    st.download_button(label, data, file_name=f"{NAME}.{ending}", mime=mime, icon=icon, on_click="ignore")
