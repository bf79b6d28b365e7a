"""Pieces of the pages that stand on their own: the form, the consent, what is being done, how a run ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from fourthright import config, intake
from fourthright.domain import Situation
from fourthright.errors import FourthrightError, ManagerError
from fourthright.export.plain import escape
from fourthright.jobs import Job
from fourthright.ui import state
from fourthright.ui.quiet import quiet
from fourthright.ui.state import PageJob

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
FORM_WIDTH, OLDER_WIDTH = 760, 560
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
    from fourthright.ui import asking

    asked = st.session_state.consent_asked
    asking.ask(
        asked["provider"],
        asked["text"],
        "Later calls for the same page send this text again, with handbook passages and the model's own answers.",
        send=_agree,
        alone=_handbook_after_consent,
        back=("Back to my note", _back_from_consent),
    )


def doing(job: Job[Any, Any], left: str, stop: Callable[[], None]) -> None:
    """What is being done, how far it is, how long it will take, and the way to stop it."""
    if job.state == "waiting":
        others = "1 other goes" if job.ahead == 1 else f"{job.ahead} others go"
        text, share = f"Waiting for the model: {others} first", 0.0
    else:
        progress = job.progress
        text = shown(progress.doing) if progress else "Getting ready"
        share = progress.done / progress.total if progress and progress.total else 0.0
    st.progress(min(share, 1.0), text=f"{text} · {left}" if left else text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stopping…" if job.stopping else "Stop", on_click=stop, disabled=job.stopping, key="stop")
        st.caption("You can leave this page or reload it. What is ready stays.")


class Problem:
    """One line on what was typed, shown until it is changed: a page that is drawn twice in a row does not lose it."""

    def __init__(self, name: str, fields: tuple[str, ...]) -> None:
        self._name, self._fields = name, fields

    def tell(self, error: FourthrightError) -> None:
        """Shows an error from now on."""
        st.session_state[self._name] = (sentence(str(error)), self._typed())

    def clear(self) -> None:
        """Shows nothing any more."""
        st.session_state.pop(self._name, None)

    def line(self) -> str | None:
        """What is to be shown; None once anything was changed."""
        line, typed = st.session_state.get(self._name, (None, None))
        return line if typed == self._typed() else None

    def _typed(self) -> tuple[object, ...]:
        return tuple(st.session_state.get(field) for field in self._fields)


def paced(job: Job[Any, Any]) -> str:
    """How long a list will still take, in words; empty before its own pace says something."""
    known = job.pace_s is not None and job.progress is not None and job.progress.done >= STEPS_FOR_A_PACE
    return time_left(job, None) if known else ""


def older_line(line: str, again: str, make: Callable[[], None]) -> None:
    """One line on a result that stands beside text which was changed since, with the way to make it anew."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(line, icon=":material/history:", width=OLDER_WIDTH)
        st.button(again, on_click=make)


def time_left(job: Job[Any, Any], usual: float | None) -> str:
    """How long a run will still take, in words: from its own pace, before that from earlier pages."""
    progress = job.progress
    if job.pace_s is not None and progress and progress.done >= STEPS_FOR_A_PACE:
        return _about(max(job.pace_s * (progress.total - progress.done) - job.since_step_s, job.pace_s / 2))
    if not job.alone:
        return "usually less than a minute"
    if usual is not None:
        return _about(usual - job.seconds)
    return "usually one to three minutes"


def ended(job: PageJob) -> None:
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
        st.button("Use the handbook alone", type="primary", on_click=_again, args=(job.asked, False))
        st.button("Try again with the model", on_click=_again, args=(job.asked, True))
        st.button("Back to my note", on_click=back_to_note, args=(job.asked,))
    if line := st.session_state.pop("problem", None):
        st.error(line)


def back_to_note(situation: Situation) -> None:
    """The form again, with everything that was typed."""
    typed = {"note": situation.text, "role": situation.role or "", "names": ", ".join(situation.names)}
    st.session_state.update(typed | {"history": situation.history or ""})
    state.leave()


def _earlier_page() -> None:
    if state.PAGES.gone():
        st.info("That page is no longer in memory: pages stay for two hours, and not after a restart.")
    if last := state.PAGES.last():
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
