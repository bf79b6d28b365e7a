"""The Review page's form and the run behind its button; text and result stay in this session's memory only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import config, intake, weights
from fourthright.domain import MAX_SITUATION_CHARS, Situation
from fourthright.errors import BadInput, FourthrightError, WeightsMissing
from fourthright.ui import state
from fourthright.ui.components import FORM_WIDTH, sentence
from fourthright.ui.quiet import quiet

if TYPE_CHECKING:
    from fourthright.reviewed import Review

EXAMPLE = (
    "Talk with Marta about the returns desk\n"
    "1. Why didn't you scan the parcels on Monday?\n"
    "2. How do you see the week at the desk?\n"
    "3. Don't you think you should be more organised?\n"
    "4. What does a desk that is done at close look like to you?\n"
    "5. Is the label printer in your way, and who else could help, and when?\n"
    "6. Can you scan each parcel before it goes on the shelf from Monday? (closed)"
)
_KEYS = {"review_text": "", "review_about": "", "review_model": False}
_HOSTED = (
    "The configured model runs elsewhere. Reviewing with it is not offered in the app yet: the handbook alone answers."
)
_MISSING = "The local model is not on this machine: the handbook alone answers."


@dataclass(frozen=True)
class _Asked:
    """What one press of the button asks for."""

    text: str
    situation: Situation | None
    with_model: bool


def welcome() -> None:
    """What this page is for."""
    st.title("Review your questions", width=FORM_WIDTH)
    st.markdown(
        "Paste the questions you want to ask, or a whole agenda. Each one is checked, and comes back better asked "
        "where it blames, leads or asks several things at once. What the list leaves out is proposed.",
        width=FORM_WIDTH,
    )


def form() -> None:
    """The questions, an optional situation, and the button. Typed text stays whatever happens."""
    for key, value in _KEYS.items():
        st.session_state.setdefault(key, value)
    with st.container(width=FORM_WIDTH):
        _typed()
        why_not = _why_no_model()
        if why_not is None:
            st.toggle(
                "Use the model on this machine",
                key="review_model",
                persist_state="session",
                help="It words what the handbook cannot turn by itself; that takes some seconds a question.",
            )
        st.button("Review the questions", type="primary", on_click=_submit, args=(why_not is None,))
        if why_not:
            st.caption(why_not)
        st.caption("No text leaves this machine. Your text and the review are gone when you reload or close the tab.")


def working() -> None:
    """Makes the review that was asked for, showing how far it is; an error is one line below the form."""
    if line := st.session_state.pop("review_problem", None):
        st.error(line)
    asked: _Asked | None = st.session_state.pop("review_asked", None)
    if asked is None:
        return
    place = st.empty()
    try:
        with place.container(width=FORM_WIDTH):
            st.session_state.review_made = _reviewed(asked)
    except FourthrightError as error:
        place.error(sentence(str(error)))
    except Exception:  # `quiet` says in one line that this is a bug, and to reload, which empties this form
        place.warning("What you typed is still above: copy it before you reload.")
        raise
    else:
        place.empty()


def made() -> Review | None:
    """The review of this session, once there is one."""
    found: Review | None = st.session_state.get("review_made")
    return found


@quiet
def forget() -> None:
    """Drops the review and everything typed on this page now."""
    for key in ("review_made", "review_kept"):
        st.session_state.pop(key, None)
    st.session_state.update(_KEYS)


def _typed() -> None:
    st.text_area(
        "Your questions",
        key="review_text",
        height=230,
        persist_state="session",
        placeholder="One question on each line, or the agenda as it is.",
    )
    _example()
    with st.expander("The situation they are for (optional)"):
        st.text_area(
            "What is going on?",
            key="review_about",
            height=120,
            persist_state="session",
            help="What is proposed then speaks of it. A few sentences; English only.",
        )


def _example() -> None:
    kept = st.session_state.get("review_kept")
    if st.session_state.review_text == EXAMPLE and kept:
        st.button("Back to my own questions", type="tertiary", on_click=_fill, args=(kept,))
    else:
        st.button("Fill in an example", icon=":material/lightbulb:", type="tertiary", on_click=_fill, args=(EXAMPLE,))


@quiet
def _fill(text: str) -> None:
    st.session_state.review_kept = st.session_state.review_text
    st.session_state.review_text = text


def _why_no_model() -> str | None:
    """Why the model cannot be had here, as one line; None when it can."""
    try:
        settings = config.settings()
        if not settings.embedded:
            return _HOSTED
        weights.locate(settings)
    except WeightsMissing:
        return _MISSING
    except FourthrightError as error:
        return sentence(str(error))
    return None


@quiet
def _submit(model_is_here: bool) -> None:
    typed = st.session_state
    typed.pop("review_made", None)
    try:
        if len(typed.review_text) > MAX_SITUATION_CHARS:
            raise BadInput(f"at most {MAX_SITUATION_CHARS:,} characters fit: keep the questions that matter")
        about = intake.situation(typed.review_about) if typed.review_about.strip() else None
    except FourthrightError as error:
        typed.review_problem = sentence(str(error))
        return
    typed.review_asked = _Asked(typed.review_text, about, model_is_here and bool(typed.review_model))


def _reviewed(asked: _Asked) -> Review:
    """The review, made here while its progress is drawn; any press in the meantime ends it at the next question."""
    bar = st.progress(0.0, text="Getting ready")
    st.button("Stop", key="review_stop")
    from fourthright import reviewing

    def tell(doing: str, done: int, total: int) -> None:
        bar.progress(done / total, text=f"{doing} of {total}")

    engine = state.engines().get(with_model=asked.with_model)
    return reviewing.review(asked.text, engine, asked.situation, on_progress=tell)
