"""Prepare: a situation in, one page out."""

import streamlit as st

from fourthright.ui import components, state

job = state.job()

if "consent_asked" in st.session_state:
    components.ask_consent()
elif job is None:
    components.welcome()
    components.form()
else:
    from fourthright.ui import result  # editing and its rules load here: the form is painted without them

    if job.active:
        result.growing()
    else:
        result.finished()
