"""The app's entry: which pages there are, and the warm-up behind the first one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fourthright.ui import state
from fourthright.ui.quiet import quiet

PAGES = Path(__file__).resolve().parent / "pages"
ICON = "💬"
"""An emoji is drawn by the browser itself; an icon by name would come from a server elsewhere."""


def main() -> None:
    """Draws the page that the person is on; what is heavy loads in the background afterwards."""
    st.set_page_config(page_title="Fourthright", page_icon=ICON, layout="wide")
    page = st.navigation(
        [
            st.Page(PAGES / "prepare.py", title="Prepare", icon=":material/edit_note:", default=True),
            st.Page(PAGES / "rewrite.py", title="Rewrite", icon=":material/edit:"),
            st.Page(PAGES / "review.py", title="Review", icon=":material/checklist:"),
            st.Page(PAGES / "guidance.py", title="Guidance", icon=":material/menu_book:"),
            st.Page(PAGES / "about.py", title="About", icon=":material/info:"),
        ],
        position="top",
    )
    quiet(page.run)()
    state.warm_up()


if __name__ == "__main__":
    main()
