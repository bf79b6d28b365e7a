"""Prepare: a situation in, one page out."""

import streamlit as st

from fourthright.ui import components, state

job = state.job()

if job is not None:
    from fourthright.ui import result  # editing and its rules load here: the form is painted without them

    result.growing() if job.active else result.finished()
elif "consent_asked" in st.session_state:
    components.ask_consent()
else:
    components.welcome()
    components.form()
