"""The Rewrite page by its parts: phrases typed or uploaded, a table that is changed, downloads, and a stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from fourthright import knowledge, rewriting
from fourthright.citing import EXPECTED, passage
from fourthright.engine import Engine
from fourthright.errors import ModelBusy, WeightsMissing
from fourthright.ui import state
from fourthright.ui.rewrite_result import row_height
from fourthright.ui.runs import RUN

ROOT = Path(__file__).resolve().parents[1]
ACT = "Greets the customer within 10 seconds of arrival"


class Screen:
    """The page with the real handbook, and what is offered for download on it."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: dict[str, Any] = {}
        draw = st.download_button

        def download(label: str, data: Any, **options: Any) -> bool:
            self.files[label] = data
            return draw(label, data, **options)

        monkeypatch.setattr("fourthright.bootstrap.engine", lambda settings, with_model: engine)
        monkeypatch.setattr(st, "download_button", download)
        self.open()

    def open(self, **query: str) -> None:
        """A new session, as after a reload."""
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        self.app.switch_page("src/fourthright/ui/pages/rewrite.py")
        for name, value in query.items():
            self.app.query_params[name] = value
        self.app.run()

    def file(self, kind: str) -> str:
        """A download as text."""
        data = self.files.pop(f"Download {kind}")
        return data if isinstance(data, str) else data.decode("utf-8-sig")

    def press(self, label: str) -> None:
        next(b for b in self.app.button if b.label == label).click()
        self.app.run()
        assert not self.app.exception

    def settle(self) -> None:
        for _ in range(1000):
            if not {"Stop", "Stopping…"} & set(self.labels):
                return
            time.sleep(0.01)
            self.app.run()
        raise AssertionError("the list did not come to an end")

    def make(self, label: str = "Rewrite") -> None:
        self.press(label)
        self.settle()

    def type(self, phrases: str, job: str = "") -> None:
        self.app.text_area(key="rewrite_text").set_value(phrases)
        self.app.text_input(key="rewrite_job").set_value(job)

    def change(self, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]) -> None:
        """Changes cells as a browser does: Streamlit's own test kit cannot reach into a table."""

        def typing(data: object, *, key: str, on_change: Callable[..., None], args: tuple[Any], **_: object) -> None:
            st.session_state[key] = changes
            on_change(*args)

        with monkeypatch.context() as patch:
            patch.setattr(st, "data_editor", typing)
            self.app.run()
        self.app.run()

    @property
    def typed(self) -> str:
        return str(self.app.text_area(key="rewrite_text").value)

    @property
    def labels(self) -> list[str]:
        return [b.label for b in self.app.button]


@pytest.fixture
def screen(engine: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> Screen:
    def missing(settings: object) -> Path:
        raise WeightsMissing("the local model is not here")

    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    monkeypatch.setattr("fourthright.weights.locate", missing)
    return Screen(engine, monkeypatch)


def test_the_example_becomes_a_table_with_three_downloads(screen: Screen) -> None:
    assert not screen.app.toggle
    screen.press("Fill in an example")
    screen.make()
    assert ACT in screen.file("Markdown")
    assert ACT in screen.file("CSV")
    sheet = load_workbook(BytesIO(screen.files["Download XLSX"]())).active
    assert [cell.value for cell in sheet[1]] == list(rewriting.HEADING)
    assert f"{ACT} (proposed)" in [row[1].value for row in sheet]
    assert screen.app.dataframe
    screen.press("Delete")
    assert not screen.app.dataframe
    assert screen.typed.startswith("a positive attitude")


def test_each_line_names_what_it_rests_on_and_opens_it(screen: Screen) -> None:
    screen.type("a positive attitude\nkeeps a secret diary of clouds")
    screen.make()
    assert "What the lines rest on" in [expander.label for expander in screen.app.expander]
    first = next(b for b in screen.app.button if str(b.key).startswith("rests-line-0-"))
    card = passage(str(first.key).removeprefix("rests-line-0-"), knowledge.load())
    assert card is not None
    assert (card.shelf, card.title) == ("card", first.label)
    first.click()
    screen.app.run()
    said = "\n".join(str(part.value) for part in screen.app.markdown)
    assert all(line.text in said for line in card.lines() if line.place in EXPECTED)
    screen.app.selectbox[0].set_value(1)
    screen.app.run()
    asked = [str(b.key) for b in screen.app.button if str(b.key).startswith("rests-asked-")]
    assert len(asked) == 2, "two questions to find out with, where no card fits"


def test_what_is_changed_in_the_table_is_downloaded_and_outlives_another_list(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.type("a positive attitude")
    screen.make()
    screen.change(monkeypatch, {"edited_rows": {0: {"Target": "all of them"}}, "deleted_rows": [1]})
    lines = screen.file("Markdown").splitlines()
    assert "all of them" in lines[2]
    assert len(lines) == 4
    screen.type("more customer focus\na positive attitude")
    screen.make()
    assert screen.file("Markdown").splitlines()[-2:] == lines[-2:]


def test_a_safeguard_stands_above_the_table_and_a_bad_row_in_its_note(screen: Screen) -> None:
    screen.type("too old for this job\n42\nlazy")
    screen.make()
    assert len(screen.app.error) == 1
    assert screen.app.error[0].value.startswith("**REFUSE")
    assert "too old for this job" in screen.app.error[0].value
    assert "**Route:**" in screen.app.error[0].value
    assert "holds a number" in screen.file("Markdown")


def test_phrases_of_a_file_join_the_list_and_an_error_loses_nothing(screen: Screen, caplog: Any) -> None:
    screen.app.file_uploader[0].upload("list.csv", b"name,phrase\nNoor,more drive\nDevon,be nicer\n", "text/csv")
    screen.type("lazy", job="x" * 301)
    screen.app.run()
    with caplog.at_level(logging.DEBUG):
        screen.press("Add its phrases to the list")
        assert "Which column" in screen.app.error[0].value
        assert screen.typed == "lazy"
        screen.app.text_input(key="rewrite_column").set_value("phrase")
        screen.press("Add its phrases to the list")
        assert screen.typed == "lazy\nmore drive\nbe nicer"
        screen.make()
    assert "context is too long" in screen.app.error[0].value
    assert screen.typed == "lazy\nmore drive\nbe nicer"
    assert "nicer" not in caplog.text


class Slow:
    """A rewriter that waits for the test before each phrase but the first, and fails where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        self.go, self.busy = threading.Event(), False
        answer: Callable[..., rewriting.Rewrite] = rewriting.Rewriter.__call__

        def slowly(rewriter: rewriting.Rewriter, phrase: str) -> rewriting.Rewrite:
            self.made.append(phrase)
            if self.busy:
                raise ModelBusy("the model is busy: try again")
            if len(self.made) > 1:
                self.go.wait(30)
            return answer(rewriter, phrase)

        monkeypatch.setattr(rewriting.Rewriter, "__call__", slowly)

    def wait(self, phrases: int) -> None:
        for _ in range(1000):
            if len(self.made) >= phrases:
                return
            time.sleep(0.01)
        raise AssertionError("the list did not get that far")


def test_a_stopped_list_goes_on_where_it_stopped_with_its_changed_cells(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    screen.type("lazy\nrude\nmoody")
    screen.press("Rewrite")
    slow.wait(2)
    screen.app.run()
    assert screen.app.dataframe
    assert screen.app.get("progress")
    screen.press("Stop")
    slow.go.set()
    screen.settle()
    assert screen.app.info[0].value == "Stopped. 2 of 3 phrases are ready."
    screen.change(monkeypatch, {"edited_rows": {0: {"Target": "all of them"}}})
    screen.make("Go on")
    assert slow.made == ["lazy", "rude", "moody"]
    text = screen.file("Markdown")
    assert "| lazy |" in text
    assert "| all of them |" in text
    assert "| moody |" in text
    assert "Go on" not in screen.labels


def test_a_failed_list_keeps_its_rows(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    slow.go.set()
    screen.type("lazy")
    screen.make()
    slow.busy = True
    screen.type("lazy\nrude")
    screen.make()
    assert screen.app.error[0].value == "The model is busy: try again. 1 of 2 phrases are ready."
    assert "| lazy |" in screen.file("Markdown")
    slow.busy = False
    screen.make("Go on")
    assert slow.made == ["lazy", "rude", "rude"]


def test_a_reload_brings_back_the_list_its_table_and_what_was_changed(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourthright.ui.runs.owner", lambda: "one browser")
    screen.type("- lazy\n- rude", job="waiter")
    screen.make()
    screen.change(monkeypatch, {"edited_rows": {0: {"Target": "all of them"}}})
    run = screen.app.query_params[RUN]
    run = run if isinstance(run, str) else run[0]
    screen.open(**{RUN: run})
    assert screen.typed == "- lazy\n- rude"
    assert screen.app.text_input(key="rewrite_job").value == "waiter"
    assert "| all of them |" in screen.file("Markdown")
    screen.open()
    assert screen.typed == ""
    screen.press("Back to your last list")
    assert screen.typed == "- lazy\n- rude"
    assert "| all of them |" in screen.file("Markdown")
    screen.press("Delete")
    screen.open(**{RUN: run})
    assert "no longer in memory" in screen.app.info[0].value
    assert not screen.files.get("Download Markdown")


def test_a_table_beside_a_changed_list_says_so(screen: Screen) -> None:
    screen.type("lazy")
    screen.make()
    assert not screen.app.info
    screen.type("lazy\nrude")
    screen.app.run()
    assert screen.app.info[0].value.startswith("Made from the list before your last change.")
    screen.make("Rewrite again")
    assert not screen.app.info
    assert "| rude |" in screen.file("Markdown")


def test_a_row_is_as_high_as_its_longest_cell() -> None:
    short = ("lazy", "Comes on time", "", "", "", "", "", "a note as long as it likes " * 20)
    assert row_height([short]) < row_height([short, ("lazy", "Comes on time " * 12, *short[2:])]) < 400
