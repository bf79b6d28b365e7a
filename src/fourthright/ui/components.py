"""Pieces of the pages that stand on their own: the form, the consent, what is being done, how a run ended."""

from __future__ import annotations

import re

import streamlit as st

from fourthright import config, intake
from fourthright.domain import Situation
from fourthright.errors import FourthrightError, ManagerError
from fourthright.export.plain import escape
from fourthright.jobs import Job
from fourthright.ui import state
from fourthright.ui.quiet import quiet

EXAMPLE = (
    "Marta runs the returns desk at our store and she is the one the temps go to when they are stuck. Since the move "
    "the desk slips. On Monday 14 of 40 parcels were not scanned at close, I checked the scan log, and on Wednesday a "
    "customer waited 25 minutes instead of 15 while she tidied the shelf. I asked her in May to scan each parcel "
    "before it goes on the shelf and it held for about two weeks. The label printer has been jamming, which is ours "
    "to fix. I don't want to lose her, but she has to be more organised."
)
POLL_S = 0.7
STEPS_FOR_A_PACE = 3
"""The first steps take a moment or half a minute; from here on their mean says something."""
FORM_WIDTH = 760
"""Pixels: a line of text that the eye can follow."""
_SHORTCODE = re.compile(r":(?=[\w+\-/\\]+:)")
_FORM = {"note": "", "role": "", "names": "", "history": "", "handbook_only": False}


def shown(text: str) -> str:
    """One line for `st.markdown` that shows exactly this text: no markup, link, colour, emoji or icon of its own."""
    return _SHORTCODE.sub(":\u2060", escape(text))


def sentence(line: str) -> str:
    """A one-line message as a sentence on the screen."""
    shown_line = shown(line)
    return shown_line[:1].upper() + shown_line[1:] + ("" if shown_line.endswith((".", "!", "?")) else ".")


def welcome() -> None:
    """What this page is for."""
    st.title("Prepare one honest conversation", width=FORM_WIDTH)
    st.markdown(
        "Describe what is going on in your own words. You get one page: what to expect from now on, in terms you can "
        "both check, the questions that find the cause, and what to find out first.",
        width=FORM_WIDTH,
    )


def form() -> None:
    """The intake: what the manager types, an example, and the button. Typed text stays whatever happens."""
    with st.container(width=FORM_WIDTH):
        _form()


def _form() -> None:
    for key, value in _FORM.items():
        st.session_state.setdefault(key, value)
    _earlier_page()
    st.text_area(
        "What is going on?",
        key="note",
        height=230,
        persist_state="session",
        placeholder="What you saw, when, how often. What you have already said. What works. It can be messy.",
        help="A few sentences to a page. English only; simple English is fine.",
    )
    _example()
    with st.expander("Role, names, earlier talks (optional)"):
        left, right = st.columns(2)
        left.text_input("Their role", key="role", persist_state="session", placeholder="returns desk")
        right.text_input(
            "Names, the person first",
            key="names",
            persist_state="session",
            placeholder="Marta, Devon",
            help="Commas between",
        )
        st.text_area(
            "What was said or tried before, and what it changed", key="history", height=90, persist_state="session"
        )
    st.toggle(
        "Handbook only (no model)",
        key="handbook_only",
        persist_state="session",
        help="Ready in seconds, from curated cards and your own words. The model adapts the lines to your situation.",
    )
    st.button("Make the page", type="primary", on_click=_submit)
    if line := st.session_state.pop("problem", None):
        st.error(line)
    st.caption(_where_it_runs())


def ask_consent() -> None:
    """Who would get which text, word for word, before the first call of a session to a model that runs elsewhere."""
    asked = st.session_state.consent_asked
    st.subheader("This text would leave this machine")
    st.markdown(f"It goes to **{shown(asked['provider'])}**, and to nobody else. Nothing has been sent yet.")
    st.code(asked["text"], language=None, wrap_lines=True, height=320)
    st.caption(
        "Later calls for the same page send this text again, with handbook passages and the model's own answers."
    )
    with st.container(horizontal=True):
        st.button("Send it", type="primary", on_click=_agree)
        st.button("Use the handbook alone", on_click=_handbook_after_consent)
        st.button("Back to my note", on_click=_back_from_consent)


def doing(job: Job) -> None:
    """What is being done, how far it is, how long it will take, and the way to stop it."""
    if job.state == "waiting":
        pages = "1 page goes" if job.ahead == 1 else f"{job.ahead} pages go"
        text, share = f"Waiting for the model: {pages} first", 0.0
    else:
        progress = job.progress
        text = shown(progress.doing) if progress else "Getting ready"
        share = progress.done / progress.total if progress and progress.total else 0.0
    st.progress(min(share, 1.0), text=f"{text} · {time_left(job, state.jobs().usual_seconds())}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stopping…" if job.stopping else "Stop", on_click=state.stop, disabled=job.stopping, key="stop")
        st.caption("You can leave this page or reload it. What is ready stays.")


def time_left(job: Job, usual: float | None) -> str:
    """How long a run will still take, in words: from its own pace, before that from earlier pages."""
    progress = job.progress
    if job.pace_s is not None and progress and progress.done >= STEPS_FOR_A_PACE:
        return _about(max(job.pace_s * (progress.total - progress.done) - job.since_step_s, job.pace_s / 2))
    if not job.alone:
        return "usually less than a minute"
    if usual is not None:
        return _about(usual - job.seconds)
    return "usually one to three minutes"


def ended(job: Job) -> None:
    """One line on a run that gave no whole page, with the ways on."""
    if job.state == "stopped":
        st.info(
            "Stopped. What was ready is below; it stays in memory."
            if job.page
            else "Stopped before anything was ready."
        )
    elif job.failure:
        st.error(sentence(job.failure.line))
    with st.container(horizontal=True):
        st.button("Use the handbook alone", type="primary", on_click=_again, args=(job.situation, False))
        st.button("Try again with the model", on_click=_again, args=(job.situation, True))
        st.button("Back to my note", on_click=back_to_note, args=(job.situation,))
    if line := st.session_state.pop("problem", None):
        st.error(line)


def back_to_note(situation: Situation) -> None:
    """The form again, with everything that was typed."""
    typed = {"note": situation.text, "role": situation.role or "", "names": ", ".join(situation.names)}
    st.session_state.update(typed | {"history": situation.history or ""})
    state.leave()


def _earlier_page() -> None:
    if st.session_state.get("gone"):
        st.info("That page is no longer in memory: pages stay for two hours, and not after a restart.")
    if last := state.last_job():
        label = "Back to the page that is being made" if last.active else "Back to your last page"
        st.button(label, icon=":material/arrow_back:", type="tertiary", on_click=state.show, args=(last.id,))


def _example() -> None:
    kept = st.session_state.get("kept_note")
    if st.session_state.note == EXAMPLE and kept:
        st.button("Back to my own note", type="tertiary", on_click=_fill, args=(kept,))
    else:
        st.button("Fill in an example", icon=":material/lightbulb:", type="tertiary", on_click=_fill, args=(EXAMPLE,))


def _fill(text: str) -> None:
    st.session_state.kept_note = st.session_state.note
    st.session_state.note = text


def _where_it_runs() -> str:
    try:
        settings = config.settings()
    except FourthrightError as error:
        return shown(str(error))
    place = (
        "No text leaves this machine"
        if settings.embedded
        else f"The model **{shown(settings.model)}** runs elsewhere: you see the exact text before anything is sent"
    )
    return f"{place}. Your page is kept in memory for two hours after you last looked at it, not after a restart."


@quiet
def _submit() -> None:
    typed = st.session_state
    try:
        names = [name for name in typed.names.split(",") if name.strip()]
        situation = intake.situation(typed.note, typed.role, names, typed.history)
    except ManagerError as error:
        typed.problem = sentence(str(error))
        return
    _again(situation, not typed.handbook_only)


@quiet
def _again(situation: Situation, with_model: bool) -> None:
    try:
        if with_model and state.consent_needed():
            _ask_consent(situation)
        else:
            state.start(situation, with_model=with_model)
    except FourthrightError as error:
        st.session_state.problem = sentence(str(error))


def _ask_consent(situation: Situation) -> None:
    from fourthright import consent, llm

    text = consent.first_call(situation, state.engines().get(with_model=False))
    if text is None:  # the safeguards keep the text from every model
        state.start(situation, with_model=False)
        return
    provider = llm.provider(config.settings()) or "this machine"
    st.session_state.consent_asked = {"situation": situation, "provider": provider, "text": text}


def _agree() -> None:
    st.session_state.consent = True
    _again(st.session_state.pop("consent_asked")["situation"], True)


def _handbook_after_consent() -> None:
    _again(st.session_state.pop("consent_asked")["situation"], False)


def _back_from_consent() -> None:
    back_to_note(st.session_state.pop("consent_asked")["situation"])


def _about(seconds: float) -> str:
    if seconds < 8:
        return "a few seconds left"
    if seconds < 55:
        return f"about {10 * round(seconds / 10 + 0.4)} seconds left"
    minutes = round(seconds / 60)
    return f"about {minutes} minute{'s' if minutes > 1 else ''} left"
