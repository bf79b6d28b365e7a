"""What a person types on the Review page: the questions, the situation they are for, and the button."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fourthright import intake
from fourthright.domain import MAX_SITUATION_CHARS
from fourthright.errors import BadInput, FourthrightError, ManagerError
from fourthright.ui import asking, review_run
from fourthright.ui.components import FORM_WIDTH, Problem, older_line, sentence
from fourthright.ui.quiet import quiet
from fourthright.ui.review_run import RUNS, Asked, ReviewJob

EXAMPLE = (
    "Talk with Marta about the returns desk\n"
    "1. Why didn't you scan the parcels on Monday?\n"
    "2. How do you see the week at the desk?\n"
    "3. Don't you think you should be more organised?\n"
    "4. What does a desk that is done at close look like to you?\n"
    "5. Is the label printer in your way, and who else could help, and when?\n"
    "6. Can you scan each parcel before it goes on the shelf from Monday? (closed)"
)
_PROBLEM = Problem("review_problem", ("review_text", "review_about"))
_KEYS = {"review_text": "", "review_about": "", "review_model": False}


def form(job: ReviewJob | None) -> None:
    """The whole form: the questions, an optional situation, and the button.

    Typed text stays whatever happens; after a reload it comes back with its run.
    """
    if job and "review_text" not in st.session_state:
        _put_back(job)
    for key, value in _KEYS.items():
        st.session_state.setdefault(key, value)
    st.title("Review your questions", width=FORM_WIDTH)
    if job is None:
        st.markdown(
            "Paste the questions you want to ask, or a whole agenda. Each one is checked, and comes back better asked "
            "where it blames, leads or asks several things at once. What the list leaves out is proposed.",
            width=FORM_WIDTH,
        )
    with st.container(width=FORM_WIDTH):
        _earlier(job)
        _typed()
        place = asking.place()
        if place.model:
            st.toggle(
                "Use the model",
                key="review_model",
                persist_state="session",
                help="It words what the handbook cannot turn by itself; that takes some seconds a question.",
            )
        busy = job is not None and job.active
        st.button("Review the questions", type="primary", on_click=_submit, disabled=busy)
        if line := _PROBLEM.line():
            st.error(line)
        if not busy:  # what is being done stands below the button, where it is seen
            st.caption(f"{place.says} {asking.KEPT}")


def older(job: ReviewJob) -> None:
    """One line where the text was changed after the review below it was made."""
    if _changed(job):
        older_line("Made from the text before your last change. Review again?", "Review again", _submit)


def ended(job: ReviewJob) -> None:
    """One line on a run that gave no review, with the ways on; nothing once the text is another."""
    if _changed(job):
        return
    if job.state == "stopped":
        st.info("Stopped before the review was ready. Your text is above.")
    elif job.failure:
        st.error(sentence(job.failure.line))
        if job.failure.kind and issubclass(job.failure.kind, ManagerError):
            return
    with st.container(horizontal=True):
        st.button("Try again", on_click=review_run.again, args=(job.asked.with_model,))
        if job.asked.with_model:
            st.button("Use the handbook alone", on_click=review_run.again, args=(False,))


def ask() -> None:
    """What would leave this machine, before the first call of the session."""
    found = review_run.PENDING.question()
    assert found is not None
    asking.ask(
        found.provider,
        found.text,
        "Later calls send the same with another of your questions.",
        send=partial(review_run.answer, with_model=True),
        alone=partial(review_run.answer, with_model=False),
        back=("Back to my questions", partial(review_run.answer, with_model=None)),
    )


@quiet
def forget() -> None:
    """Drops the review and everything typed on this page now."""
    st.session_state.pop("review_kept", None)
    st.session_state.update(_KEYS)
    RUNS.delete()


def _changed(job: ReviewJob) -> bool:
    typed, asked = st.session_state, job.asked
    return (typed.review_text.split(), typed.review_about.split()) != (asked.text.split(), asked.about.split())


def _earlier(job: ReviewJob | None) -> None:
    if RUNS.gone():
        st.info("That review is no longer in memory: reviews stay for two hours, and not after a restart.")
    if job is None and (last := RUNS.last()):
        label = "Back to the review that is being made" if last.active else "Back to your last review"
        st.button(label, icon=":material/arrow_back:", type="tertiary", on_click=_show, args=(last,))


def _show(job: ReviewJob) -> None:
    RUNS.show(job.id)
    if not st.session_state.review_text.strip():
        _put_back(job)


def _put_back(job: ReviewJob) -> None:
    asked = job.asked
    st.session_state.update({"review_text": asked.text, "review_about": asked.about, "review_model": asked.with_model})


def _typed() -> None:
    st.text_area(
        "Your questions",
        key="review_text",
        height=170,
        persist_state="session",
        placeholder="One question on each line, or the agenda as it is.",
    )
    _example()
    with st.expander("The situation they are for (optional)"):
        st.text_area(
            "What is going on?",
            key="review_about",
            height=90,
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


@quiet
def _submit() -> None:
    typed = st.session_state
    _PROBLEM.clear()
    try:
        if len(typed.review_text) > MAX_SITUATION_CHARS:
            raise BadInput(f"at most {MAX_SITUATION_CHARS:,} characters fit: keep the questions that matter")
        about = intake.situation(typed.review_about) if typed.review_about.strip() else None
        with_model = asking.place().model and bool(typed.review_model)
        review_run.start(Asked(typed.review_text, about, with_model))
    except FourthrightError as error:
        _PROBLEM.tell(error)
