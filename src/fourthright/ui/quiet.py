"""Bugs in the app as one line: Streamlit would log the whole exception, and its message may quote a manager's text."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from fourthright.errors import FourthrightError

P = ParamSpec("P")


def quiet(draw: Callable[P, None]) -> Callable[P, None]:
    """The same drawing or callback; what goes wrong in it is one line on the screen, and its place on stderr."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except FourthrightError as error:
            st.error(str(error))
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            sys.stderr.write(f"fourthright: {type(error).__name__} at {place.filename}:{place.lineno}\n")
            st.error(
                f"Something broke inside ({type(error).__name__}); this is a bug. Reload to go on: your page is kept."
            )

    return drawn
