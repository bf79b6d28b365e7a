"""What a line rests on, opened over the page: the passage itself first, then the whole entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from fourthright.citing import Cited, behind_expectation, behind_question
from fourthright.domain import Dimension, Source
from fourthright.ui import guidance_entry
from fourthright.ui.components import shown
from fourthright.ui.quiet import quiet

GONE = "This is no longer among your documents: it was removed or replaced."
BOOK = ":material/menu_book:"


@dataclass(frozen=True)
class Citation:
    """What a line cites, and the places of an entry that the line rests on."""

    sources: tuple[Source, ...]
    places: Callable[[Cited], frozenset[str]]


def of_expectation(ids: Sequence[str], sources: Iterable[Source]) -> Citation:
    """What an expectation cites by these ids, of all that its page cites."""
    return Citation(_named(ids, sources), behind_expectation)


def of_question(ids: Sequence[str], sources: Iterable[Source], dimension: Dimension | None, text: str) -> Citation:
    """What a question cites by these ids, of all that its page cites."""
    return Citation(_named(ids, sources), lambda cited: behind_question(cited, dimension, text))


def named(ids: Iterable[str]) -> tuple[Source, ...]:
    """Entries by their ids with the titles that they have now, for a result that lists no sources of its own."""
    found = ((entry_id, guidance_entry.found(entry_id)) for entry_id in ids)
    return tuple(Source(id=entry_id, title=cited.title) for entry_id, cited in found if cited)


def icon(citation: Citation, key: str) -> None:
    """A small button that opens what a line rests on; nothing where it rests on nothing."""
    if not citation.sources:
        return
    titles = "; ".join(source.title for source in citation.sources)
    if st.button(BOOK, key=f"cited-{key}", type="tertiary", help=f"Rests on: {shown(titles)}"):
        show(citation, citation.sources[0].id)


def title(citation: Citation, key: str) -> None:
    """The first entry that a line rests on and the own documents it quotes, as buttons that open them."""
    for source in citation.sources:
        if source is citation.sources[0] or source.text:
            name = f"cited-{key}-{source.id}"
            if st.button(shown(source.title), key=name, type="tertiary", icon=BOOK, help="What this rests on"):
                show(citation, source.id)


def buttons(citation: Citation, key: str) -> None:
    """A button for each entry that a line rests on, with its title; nothing where it rests on nothing."""
    if not citation.sources:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Rests on", width="content")
        for source in citation.sources:
            if st.button(shown(source.title), key=f"rests-{key}-{source.id}", type="tertiary", icon=BOOK):
                show(citation, source.id)


@st.dialog("What this line rests on", width="medium")
@quiet
def show(citation: Citation, first: str) -> None:
    """Opens over the page, so that nothing typed is lost."""
    sources = {source.id: source for source in citation.sources}
    chosen = first
    if len(sources) > 1:
        at = list(sources).index(first)
        chosen = st.selectbox("It rests on", list(sources), at, format_func=lambda i: sources[i].title)
    else:
        st.markdown(f"**{shown(sources[first].title)}**")
    cited = guidance_entry.found(chosen)
    if cited is None:
        _gone(sources[chosen])
    else:
        _entry(cited, citation.places(cited), sources[chosen].text)


def _named(ids: Sequence[str], sources: Iterable[Source]) -> tuple[Source, ...]:
    known = {source.id: source for source in sources}
    return tuple(known[i] for i in dict.fromkeys(ids) if i in known)


def _entry(cited: Cited, places: frozenset[str], quoted: str | None) -> None:
    if cited.shelf == "card":
        with st.container(border=True):
            guidance_entry.marked(cited, places)
        with st.expander("The whole card"):
            guidance_entry.whole(cited, places)
    elif quoted:
        with st.container(border=True):
            st.text(quoted)
        with st.expander("The whole passage"):
            guidance_entry.whole(cited)
    else:
        guidance_entry.whole(cited)
    st.link_button("Open on the Guidance page", guidance_entry.address(cited.id), icon=":material/open_in_new:")


def _gone(source: Source) -> None:
    if source.text:
        st.text(source.text)
    st.info(GONE)
