"""The organisation's own documents on the Guidance page: add, look into, replace, remove.

Their text was written by others: it is shown as plain text, never as Markdown or HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from fourthright import browsing, config
from fourthright.documents.kinds import ENDINGS, MOST_BYTES
from fourthright.errors import FourthrightError
from fourthright.ui import guidance_entry, guidance_search
from fourthright.ui.components import sentence, shown
from fourthright.ui.guidance_search import WIDTH
from fourthright.ui.quiet import quiet

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from fourthright.shelf import Held, Shelf

TYPES = [ending.removeprefix(".") for ending in ENDINGS]
MB = 1_000_000
NOTHING = "Nothing in your documents fits these words."
PAGE = 20
"""Passages that are shown at once."""
OPEN, OUTCOME, ROUND, ROOM = "own_open", "own_outcome", "own_round", "own_room"
"""In the session: what is open for which document; lines on the last change; a number that empties the upload boxes; how
many passages are shown."""


def draw() -> None:
    """What is kept and where, the passages that fit the search, and every document."""
    made = guidance_entry.engine()
    _promise()
    if query := guidance_search.typed():
        found = browsing.own(made.shelf.search(made.owner, query, browsing.MOST_FOUND))
        guidance_search.listed(found, NOTHING)
    _outcome()
    _add(made.shelf, made.owner)
    for held in made.shelf.documents(made.owner):
        with st.container(border=True, width=WIDTH):
            _document(made.shelf, made.owner, held)


def _promise() -> None:
    st.markdown(
        "Policies, values, role descriptions, your competency model. A page quotes them by name, with page and heading.",
        width=WIDTH,
    )
    st.caption(
        f"Stored on this machine only, in {shown(str(config.settings().data_dir))}. Never sent anywhere, never given to "
        "the language model. Anyone who can use this installation can read them.",
        width=WIDTH,
    )


def _outcome() -> None:
    """What came of the last change, a line for each file."""
    for went_well, line in st.session_state.get(OUTCOME, ()):
        (st.success if went_well else st.error)(line, width=WIDTH)


def _add(shelf: Shelf, owner: str) -> None:
    files = st.file_uploader(
        "Add documents",
        TYPES,
        accept_multiple_files=True,
        key=f"own-files-{_round()}",
        max_upload_size=MOST_BYTES // MB,
        width=WIDTH,
    )
    if st.button("Add to the guidance", type="primary", disabled=not files):
        _keep([(file, lambda name, data: shelf.add(owner, name, data)) for file in files])


def _document(shelf: Shelf, owner: str, held: Held) -> None:
    st.markdown(f"**{shown(held.name)}**")
    st.caption(_facts(held))
    with st.container(horizontal=True):
        for label, doing in (("Read", "read"), ("Replace", "replace"), ("Remove", "remove")):
            st.button(label, key=f"own-{doing}-{held.id}", type="tertiary", on_click=_open, args=(doing, held.id))
    opened = st.session_state.get(OPEN)
    if opened == ("read", held.id):
        _passages(shelf, owner, held)
    elif opened == ("replace", held.id):
        _replace(shelf, owner, held)
    elif opened == ("remove", held.id):
        _confirm(shelf, owner, held)


def _facts(held: Held) -> str:
    facts = [
        *([_count(held.pages, "page")] if held.pages else []),
        _count(held.passages, "passage"),
        _size(held.size),
        f"added {held.added.astimezone():%d %B %Y}".replace(" 0", " "),
        *([f"{_count(held.left_out, 'passage')} hidden from the eye left out"] if held.left_out else []),
    ]
    return " · ".join(facts)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / 1000))} KB"


def _passages(shelf: Shelf, owner: str, held: Held) -> None:
    passages = shelf.passages(owner, held.id)
    room = st.session_state.setdefault(ROOM, PAGE)
    for passage in passages[:room]:
        place = [*([f"Page {passage.page}"] if passage.page else []), *([passage.heading] if passage.heading else [])]
        with st.container(gap=None):
            st.caption(" · ".join(map(shown, place)) or "Without a heading")
            st.text(passage.text)
    if len(passages) > room:
        st.button(f"Show more ({len(passages) - room:,} left)", key="own-more", on_click=_more)


def _replace(shelf: Shelf, owner: str, held: Held) -> None:
    file = st.file_uploader(
        f"The new version of {shown(held.name)}",
        TYPES,
        key=f"own-file-{held.id}-{_round()}",
        max_upload_size=MOST_BYTES // MB,
    )
    st.caption("Until the new version is read, the old one stays.")
    if st.button("Put it in its place", type="primary", disabled=file is None) and file is not None:
        _keep([(file, lambda name, data: shelf.replace(owner, held.id, name, data))])


def _confirm(shelf: Shelf, owner: str, held: Held) -> None:
    st.markdown(f"Remove **{shown(held.name)}** and its {_count(held.passages, 'passage')} for good? There is no undo.")
    with st.container(horizontal=True):
        st.button("Remove for good", type="primary", on_click=_remove, args=(shelf, owner, held))
        st.button("Keep it", on_click=_open, args=("remove", held.id))


def _keep(files: Sequence[tuple[UploadedFile, Callable[[str, bytes], Held]]]) -> None:
    """Keeps each file by itself: a refused one is one line, and the others go on."""
    outcome: list[tuple[bool, str]] = []
    for file, keep in files:
        name = shown(PurePath(file.name).name)
        with st.spinner(f"Reading {name}. A long document takes a while."):
            try:
                held = keep(file.name, file.getvalue())
            except FourthrightError as error:
                outcome.append((False, f"**{name}:** {sentence(str(error))}"))
            else:
                outcome.append((True, f"**{shown(held.name)}** is kept: {_facts(held)}."))
    st.session_state.update({OUTCOME: outcome, OPEN: None, ROUND: _round() + 1})
    st.rerun()


@quiet
def _remove(shelf: Shelf, owner: str, held: Held) -> None:
    try:
        shelf.remove(owner, held.id)
        line = (True, f"**{shown(held.name)}** is removed for good.")
    except FourthrightError as error:
        line = (False, sentence(str(error)))
    st.session_state.update({OUTCOME: [line], OPEN: None})


def _open(doing: str, document_id: str) -> None:
    """Opens what can be done with a document, or closes it where it is open."""
    asked = (doing, document_id)
    closed = st.session_state.get(OPEN) == asked
    st.session_state.update({OPEN: None if closed else asked, OUTCOME: [], ROOM: PAGE})


def _more() -> None:
    st.session_state[ROOM] += PAGE


def _round() -> int:
    number: int = st.session_state.setdefault(ROUND, 0)
    return number
