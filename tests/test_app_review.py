"""The Review page: what a person pastes, presses and gets, by the handbook alone."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from fourthright.config import Settings
from fourthright.domain import MAX_SITUATION_CHARS, Finding
from fourthright.engine import Engine
from fourthright.errors import Cancelled, ModelBusy, WeightsMissing
from fourthright.knowledge import Knowledge
from fourthright.reviewed import ReviewedQuestion
from fourthright.reviewing import review
from fourthright.ui import review_form, review_result, state
from fourthright.ui.runs import RUN

ROOT = Path(__file__).resolve().parents[1]
BLAMING = "Why didn't you call the client back?"
TURNED = "What kept you from calling the client back?"


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> AppTest:
    def handbook_alone(settings: Settings, *, with_model: bool) -> Engine:
        assert not with_model
        return engine

    def no_weights(settings: Settings) -> Path:
        raise WeightsMissing("not here")

    monkeypatch.setattr("fourthright.bootstrap.engine", handbook_alone)
    monkeypatch.setattr("fourthright.weights.locate", no_weights)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    return opened()


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("src/fourthright/ui/pages/review.py")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    found = [b for b in app.button if b.label == label]
    assert found, f"no button {label!r} among {[b.label for b in app.button]}"
    found[0].click()
    return app.run()


def settled(app: AppTest) -> AppTest:
    for _ in range(1000):
        if not any(b.label in ("Stop", "Stopping…") for b in app.button):
            return app
        time.sleep(0.01)
        app.run()
    raise AssertionError("the review did not come to an end")


def reviewed(app: AppTest, text: str, about: str = "") -> AppTest:
    app.text_area(key="review_text").set_value(text)
    app.text_area(key="review_about").set_value(about)
    return settled(press(app, "Review the questions"))


def text(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(part.value) for part in (*app.title, *app.subheader, *app.markdown, *app.caption))


def test_the_example_is_one_click_away_and_comes_back_reviewed(app: AppTest, engine: Engine) -> None:
    app.text_area(key="review_text").set_value("What helps?")
    app.run()
    press(app, "Fill in an example")
    settled(press(app, "Review the questions"))
    page, made = text(app), review(review_form.EXAMPLE, engine)
    assert all(note.text in page for note in made.notes)
    assert {proposal.dimension for proposal in made.proposals} == set(made.missing)
    assert all(proposal.text in page for proposal in made.proposals)
    broken = [finding.rule for question in made.questions for finding in question.findings]
    assert {"no-blame", "one-question-at-a-time"} & set(broken)
    assert all(f"**{rule}:**" in page for rule in broken)
    press(app, "Back to my own questions")
    assert app.text_area(key="review_text").value == "What helps?"


def test_before_and_after_stand_side_by_side_and_can_be_taken_along(app: AppTest) -> None:
    reviewed(app, f"{BLAMING}\nWhat gets in your way?", "Noor left the cleaning log blank on four of five days.")
    page = text(app)
    assert ":orange-background[Why didn't you" in page
    assert f"**{TURNED}**" in page
    assert "Question 2 · conflicts" in page
    assert ":orange-badge[clarity missing]" in page
    assert app.code[0].value.startswith(f"{TURNED}\nWhat gets in your way?\n\nTo add:\nclarity: ")
    assert app.get("download_button")
    press(app, "Delete")
    assert not app.code
    assert app.text_area(key="review_text").value == ""


def test_what_the_handbook_proposes_opens_where_it_comes_from(app: AppTest, handbook: Knowledge) -> None:
    reviewed(app, "What gets in your way?", "Noor left the cleaning log blank on four of five days.")
    opening = [b for b in app.button if str(b.key).startswith("rests-proposal-")]
    assert len(opening) == 2 * 3, "two questions for each of the three dimensions that are missing"
    card = handbook.card(str(opening[0].key).removeprefix("rests-proposal-0-"))
    assert opening[0].label == card.fill(card.title)
    opening[0].click()
    page = text(app.run())
    asked = [card.fill(seed.text) for seed in card.questions["clarity"]]
    assert any(f"{question} *(listen for:" in page for question in asked)


def test_a_withheld_question_says_first_whom_to_involve(app: AppTest) -> None:
    reviewed(app, "Are you pregnant?\nWhat gets in your way?")
    assert "**Route:**" in app.error[0].value
    assert "Withheld, see the top." in text(app)
    assert "pregnant" not in app.code[0].value


def test_html_in_a_question_is_shown_as_typed(app: AppTest) -> None:
    hostile = "Why didn't you call <img src=x onerror=alert(1)> :red[x] and [a](b) :smile: $x$ back?"
    reviewed(app, hostile)
    shown = [part.value for part in app.markdown if "onerror" in part.value]
    assert shown
    for body in shown:
        assert set(re.findall(r"<(\w+)", MarkdownIt("commonmark").render(body))) <= {"p", "code", "strong"}
        assert not re.search(r":red\[|(?<!\\)\]\(|:smile:|(?<!\\)\$", body)
    assert "<img" in app.code[0].value
    named = Finding(rule="r", severity="error", quote="a]b:", why="w", better="b")
    text = "x:a]b:c www.evil.example"
    asked = ReviewedQuestion(text=text, purpose="explore", dimension=None, findings=(named,), start=0, end=len(text))
    assert review_result.marked(asked) == ("x:\u2060:orange-background[a\\]b:]c `www.evil.example`")


def test_an_error_is_one_line_and_what_was_typed_stays(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def busy(*_: object, **__: object) -> Any:
        raise ModelBusy("the model is busy: try again in a minute")

    def broken(*_: object, **__: object) -> Any:
        raise RuntimeError(BLAMING)

    for questions, about in (("   ", ""), ("x" * (MAX_SITUATION_CHARS + 1), ""), (BLAMING, "help")):
        reviewed(app, questions, about)
        assert [error.value.count("\n") for error in app.error] == [0]
        assert app.text_area(key="review_text").value == questions
        assert app.text_area(key="review_about").value == about
        assert not app.code
    monkeypatch.setattr("fourthright.reviewing.review", busy)
    reviewed(app, BLAMING)
    assert [error.value for error in app.error] == ["The model is busy: try again in a minute."]
    assert app.text_area(key="review_text").value == BLAMING
    monkeypatch.setattr("fourthright.reviewing.review", broken)
    settled(press(app, "Try again"))
    assert "this is a bug" in app.error[0].value
    assert app.text_area(key="review_text").value == BLAMING
    assert BLAMING not in "".join(capfd.readouterr()) + app.error[0].value


def test_a_bad_text_leaves_the_review_that_is_there(app: AppTest) -> None:
    reviewed(app, BLAMING)
    reviewed(app, "x" * (MAX_SITUATION_CHARS + 1))
    assert "characters fit" in app.error[0].value
    assert TURNED in text(app)


def test_a_review_can_be_stopped_and_made_again(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(*_: object, on_progress: Callable[..., None], cancelled: Callable[[], bool], **__: object) -> Any:
        on_progress("Checking question 1", 0, 9)
        begun.set()
        while not cancelled():
            time.sleep(0.005)
        raise Cancelled("stopped")

    app.text_area(key="review_text").set_value(BLAMING)
    with monkeypatch.context() as patch:
        patch.setattr("fourthright.reviewing.review", endless)
        press(app, "Review the questions")
        assert begun.wait(30)
        app.run()
        assert app.get("progress")[0].proto.text == "Checking question 1 of 9"
        settled(press(app, "Stop"))
    assert app.info[0].value.startswith("Stopped")
    assert app.text_area(key="review_text").value == BLAMING
    assert TURNED in text(settled(press(app, "Try again")))


def test_a_reload_brings_back_the_review_and_what_was_typed(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    about = "Noor left the cleaning log blank on four of five days."
    monkeypatch.setattr("fourthright.ui.runs.owner", lambda: "one browser")
    run = reviewed(app, BLAMING, about).query_params[RUN]
    reloaded = opened(run=run if isinstance(run, str) else run[0])
    assert TURNED in text(reloaded)
    assert reloaded.text_area(key="review_text").value == BLAMING
    assert reloaded.text_area(key="review_about").value == about
    other_tab = press(opened(), "Back to your last review")
    assert TURNED in text(other_tab)
    press(other_tab, "Delete")
    assert TURNED not in text(opened(run=run if isinstance(run, str) else run[0]))


def test_an_address_gives_nothing_to_another_browser(app: AppTest) -> None:
    run = reviewed(app, BLAMING).query_params[RUN]
    stranger = opened(run=run if isinstance(run, str) else run[0])
    assert "no longer in memory" in stranger.info[0].value
    assert TURNED not in text(stranger)


def test_a_review_beside_changed_text_says_so(app: AppTest) -> None:
    reviewed(app, BLAMING)
    assert not app.info
    app.text_area(key="review_text").set_value("What gets in your way?")
    app.run()
    assert app.info[0].value == "Made from the text before your last change. Review again?"
    assert TURNED in text(app)
    settled(press(app, "Review again"))
    assert not app.info
    assert TURNED not in text(app)


def test_the_model_is_offered_only_where_it_can_be_had(
    app: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not app.toggle
    assert "not on this machine" in text(app)
    monkeypatch.setattr("fourthright.weights.locate", lambda settings: Path("model.gguf"))
    assert app.run().toggle(key="review_model").value is False
    app.toggle(key="review_model").set_value(True)
    built: list[bool] = []

    def either(settings: Settings, *, with_model: bool) -> Engine:
        built.append(with_model)
        return engine

    monkeypatch.setattr("fourthright.bootstrap.engine", either)
    assert TURNED in text(reviewed(app, BLAMING))
    assert built == [True]
