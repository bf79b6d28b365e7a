"""An entry of the guidance on the screen: the passage a line rests on, and all of the entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

import streamlit as st

from fourthright.citing import Cited, Line, Part, passage
from fourthright.ui import state
from fourthright.ui.components import shown
from fourthright.ui.marked import ground

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.shelf import Passage

Go = Callable[[str], None]

ENTRY = "entry"
"""Name of the open entry's id in the address of the Guidance page."""
OWN = "own-"
"""How the ids of own passages begin."""
ASIDE = ("Find out first", "Likely reaction", "What it is not", "How people say it")
"""Parts of a card that stand beside the others."""
WIDTH = 760
"""Pixels: a line of text that the eye can follow."""


def address(entry_id: str) -> str:
    """Where the Guidance page opens an entry, seen from any page of the app."""
    return f"guidance?{ENTRY}={quote(entry_id, safe='')}"


def found(entry_id: str) -> Cited | None:
    """The entry with an id, from the handbook or the own documents; None when there is none, or no more."""
    return passage(entry_id, state.knowledge(), _own)


def whole(cited: Cited, marks: Collection[str] = (), go: Go | None = None) -> None:
    """All of an entry, what is in `marks` on a coloured ground; `go` opens the look-alike card in place."""
    st.caption(shown(cited.about))
    if cited.shelf != "card":
        _parts(cited, cited.parts, marks)
        _works(cited)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _parts(cited, [part for part in cited.parts if part.title not in ASIDE], marks)
    with right:
        _parts(cited, [part for part in cited.parts if part.title in ASIDE], marks, go)
        _works(cited)


def marked(cited: Cited, marks: Collection[str]) -> None:
    """Only the passage that is meant, under its headings."""
    for part in cited.parts:
        if meant := tuple(line for line in part.lines if line.place in marks):
            _part(cited, part.model_copy(update={"lines": meant}), ())


def engine() -> Engine:
    """The handbook's engine, which searches and keeps the documents; waits for it once."""
    engines = state.engines()
    if made := engines.ready():
        return made
    with st.spinner("Getting the search ready. This takes a moment, once."):
        return engines.get(with_model=False)


def _own(entry_id: str) -> Passage | None:
    if not entry_id.startswith(OWN):
        return None
    made = engine()
    return made.shelf.passage(made.owner, entry_id)


def _parts(cited: Cited, parts: Iterable[Part], marks: Collection[str], go: Go | None = None) -> None:
    for part in parts:
        _part(cited, part, marks)
        if part.title == "What it is not" and cited.unlike:
            _look_alike(cited.unlike, go)


def _part(cited: Cited, part: Part, marks: Collection[str]) -> None:
    with st.container(gap="xsmall"):
        if part.title:
            st.markdown(f"**{part.title}**")
        if cited.shelf == "own":
            for line in part.lines:
                st.text(line.text)
        elif cited.shelf == "note":
            st.markdown("\n\n".join(line.text for line in part.lines), width=WIDTH)
        else:
            body = [_line(line, line.place in marks) for line in part.lines]
            st.markdown(body[0] if len(body) == 1 else "\n".join(f"- {line}" for line in body), width=WIDTH)


def _line(line: Line, mark: bool) -> str:
    heard = f" *(listen for: {shown(line.heard)})*" if line.heard else ""
    return (ground(line.text) if mark else shown(line.text)) + heard


def _look_alike(card_id: str, go: Go | None) -> None:
    if go is None:
        st.link_button("Open the look-alike card", address(card_id), icon=":material/open_in_new:", type="tertiary")
    else:
        st.button(
            "Open the look-alike card", type="tertiary", icon=":material/arrow_forward:", on_click=go, args=(card_id,)
        )


def _works(cited: Cited) -> None:
    if cited.works:
        with st.container(gap="xsmall"):
            st.markdown("**Sources**")
            st.caption("  \n".join(shown(work) for work in cited.works))
