"""The page while it grows and when it is done: what is being done, the sheet itself, and the ways to take it along."""

from __future__ import annotations

import re

import streamlit as st

from fourthright.domain import Prep
from fourthright.export import markdown
from fourthright.ui import components, sheet, state
from fourthright.ui.components import shown
from fourthright.ui.quiet import quiet
from fourthright.ui.state import PageJob


@st.fragment(run_every=components.POLL_S)
@quiet
def growing() -> None:
    """A running page: redrawn on its own, so that nothing else on the screen waits for it."""
    job = state.job()
    if job is None or not job.active:
        st.rerun()
    assert job is not None
    st.title(_title(job))
    components.doing(job, components.time_left(job, state.PAGES.usual_seconds()), state.PAGES.stop)
    if job.page is not None:
        sheet.draw(job.page, editable=False)


@st.fragment
@quiet
def finished() -> None:
    """A page that is done, or what is there of it, with every line open to changes."""
    job = state.job()
    if job is None or job.active or "consent_asked" in st.session_state:
        st.rerun()
    assert job is not None
    st.title(_title(job))
    if job.state != "done":
        components.ended(job)
    if job.page is not None:
        _toolbar(job, job.page)
        sheet.draw(job.page, editable=True)
        _made_with(job.page)


def _title(job: PageJob) -> str:
    about = [*job.asked.names[:1], *([job.asked.role] if job.asked.role else [])]
    return shown(", ".join(about)) or "Your conversation"


def _toolbar(job: PageJob, page: Prep) -> None:
    text = markdown.page(page)
    with st.container(horizontal=True):
        with st.popover("Copy", icon=":material/content_copy:"):
            st.caption("The button at the top right of the text copies it.")
            st.code(text, language=None, wrap_lines=True, height=380)
        if page.expectations:
            with st.popover("Copy for the employee", icon=":material/person:"):
                st.caption("Only what you agree, your part and the next date, with blanks to fill in together.")
                st.code(markdown.employee(page), language=None, wrap_lines=True, height=380)
        st.download_button(
            "Download Markdown",
            text,
            file_name=_file_name(job),
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
        )
        if st.session_state.get("undo"):
            st.button("Undo", icon=":material/undo:", on_click=state.undo)
        st.button("Change my note", icon=":material/arrow_back:", on_click=components.back_to_note, args=(job.asked,))
        st.button(
            "Delete",
            icon=":material/delete:",
            on_click=state.delete,
            help="Drops the page and your note from memory now",
        )
    st.caption(
        "Kept in memory for two hours after you last looked at it, and not after a restart. Take along what you need."
    )


def _file_name(job: PageJob) -> str:
    name = re.sub(r"[^\w]+", "-", job.asked.names[0].lower()).strip("-") if job.asked.names else ""
    return f"{name or 'conversation'}.md"


def _made_with(page: Prep) -> None:
    made, words = page.made_with, markdown.words(markdown.page(page))
    maker = f"the model {shown(made.model)} and the handbook" if made.model else "the handbook alone"
    st.caption(f"Made with {maker} in {made.seconds:.0f} s; {words} words. † marks the handbook's own wording.")
