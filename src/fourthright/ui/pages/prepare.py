"""Prepare: a situation in, one page out."""

import streamlit as st

from fourthright.ui import components, live, state

job = state.job()

if "consent_asked" in st.session_state:
    components.ask_consent()
elif job is None:
    components.welcome()
    with st.container(horizontal=True, gap="large"):
        components.form()
        live.marks()
else:
    from fourthright.ui import result  # editing and its rules load here: the form is painted without them

    if job.active:
        result.growing()
    else:
        result.finished()
