"""What a person types on the Rewrite page: phrases, the job they are about, a file with phrases, and the button."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import config, sheets
from fourthright.errors import BadInput, FourthrightError, ManagerError, WeightsMissing
from fourthright.export.plain import visible
from fourthright.ui import rewrite_run
from fourthright.ui.components import FORM_WIDTH, sentence, shown
from fourthright.ui.quiet import quiet

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

EXAMPLE = "a positive attitude\nmore customer focus\nbe more strategic"
HOSTED = "Rewriting with a hosted model is not offered in the app yet: this page uses the handbook alone."
ALONE = "Made from the handbook alone, on this machine."
LOCAL = "No text leaves this machine."
_FORM = {"rewrite_text": "", "rewrite_job": "", "rewrite_column": "", "rewrite_handbook_only": False}


def draw() -> None:
    """The whole form. Typed text stays whatever happens."""
    for key, value in _FORM.items():
        st.session_state.setdefault(key, value)
    st.title("Rewrite vague phrases", width=FORM_WIDTH)
    st.markdown(
        "Write the phrases you would like to replace. For each you get up to three expectations that both of you can "
        "check; all their numbers are proposals.",
        width=FORM_WIDTH,
    )
    with st.container(width=FORM_WIDTH):
        _phrases()
        _file()
        _button()


def _phrases() -> None:
    st.text_area(
        "Phrases, one a line",
        key="rewrite_text",
        height=170,
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
        file = st.file_uploader("File", type=["csv", "xlsx"], key="rewrite_file")
        st.text_input(
            "Column with the phrases",
            key="rewrite_column",
            persist_state="session",
            help="Its heading; not needed where the file has one column only",
        )
        if file is not None:
            st.button("Add its phrases to the list", on_click=_add, args=(file,))


def _button() -> None:
    place, with_model = _where_it_runs()
    if with_model:
        st.toggle(
            "Handbook only (no model)",
            key="rewrite_handbook_only",
            persist_state="session",
            help="Ready in seconds. The model chooses the words that fill the handbook's blanks.",
        )
    st.button("Rewrite", type="primary", on_click=_submit, args=(with_model,))
    if line := st.session_state.pop("rewrite_problem", None):
        st.error(line)
    st.caption(f"{place} Phrases and results stay in this session's memory until you close it, and not after a reload.")


def _where_it_runs() -> tuple[str, bool]:
    """A sentence on where the work is done, and whether the local model can be had."""
    from fourthright import weights

    try:
        settings = config.settings()
        if not settings.embedded:
            return HOSTED, False
        weights.locate(settings)
    except WeightsMissing:
        return ALONE, False
    except FourthrightError as error:
        return shown(str(error)), False
    return LOCAL, True


def _fill(text: str) -> None:
    st.session_state.rewrite_kept_text = st.session_state.rewrite_text
    st.session_state.rewrite_text = text


@quiet
def _add(file: UploadedFile) -> None:
    typed = st.session_state
    try:
        found = sheets.phrases(io.BytesIO(file.getvalue()), file.name, typed.rewrite_column.strip() or None)
    except ManagerError as error:
        typed.rewrite_problem = sentence(str(error))
        return
    lines = [line for line in map(visible, found) if line]
    typed.rewrite_text = "\n".join([*typed.rewrite_text.splitlines(), *lines])


@quiet
def _submit(model_at_hand: bool) -> None:
    typed = st.session_state
    try:
        phrases = sheets.from_lines(typed.rewrite_text)
        if not phrases:
            raise BadInput("there is no phrase yet: write one a line, such as “more customer focus”")
        with_model = model_at_hand and not typed.rewrite_handbook_only
        rewrite_run.start(phrases, typed.rewrite_job, with_model=with_model)
    except ManagerError as error:
        typed.rewrite_problem = sentence(str(error))
