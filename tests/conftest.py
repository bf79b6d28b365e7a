"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees the default settings, whatever the shell has exported."""
    for name in ("MODEL", "API_BASE", "ALLOW_HOSTED", "TIMEOUT_S", "PORT"):
        monkeypatch.delenv(f"FOURTHRIGHT_{name}", raising=False)


@pytest.fixture
def fresh_app() -> Iterator[None]:
    """The app's process-wide parts, made anew for one test."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
