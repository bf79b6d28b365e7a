"""The Rewrite page by its parts: phrases typed or uploaded, a table that is changed, downloads, and a stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from fourthright import rewriting
from fourthright.engine import Engine
from fourthright.errors import ModelBusy, WeightsMissing
from fourthright.ui import rewrite_run, state

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
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        self.app.switch_page("src/fourthright/ui/pages/rewrite.py").run()

    def press(self, label: str) -> None:
        next(b for b in self.app.button if b.label == label).click()
        self.app.run()
        assert not self.app.exception

    def type(self, phrases: str, job: str = "") -> None:
        self.app.text_area(key="rewrite_text").set_value(phrases)
        self.app.text_input(key="rewrite_job").set_value(job)

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
    screen.press("Rewrite")
    assert ACT in screen.files["Download Markdown"]
    assert ACT in screen.files["Download CSV"].decode("utf-8-sig")
    sheet = load_workbook(BytesIO(screen.files["Download XLSX"]())).active
    assert [cell.value for cell in sheet[1]] == list(rewriting.HEADING)
    assert f"{ACT} (proposed)" in [row[1].value for row in sheet]
    assert screen.app.dataframe
    screen.press("Delete")
    assert not screen.app.dataframe
    assert screen.typed.startswith("a positive attitude")


def test_what_is_changed_in_the_table_is_downloaded_and_outlives_another_list(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typing(data: object, *, key: str, **_: object) -> None:
        st.session_state[key] = {"edited_rows": {0: {"Target": "all of them"}}, "deleted_rows": [1]}

    screen.type("a positive attitude")
    with monkeypatch.context() as patch:
        patch.setattr(st, "data_editor", typing)
        screen.press("Rewrite")
    lines = screen.files["Download Markdown"].splitlines()
    assert "all of them" in lines[2]
    assert len(lines) == 4
    screen.type("more customer focus\na positive attitude")
    screen.press("Rewrite")
    assert screen.files["Download Markdown"].splitlines()[-2:] == lines[-2:]


def test_a_safeguard_stands_above_the_table_and_a_bad_row_in_its_note(screen: Screen) -> None:
    screen.type("too old for this job\n42\nlazy")
    screen.press("Rewrite")
    assert len(screen.app.error) == 1
    assert screen.app.error[0].value.startswith("**REFUSE")
    assert "too old for this job" in screen.app.error[0].value
    assert "**Route:**" in screen.app.error[0].value
    assert "holds a number" in screen.files["Download Markdown"]


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
        screen.press("Rewrite")
    assert "context is too long" in screen.app.error[0].value
    assert screen.typed == "lazy\nmore drive\nbe nicer"
    assert "nicer" not in caplog.text
    assert not screen.app.query_params


def test_a_stopped_run_keeps_its_rows_and_makes_only_the_others(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    answer: Callable[..., rewriting.Rewrite] = rewriting.Rewriter.__call__

    def failing_once(self: rewriting.Rewriter, phrase: str) -> rewriting.Rewrite:
        made.append(phrase)
        if made == ["lazy", "rude"]:
            raise ModelBusy("the model is busy: try again")
        return answer(self, phrase)

    monkeypatch.setattr(rewriting.Rewriter, "__call__", failing_once)
    screen.type("lazy\nrude")
    screen.press("Rewrite")
    assert "1 of 2 phrases are ready" in screen.app.error[0].value
    assert "| lazy |" in screen.files["Download Markdown"]
    rewrite_run.stop(screen.app.session_state[rewrite_run.RUN])
    screen.app.run()
    assert screen.app.info[0].value.startswith("Stopped.")
    screen.press("Go on")
    assert made == ["lazy", "rude", "rude"]
    assert "| rude |" in screen.files["Download Markdown"]
    assert "Go on" not in screen.labels


def test_a_hosted_model_is_not_offered(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    screen.app.run()
    assert not screen.app.toggle
    assert any("not offered in the app yet" in caption.value for caption in screen.app.caption)
    screen.type("lazy")
    screen.press("Rewrite")
    run = screen.app.session_state[rewrite_run.RUN]
    assert (run.state, run.with_model) == ("done", False)
