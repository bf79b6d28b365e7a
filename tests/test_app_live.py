"""The marks beside the note, with the real handbook; what happens between two keys is a matter for a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

import sample
from fourthright.engine import Engine
from fourthright.marking import WHY_NOT_A_LABEL, Mark
from fourthright.ui import live, state

ROOT = Path(__file__).resolve().parents[1]
NOTE = "Rosa was late twice last week, I was there. She is just sloppy. Everyone says she is flaky."


@pytest.fixture
def ready(engine: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> None:
    """An app whose handbook has loaded."""
    monkeypatch.setattr("fourthright.bootstrap.engine", lambda settings, *, with_model: engine)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    state.engines().get(with_model=False)


def opened(note: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
    app.text_area(key="note").set_value(note)
    return app.run()


def panel(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in app.markdown[1:])


def test_a_note_shows_its_marks_and_each_reason_once(ready: None) -> None:
    text = panel(opened(NOTE + " He is lazy and sloppy."))
    assert live.TITLE in text
    assert text.count("orange-background[sloppy]") == 3
    assert text.count(WHY_NOT_A_LABEL) == text.count("Told by others.") == 1
    *_, labels, _, hearsay, _ = text.splitlines()
    assert "[sloppy]" in labels
    assert "[lazy]" in labels
    assert "[Everyone says she is flaky]" in hearsay


@pytest.mark.parametrize("note", ["", "  \n ", "On Monday 4 of 20 orders were wrong, I checked the log."])
def test_nothing_stands_beside_an_empty_note_or_a_clean_one(ready: None, note: str) -> None:
    assert panel(opened(note)) == ""


def test_nothing_is_marked_before_the_handbook_has_loaded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None
) -> None:
    monkeypatch.setattr("fourthright.bootstrap.engine", lambda settings, *, with_model: engine)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    assert panel(opened(NOTE)) == ""


def test_nothing_is_marked_while_a_page_is_made(ready: None, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr("fourthright.prepare.prepare", lambda *_, **__: (goes_on.wait(20), sample.ready())[1])
    app = opened(NOTE)
    next(b for b in app.button if b.label == "Make the page").click()
    assert not app.run().text_area
    monkeypatch.setattr(state, "job", lambda: None)  # the form again, as in a second tab
    assert panel(app.run()) == ""
    goes_on.set()
    wait_for(lambda: live.TITLE in panel(app.run()))


def wait_for(happens: Callable[[], bool]) -> None:
    for _ in range(100):
        if happens():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_a_note_too_long_to_mark_says_so(ready: None) -> None:
    app = opened("She is sloppy. " * 500)
    assert panel(app) == ""
    assert live.TOO_LONG in [caption.value for caption in app.caption]


def test_what_stands_far_from_a_mark_is_left_out() -> None:
    far = "one two three four five six seven eight nine ten eleven twelve thirteen"
    note = f"{far} lazy {far} lazy, near lazy {far}"
    starts = [at for at in range(len(note)) if note.startswith("lazy", at)]
    line = live.excerpt(note, [Mark(start=at, end=at + 4, kind="label", reason="-") for at in starts])
    words = line.replace("\u2060:orange-background[lazy]", "LAZY")
    assert words == (
        "… eight nine ten eleven twelve thirteen LAZY one two three four five six … "
        "eight nine ten eleven twelve thirteen LAZY, near LAZY one two three four five six …"
    )


def test_markup_around_and_in_a_mark_stays_text() -> None:
    note = "# <b>He</b> is [la]zy](https://evil.example) and ![x](y)"
    start, end = note.index("[la"), note.index(" and")
    html = MarkdownIt().render(live.excerpt(note, [Mark(start=start, end=end, kind="label", reason="-")]))
    assert not any(tag in html for tag in ("<b>", "<a ", "<img", "<h1"))
