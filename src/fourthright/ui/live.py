"""What the page would not build on, marked beside the note while it is typed.

A text area tells the app what was typed only when it loses the focus. So a small component listens to it in the
browser and reports its text a moment after the last key. The text goes to this app and nowhere else; nothing is kept
of it but what the marker needs for its next look, in this session's memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from fourthright.ui import state
from fourthright.ui.components import shown
from fourthright.ui.marked import ground, plain
from fourthright.ui.quiet import quiet

if TYPE_CHECKING:
    from fourthright.marking import Mark, Marker

WORDS_AROUND = 6
"""Words that are shown before and after a mark; what stands between two marks is left out where it is longer."""
TOO_LONG = "The note is too long to mark while you type. The page will read all of it."
TITLE = "Worth another look"
WIDTH = 320
"""Pixels: beside the form on a wide screen, so that nothing moves while somebody types; below it on a narrow one."""
MOST_WORDS = 8
"""Words of a mark that are repeated with its reason."""
_WORD = re.compile(r"\S+")

_HTML = '<div class="said" role="status" aria-live="polite"></div>'
_CSS = ".said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }"
_JS = """
const FIELD = ".st-key-note textarea", PAUSE_MS = 500, AGAIN_MS = 1000;

export default function ({ parentElement, data, setTriggerValue }) {
  const kept = (parentElement.kept ??= {});  // this runs again whenever `data` changes: the old listener goes first
  kept.listening?.abort();
  clearInterval(kept.asking);
  kept.listening = new AbortController();
  const report = (field) => {
    clearTimeout(kept.pause);
    if (field.isConnected) setTriggerValue("typed", field.value);
  };
  const onInput = ({ target }) => {
    if (!target.matches?.(FIELD)) return;
    clearTimeout(kept.pause);
    kept.pause = setTimeout(() => report(target), PAUSE_MS);
  };
  const onLeave = ({ target }) => {  // the field itself now tells the app what was typed
    if (target.matches?.(FIELD)) clearTimeout(kept.pause);
  };
  document.addEventListener("input", onInput, { signal: kept.listening.signal });
  document.addEventListener("focusout", onLeave, { signal: kept.listening.signal });
  const ask = (field) => field?.value && report(field);
  if (data.waiting) kept.asking = setInterval(() => ask(document.querySelector(FIELD)), AGAIN_MS);
  const said = parentElement.querySelector(".said");
  if (said.textContent !== data.said) said.textContent = data.said;
  return () => {
    kept.listening.abort();
    clearInterval(kept.asking);
    clearTimeout(kept.pause);
  };
}
"""
_listener = st.components.v2.component("fourthright.live", html=_HTML, css=_CSS, js=_JS, isolate_styles=False)


@st.fragment
@quiet
def marks() -> None:
    """The marks in the note as it stands in the field, with what to do instead; nothing where there is none."""
    note = _note()
    marker = _marker()
    found = marker(note) if marker and note.strip() else ()
    reasons = list(_reasons(note, found))
    said = " ".join(f"{', '.join(words)}: {reason}" for words, reason in reasons)
    with st.container(width=WIDTH):
        _listener(key="live", data={"waiting": marker is None, "said": said}, on_typed_change=_drawn_below)
        if found:
            st.markdown(f"**{TITLE}**  \n{excerpt(note, found)}")
            st.markdown("\n".join(f"- {', '.join(map(ground, words))}  \n  {shown(why)}" for words, why in reasons))
        elif marker and not marker.fits(note):
            st.caption(TOO_LONG)


def excerpt(note: str, found: Sequence[Mark]) -> str:
    """The note as one harmless line with the marks on a coloured ground; long stretches without any are left out."""
    line, end = "", 0
    for mark in found:
        line += plain(_between(note[end : mark.start], opens=end == 0)) + ground(note[mark.start : mark.end])
        end = mark.end
    return line + plain(_between(note[end:], closes=True))


def _drawn_below() -> None:
    """A report only has the marks drawn again."""


def _note() -> str:
    """What the component has just reported; in any other run what the field has told the app itself, which is newer."""
    live = st.session_state.get("live")
    typed = live.get("typed") if live else None
    return str(st.session_state.note if typed is None else typed)


def _marker() -> Marker | None:
    """What marks this session's note; None while the handbook loads, and while this browser's page is being made."""
    engine, last = state.engines().ready(), state.PAGES.last()
    if not engine or (last and last.active):
        return None
    if "marker" not in st.session_state:
        from fourthright.marking import Marker

        st.session_state.marker = Marker(engine)
    kept: Marker = st.session_state.marker
    return kept


def _reasons(note: str, found: Sequence[Mark]) -> Iterator[tuple[list[str], str]]:
    """Each reason once, in the order of the text, with the words it is about."""
    for reason in dict.fromkeys(mark.reason for mark in found):
        words = [_short(note[mark.start : mark.end]) for mark in found if mark.reason == reason]
        yield list({word.lower(): word for word in reversed(words)}.values())[::-1], reason


def _short(words: str) -> str:
    first = words.split()
    return " ".join(first) if len(first) <= MOST_WORDS else " ".join(first[:MOST_WORDS]) + " …"


def _between(stretch: str, *, opens: bool = False, closes: bool = False) -> str:
    """What stands between two marks, without its middle where that is long; at the note's ends without what is far."""
    words = [word.span() for word in _WORD.finditer(stretch)]
    if len(words) <= WORDS_AROUND * (1 if opens or closes else 2):
        return stretch
    head = "" if opens else stretch[: words[WORDS_AROUND - 1][1]] + " "
    tail = "" if closes else " " + stretch[words[-WORDS_AROUND][0] :]
    return f"{head}…{tail}"
