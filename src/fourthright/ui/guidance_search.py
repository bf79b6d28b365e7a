"""Looking through the guidance on the screen: the box, the filters, and what is found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import streamlit as st

from fourthright.browsing import Guidance, Result, Wanted
from fourthright.citing import KINDS
from fourthright.domain import DIMENSIONS, Dimension
from fourthright.entries import Kind
from fourthright.ui import guidance_entry, state
from fourthright.ui.components import shown

Tab = Literal["Cards", "Notes", "Questions", "Your own documents"]
OWN: Tab = "Your own documents"
TABS: tuple[Tab, ...] = ("Cards", "Notes", "Questions", OWN)
PAGE = 20
"""Entries that are listed at once."""
MOST_CHARS = 300
GONE = "There is no such entry here, or no more."
NOTHING = "Nothing here fits these words. Say what you would see or hear, or look through the other parts."
WIDTH = 760


@cache
def guidance() -> Guidance:
    """The handbook, to be looked through."""
    return Guidance(state.knowledge())


def welcome() -> None:
    """What there is to read."""
    handbook = state.knowledge()
    st.title("Guidance")
    st.markdown(
        f"What every page is made from: {len(handbook.cards)} cards on things people do at work, "
        f"{len(handbook.questions)} questions, {len(handbook.notes)} notes on holding the talk, and the documents "
        "you add. Good to read without making a page.",
        width=WIDTH,
    )


def form() -> Tab:
    """The search box and the parts of the guidance; the part that is open."""
    st.text_input(
        "What are you looking for?",
        key="guidance_query",
        persist_state="session",
        max_chars=MOST_CHARS,
        placeholder="keeps missing deadlines · she cries in the talk · who checks the log",
        help="In your own words, typing slips included. It looks for what you mean, in questions for your words.",
        width=WIDTH,
        on_change=_from_the_top,
    )
    st.session_state.setdefault("guidance_tab", TABS[0])
    tab: Tab | None = st.segmented_control(
        "Part", TABS, key="guidance_tab", persist_state="session", label_visibility="collapsed", on_change=_from_the_top
    )
    return tab or TABS[0]


def typed() -> str:
    """What is looked for."""
    return str(st.session_state.guidance_query).strip()


def draw(tab: Tab) -> None:
    """The filters of a part of the handbook, and its entries."""
    query = typed()
    wanted = _wanted(tab, query)
    index = guidance_entry.engine().index if query else None
    parts = guidance()
    found = {
        "Cards": parts.cards(wanted, index),
        "Notes": parts.notes(wanted, index),
        "Questions": parts.questions(wanted),
    }
    listed(found[tab], NOTHING)
    others = [f"{len(results)} in {name}" for name, results in found.items() if name != tab and results]
    if query and others:
        st.caption(f"Also found: {', '.join(others)}.")


def opened(entry_id: str) -> None:
    """One entry, read whole, with the way back to the list."""
    st.button("Back to the list", icon=":material/arrow_back:", on_click=back)
    cited = guidance_entry.found(entry_id)
    if cited is None:
        st.info(GONE)
        return
    st.title(shown(cited.title))
    guidance_entry.whole(cited, go=go)


def listed(results: Sequence[Result], nothing: str) -> None:
    """Results as buttons that open them, some at a time."""
    if not results:
        st.info(nothing, width=WIDTH)
    room = st.session_state.setdefault("guidance_room", PAGE)
    for result in results[:room]:
        with st.container(gap=None, width=WIDTH):
            st.button(
                f"**{shown(result.title)}**", key=f"entry-{result.id}", type="tertiary", on_click=go, args=(result.id,)
            )
            st.caption(shown(result.line))
    if len(results) > room:
        st.button(f"Show more ({len(results) - room} left)", on_click=_more)


def go(entry_id: str) -> None:
    """Opens an entry, and names it in the address."""
    st.query_params[guidance_entry.ENTRY] = entry_id


def back() -> None:
    """The list again, as it was."""
    st.query_params.pop(guidance_entry.ENTRY, None)


def _wanted(tab: Tab, query: str) -> Wanted:
    with st.container(horizontal=True, width=WIDTH):
        if tab != "Cards":
            return Wanted(query=query, dimension=_dimension())
        return Wanted(query=query, family=_family(), kind=_kind())


def _family() -> str | None:
    families = tuple(state.knowledge().families)
    return st.selectbox(
        "Family",
        families,
        None,
        key="guidance_family",
        persist_state="session",
        placeholder="All",
        on_change=_from_the_top,
    )


def _kind() -> Kind | None:
    return st.selectbox(
        "Kind of work",
        tuple(KINDS),
        None,
        key="guidance_kind",
        persist_state="session",
        placeholder="All",
        format_func=lambda kind: KINDS[kind],
        on_change=_from_the_top,
    )


def _dimension() -> Dimension | None:
    return st.selectbox(
        "Which of the four causes",
        DIMENSIONS,
        None,
        key="guidance_dimension",
        persist_state="session",
        placeholder="All",
        on_change=_from_the_top,
    )


def _from_the_top() -> None:
    st.session_state.guidance_room = PAGE


def _more() -> None:
    st.session_state.guidance_room += PAGE
