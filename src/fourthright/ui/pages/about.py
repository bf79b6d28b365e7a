"""About: what Fourthright does, what stays here, and the rules it holds every line to."""

import streamlit as st

from fourthright.ui import about

st.title("About Fourthright")
about.purpose()
about.data()
about.method()
about.rules()
