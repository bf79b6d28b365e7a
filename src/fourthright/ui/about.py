"""The parts of the About page."""

from __future__ import annotations

import streamlit as st

from fourthright import config
from fourthright.domain import DIMENSIONS, INSPIRE
from fourthright.entries import Rule
from fourthright.errors import FourthrightError
from fourthright.ui import state
from fourthright.ui.components import shown

_GROUPS = {"expectation": "An expectation", "question": "A question", "page": "The page as a whole"}


def purpose() -> None:
    """What it does and what it never does."""
    st.markdown(
        "It helps you prepare one performance conversation. You describe a situation; it sorts what was seen from what "
        "is a judgement, proposes expectations that you can both check, and gives you questions that look for the "
        "cause. Every line says where it comes from, and you can change every line."
    )
    st.markdown(
        "It does not score, rank or predict anyone, does not recommend dismissal, and draws no legal or medical "
        "conclusions. Some situations belong with HR or the emergency services first; then it says so, without goals."
    )


def data() -> None:
    """What stays on this machine."""
    st.subheader("What happens with your text")
    try:
        settings = config.settings()
    except FourthrightError as error:
        st.error(shown(str(error)))
        return
    if settings.embedded:
        st.markdown("The language model runs inside this app. Nothing you type leaves this machine.")
    else:
        st.markdown(
            f"This installation uses **{shown(settings.model)}**, which runs elsewhere. You see the exact text before "
            "the first call of a session, and nothing is sent until you agree."
        )
    st.markdown(
        "Text and page are kept in memory for two hours after you last looked at them, for your browser only. They are "
        "not written to disk or to a log, and a restart of the app removes them."
    )
    st.markdown(
        f"Documents that you add on the Guidance page are kept in {shown(str(settings.data_dir))} until you remove them "
        "there. Their text goes to no language model and leaves this machine in no other way."
    )


def method() -> None:
    """The conversation's frame, with its version."""
    st.subheader("How the conversation is built")
    st.markdown(
        f"The meeting follows INSPIRE in its current version: {', '.join(INSPIRE)}. (An older version says Provide and "
        f"Inquire for Probe and Invite.) Its questions look for four causes: {', '.join(DIMENSIONS)}."
    )


def rules() -> None:
    """Every rule by name, with its reason and source."""
    st.subheader("The rules")
    st.markdown("A line that breaks a rule is repaired once, and otherwise replaced by a handbook card.")
    try:
        handbook = state.knowledge()
    except FourthrightError as error:
        st.error(shown(str(error)))
        return
    works = {work.id: f"{work.title}, {work.by}" for work in handbook.works}
    for kind, title in _GROUPS.items():
        st.markdown(f"**{title}**")
        for rule in handbook.rules:
            if rule.applies_to == kind:
                _rule(rule, works[rule.source])


def _rule(rule: Rule, source: str) -> None:
    with st.expander(f"{rule.id}: {shown(rule.text)}"):
        st.markdown(shown(rule.reason))
        st.caption(f"Source: {shown(source)}")
