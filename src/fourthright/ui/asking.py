"""Before a model that runs elsewhere gets anything: where the work is done, and who would get which text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

import streamlit as st

from fourthright import config
from fourthright.errors import FourthrightError, WeightsMissing
from fourthright.jobs import AskedT
from fourthright.ui import state
from fourthright.ui.components import sentence, shown

if TYPE_CHECKING:
    from fourthright.engine import Engine

KEPT = "Your text and the result stay in memory for two hours after you last looked at them, not after a restart."
LOCAL = "No text leaves this machine."
MISSING = f"The local model is not on this machine: the handbook alone answers. {LOCAL}"


@dataclass(frozen=True)
class Place:
    """Where the work is done: whether a model can be had, and a sentence on it."""

    model: bool
    says: str


@dataclass(frozen=True)
class Question(Generic[AskedT]):
    """What the person asked for, and the first text that would leave this machine for it."""

    asked: AskedT
    provider: str
    text: str


def place() -> Place:
    """Where a list of phrases or of questions would be worked on."""
    from fourthright import weights

    try:
        settings = config.settings()
        if not settings.embedded:
            model = f"The model **{shown(settings.model)}** runs elsewhere"
            if settings.allow_hosted:
                return Place(True, f"{model}: you see the exact text before anything is sent.")
            return Place(False, f"{model} and may get no text here: the handbook alone answers. {LOCAL}")
        weights.locate(settings)
    except WeightsMissing:
        return Place(False, MISSING)
    except FourthrightError as error:
        return Place(False, sentence(str(error)))
    return Place(True, LOCAL)


class Pending(Generic[AskedT]):
    """What a session has to say yes or no to before a hosted model gets a text; kept until it is answered."""

    def __init__(self, name: str) -> None:
        self._key = f"{name}_consent"

    def raised(self, asked: AskedT, use: Callable[[Engine], object]) -> bool:
        """Whether `use` would send something with the hosted model; then the question is kept for the person."""
        from fourthright import consent, llm

        text = consent.first_text(use, state.engines().get(with_model=False))
        if text is not None:
            provider = llm.provider(config.settings()) or "this machine"
            st.session_state[self._key] = Question(asked, provider, text)
        return text is not None

    def question(self) -> Question[AskedT] | None:
        """The question that is open in this session."""
        found: Question[AskedT] | None = st.session_state.get(self._key)
        return found

    def answered(self) -> AskedT:
        """Closes the question; what had been asked for. KeyError when none is open."""
        closed: Question[AskedT] = st.session_state.pop(self._key)
        return closed.asked


def ask(
    provider: str,
    text: str,
    later: str,
    *,
    send: Callable[[], None],
    alone: Callable[[], None],
    back: tuple[str, Callable[[], None]],
) -> None:
    """Who would get which text, word for word, before the first call of a session; nothing is sent until `send`."""
    st.subheader("This text would leave this machine")
    st.markdown(f"It goes to **{shown(provider)}**, and to nobody else. Nothing has been sent yet.")
    st.code(text, language=None, wrap_lines=True, height=320)
    st.caption(later)
    with st.container(horizontal=True):
        st.button("Send it", type="primary", on_click=_agreed, args=(send,))
        st.button("Use the handbook alone", on_click=alone)
        st.button(back[0], on_click=back[1])


def _agreed(send: Callable[[], None]) -> None:
    st.session_state.consent = True
    send()
