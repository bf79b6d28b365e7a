"""Streamlit entry for a checkout: `streamlit run app.py`."""

from fourthright.ui.app import main

main()
