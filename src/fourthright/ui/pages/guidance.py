"""Guidance: the handbook to search and read, and the organisation's own documents."""

import streamlit as st

from fourthright.ui import guidance_entry, guidance_search

entry_id = st.query_params.get(guidance_entry.ENTRY)

if entry_id:
    guidance_search.opened(entry_id)
else:
    guidance_search.welcome()
    tab = guidance_search.form()
    if tab == guidance_search.OWN:
        from fourthright.ui import guidance_documents  # the readers load here: the handbook is painted without them

        guidance_documents.draw()
    else:
        guidance_search.draw(tab)
