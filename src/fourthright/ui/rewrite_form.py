"""What a person types on the Rewrite page: phrases, the job they are about, a file with phrases, and the button."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import sheets
from fourthright.errors import BadInput, FourthrightError
from fourthright.export.plain import visible
from fourthright.ui import asking, rewrite_run
from fourthright.ui.components import FORM_WIDTH, Problem, older_line
from fourthright.ui.quiet import quiet
from fourthright.ui.rewrite_run import RUNS, ListJob

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

EXAMPLE = "a positive attitude\nmore customer focus\nbe more strategic"
_PROBLEM = Problem("rewrite_problem", ("rewrite_text", "rewrite_job", "rewrite_column", "rewrite_file"))
_FORM = {"rewrite_text": "", "rewrite_job": "", "rewrite_column": "", "rewrite_handbook_only": False}
FILE_MB = 1
"""A list of phrases is short; documents on another page may be longer."""


def draw(job: ListJob | None) -> None:
    """The whole form. Typed text stays whatever happens; after a reload it comes back with its run."""
    if job and "rewrite_text" not in st.session_state:
        _put_back(job)
    for key, value in _FORM.items():
        st.session_state.setdefault(key, value)
    st.title("Rewrite vague phrases", width=FORM_WIDTH)
    if job is None:
        st.markdown(
            "Write the phrases you would like to replace. For each you get up to three expectations that both of you "
            "can check; all their numbers are proposals.",
            width=FORM_WIDTH,
        )
    with st.container(width=FORM_WIDTH):
        _earlier(job)
        _phrases()
        _file()
        _button(job)


def older(job: ListJob) -> None:
    """One line where the list was changed after the results below it were made."""
    typed, made = st.session_state, (job.asked.typed.split(), (job.asked.job or "").split())
    if (typed.rewrite_text.split(), typed.rewrite_job.split()) != made:
        older_line("Made from the list before your last change. Rewrite again?", "Rewrite again", _submit)


def ask() -> None:
    """What would leave this machine, before the first call of the session."""
    found = rewrite_run.PENDING.question()
    assert found is not None
    asking.ask(
        found.provider,
        found.text,
        "Each later call sends the same with another phrase of your list.",
        send=partial(rewrite_run.answer, with_model=True),
        alone=partial(rewrite_run.answer, with_model=False),
        back=("Back to my list", partial(rewrite_run.answer, with_model=None)),
    )


def _earlier(job: ListJob | None) -> None:
    if RUNS.gone():
        st.info("That list is no longer in memory: results stay for two hours, and not after a restart.")
    if job is None and (last := RUNS.last()):
        label = "Back to the list that is being made" if last.active else "Back to your last list"
        st.button(label, icon=":material/arrow_back:", type="tertiary", on_click=_show, args=(last,))


def _show(job: ListJob) -> None:
    RUNS.show(job.id)
    if not st.session_state.rewrite_text.strip():
        _put_back(job)


def _put_back(job: ListJob) -> None:
    asked = job.asked
    st.session_state.update({"rewrite_text": asked.typed, "rewrite_job": asked.job or ""})
    st.session_state.rewrite_handbook_only = not asked.with_model


def _phrases() -> None:
    st.text_area(
        "Phrases, one a line",
        key="rewrite_text",
        height=150,
        persist_state="session",
        placeholder="a positive attitude",
        help=f"English only; at most {sheets.MOST_ROWS:,} phrases. No names are needed.",
    )
    kept = st.session_state.get("rewrite_kept_text")
    if st.session_state.rewrite_text == EXAMPLE and kept:
        st.button("Back to my own phrases", type="tertiary", on_click=_fill, args=(kept,))
    else:
        st.button("Fill in an example", icon=":material/lightbulb:", type="tertiary", on_click=_fill, args=(EXAMPLE,))
    st.text_input(
        "The job they are about (optional)",
        key="rewrite_job",
        persist_state="session",
        placeholder="waiter with hotel guests",
    )


def _file() -> None:
    with st.expander("Phrases from a CSV or XLSX file (optional)"):
        file = st.file_uploader("File", type=["csv", "xlsx"], key="rewrite_file", max_upload_size=FILE_MB)
        st.text_input(
            "Column with the phrases",
            key="rewrite_column",
            persist_state="session",
            help="Its heading; not needed where the file has one column only",
        )
        st.button("Add its phrases to the list", on_click=_add, disabled=file is None)


def _button(job: ListJob | None) -> None:
    place = asking.place()
    if place.model:
        st.toggle(
            "Handbook only (no model)",
            key="rewrite_handbook_only",
            persist_state="session",
            help="Ready in seconds. The model chooses the words that fill the handbook's blanks.",
        )
    busy = job is not None and job.active
    st.button("Rewrite", type="primary", on_click=_submit, disabled=busy)
    if line := _PROBLEM.line():
        st.error(line)
    if not busy:  # what is being done stands below the button, where it is seen
        st.caption(f"{place.says} {asking.KEPT}")


def _fill(text: str) -> None:
    st.session_state.rewrite_kept_text = st.session_state.rewrite_text
    st.session_state.rewrite_text = text


@quiet
def _add() -> None:
    typed = st.session_state
    _PROBLEM.clear()
    file: UploadedFile | None = typed.rewrite_file
    try:
        if file is None:  # another one is on its way in its place
            raise BadInput("the file is not here yet: try once more")
        found = sheets.phrases(io.BytesIO(file.getvalue()), file.name, typed.rewrite_column.strip() or None)
    except FourthrightError as error:
        _PROBLEM.tell(error)
        return
    lines = [line for line in map(visible, found) if line]
    typed.rewrite_text = "\n".join([*typed.rewrite_text.splitlines(), *lines])


@quiet
def _submit() -> None:
    typed = st.session_state
    _PROBLEM.clear()
    try:
        phrases = sheets.from_lines(typed.rewrite_text)
        if not phrases:
            raise BadInput("there is no phrase yet: write one a line, such as “more customer focus”")
        with_model = asking.place().model and not typed.rewrite_handbook_only
        rewrite_run.start(typed.rewrite_text, phrases, typed.rewrite_job, with_model=with_model)
    except FourthrightError as error:
        _PROBLEM.tell(error)
