"""The app by its parts: what a person types, sees and presses. The engine is scripted, so that time stands still."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

import sample
from fourthright import knowledge
from fourthright.citing import EXPECTED, Cited, passage
from fourthright.domain import Prep, Progress, Situation, Source
from fourthright.embedding import MiniLM
from fourthright.errors import Cancelled, WeightsMissing
from fourthright.jobs import Job
from fourthright.shelf import Shelf
from fourthright.ui import citations, components, state
from fourthright.ui.runs import RUN

ROOT = Path(__file__).resolve().parents[1]
NOTE = sample.TEXT


class Script:
    """A scripted engine and `prepare`: it keeps what it was asked, and goes on when the test says so."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()
        self.asked: list[tuple[Situation, bool]] = []
        self.missing = False
        self.result = sample.ready()

    def engine(self, settings: object, *, with_model: bool) -> bool:
        if with_model and self.missing:
            raise WeightsMissing("the local model is not here: run `fourthright models pull`")
        return with_model

    def prepare(
        self,
        situation: Situation,
        engine: bool,
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> Prep:
        self.asked.append((situation, engine))
        half = self.result.model_copy(update={"expectations": self.result.expectations[:1], "gaps": ()})
        on_progress(Progress(doing="Writing the expectations", done=2, total=8, page=half))
        self.begun.set()
        while not self.go.wait(0.005):
            if cancelled():
                raise Cancelled("stopped")
        return self.result


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> Script:
    made = Script()
    monkeypatch.setattr("fourthright.bootstrap.engine", made.engine)
    monkeypatch.setattr("fourthright.prepare.prepare", made.prepare)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    return made


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def button(app: AppTest, label: str) -> Any:
    found = [b for b in app.button if b.label == label]
    assert found, f"no button {label!r} among {[b.label for b in app.button]}"
    return found[0]


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click()
    return app.run()


def edit(app: AppTest, key: str) -> AppTest:
    app.button(key=f"open-{key}").click()
    return app.run()


def made(app: AppTest, note: str = NOTE) -> AppTest:
    app.text_area(key="note").set_value(note)
    press(app, "Make the page")
    return settled(app)


def settled(app: AppTest) -> AppTest:
    for _ in range(200):
        if not any(b.label in ("Stop", "Stopping…") for b in app.button):
            return app
        time.sleep(0.01)
        app.run()
    raise AssertionError("the page did not come to an end")


def text(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(part.value) for part in (*app.title, *app.subheader, *app.markdown, *app.caption))


def test_the_first_page_is_the_form(script: Script) -> None:
    app = opened()
    assert app.title[0].value == "Prepare one honest conversation"
    assert button(app, "Make the page")
    assert "kept in memory for two hours" in text(app)
    assert "not after a restart" in text(app)
    assert script.asked == []


def test_a_situation_becomes_a_page(script: Script) -> None:
    app = opened()
    app.text_input(key="names").set_value("Noor, Devon")
    app.text_input(key="role").set_value("returns desk")
    app.text_area(key="history").set_value("Asked in May.")
    made(app)
    assert script.asked == [
        (Situation(text=NOTE, role="returns desk", names=("Noor", "Devon"), history="Asked in May."), True)
    ]
    page = text(app)
    assert app.title[0].value == "Noor, returns desk"
    for line in (
        sample.SCANNING.behaviour,
        sample.WAITING.behaviour,
        "Who else shelves on Mondays?",
        "Do you believe she can?",
    ):
        assert line in page
    assert "at most 4 of 40 not scanned (proposed)" in page
    assert "85 in 100 (computed)" in page
    for question in sample.ready().agenda.questions:
        assert question.text in page


def test_the_example_is_one_click_away_and_the_own_note_comes_back(script: Script) -> None:
    app = opened()
    app.text_area(key="note").set_value("Tom was late again on Monday.")
    app.run()
    press(app, "Fill in an example")
    assert app.text_area(key="note").value.startswith("Marta runs the returns desk")
    press(app, "Back to my own note")
    assert app.text_area(key="note").value == "Tom was late again on Monday."


@pytest.mark.parametrize(
    "bad", ["", "help", "😀😀 🎉", "Klaus kommt jeden Tag zu spät und macht nichts.", "x " * 11_000]
)
def test_bad_input_is_one_line_and_the_typed_text_stays(script: Script, bad: str) -> None:
    app = opened()
    app.text_area(key="note").set_value(bad)
    press(app, "Make the page")
    assert len(app.error) == 1
    assert "\n" not in app.error[0].value
    assert app.text_area(key="note").value == bad
    assert script.asked == []


def test_progress_shows_what_is_done_and_what_is_ready(script: Script) -> None:
    script.go.clear()
    app = opened()
    app.text_area(key="note").set_value(NOTE)
    press(app, "Make the page")
    assert script.begun.wait(5)
    app.run()
    bar = app.get("progress")[0]
    assert "Writing the expectations" in bar.proto.text
    assert "one to three minutes" in bar.proto.text
    assert sample.SCANNING.behaviour in text(app)
    assert sample.WAITING.behaviour not in text(app)
    script.go.set()
    settled(app)
    assert sample.WAITING.behaviour in text(app)


@pytest.mark.parametrize(
    ("done", "pace", "since", "usual", "words"),
    [
        (0, None, 0.0, None, "one to three minutes"),
        (2, 30.0, 0.0, None, "one to three minutes"),
        (2, 30.0, 0.0, 50.0, "about 40 seconds left"),
        (4, 10.0, 5.0, 50.0, "about 1 minute left"),
        (4, 20.0, 0.0, 50.0, "about 2 minutes left"),
        (9, 10.0, 9.0, None, "a few seconds left"),
    ],
)
def test_the_time_left_in_words(done: int, pace: float | None, since: float, usual: float | None, words: str) -> None:
    job = Job(
        id="j",
        alone=True,
        asked=Situation(text=NOTE),
        state="running",
        stopping=False,
        ahead=0,
        progress=Progress(doing="Writing", done=done, total=10),
        pace_s=pace,
        since_step_s=since,
        page=None,
        seconds=10.0,
        failure=None,
    )
    assert words in components.time_left(job, usual)


def test_stop_keeps_what_is_ready_and_the_note(script: Script) -> None:
    script.go.clear()
    app = opened()
    app.text_area(key="note").set_value(NOTE)
    press(app, "Make the page")
    assert script.begun.wait(5)
    settled(press(app, "Stop"))
    assert "Stopped." in app.info[0].value
    assert sample.SCANNING.behaviour in text(app)
    press(app, "Back to my note")
    assert app.text_area(key="note").value == NOTE


def test_a_missing_model_is_one_line_and_the_handbook_one_click_away(script: Script) -> None:
    script.missing = True
    app = made(opened())
    assert "models pull" in app.error[0].value
    settled(press(app, "Use the handbook alone"))
    assert script.asked == [(Situation(text=NOTE), False)]
    assert sample.SCANNING.behaviour in text(app)


def test_the_handbook_alone_by_the_switch(script: Script) -> None:
    app = opened()
    app.toggle(key="handbook_only").set_value(True)
    made(app)
    assert script.asked == [(Situation(text=NOTE), False)]


def test_an_expectation_is_changed_in_place_and_the_rules_run_again(script: Script) -> None:
    app = edit(made(opened()), "expectation-e1")
    assert "Written by the model for this situation." in text(app)
    assert "Scanning before shelving" in [b.label for b in app.button]
    app.text_input(key="typed-e1-behaviour").set_value("Shows a better attitude")
    app.text_input(key="typed-e1-target").set_value("at most 2 of 40 not scanned")
    press(app, "Save")
    page = text(app)
    assert "Shows a better attitude" in page
    assert "at most 2 of 40 not scanned (proposed)" in page
    assert "-badge[" in page
    assert sample.WAITING.behaviour in page
    edit(app, "expectation-e1")
    assert "Changed by you." in text(app)
    assert any("behaviour-observable" in warning.value for warning in app.warning)


def citing(script: Script, *ids: str) -> tuple[Cited, ...]:
    """Has the scripted page cite these entries of the handbook for its first expectation and its first question."""
    found = tuple(cited for i in ids if (cited := passage(i, knowledge.load())))
    page = script.result
    first, asked = page.expectations[0], page.agenda.questions[0]
    line, question = (each.model_copy(update={"sources": ids}) for each in (first, asked))
    agenda = page.agenda.model_copy(update={"questions": (question, *page.agenda.questions[1:])})
    sources = tuple(Source(id=cited.id, title=cited.title) for cited in found)
    changes = {"expectations": (line, *page.expectations[1:]), "agenda": agenda, "sources": sources}
    script.result = page.model_copy(update=changes)
    return found


def test_what_a_line_rests_on_opens_over_the_page_at_the_passage(script: Script) -> None:
    card, note = citing(script, "shift-started-on-time", "targets-are-proposals")
    app = made(opened())
    app.button(key="cited-expectation-e1-shift-started-on-time").click()
    app.run()
    meant = {line.text for line in card.lines() if line.place in EXPECTED}
    assert len(meant) == len(EXPECTED)
    assert all(line in text(app) for line in meant)
    assert sample.SCANNING.behaviour in text(app), "the page stays behind it"
    (link,) = app.get("link_button")[-1:]
    assert link.proto.url == "guidance?entry=shift-started-on-time"
    assert app.selectbox[0].options == [card.title, note.title]
    app = edit(app, "expectation-e1")
    assert next(note.lines()).text in text(press(app, note.title))


def test_a_question_opens_at_the_question_of_the_card_it_comes_from(script: Script) -> None:
    (card,) = citing(script, "shift-started-on-time")
    asked = script.result.agenda.questions[0]
    assert asked.dimension
    (first, second) = (line for line in card.lines() if line.place.startswith(f"{asked.dimension}-"))
    question = asked.model_copy(update={"text": second.text})
    agenda = script.result.agenda.model_copy(update={"questions": (question, *script.result.agenda.questions[1:])})
    script.result = script.result.model_copy(update={"agenda": agenda})
    app = made(opened())
    app.button(key=f"cited-question-{asked.id}").click()
    app.run()
    opening = text(app).index(f"{second.text} *(listen for: {second.heard})*")
    assert first.text not in text(app)[:opening]


def test_a_passage_of_an_own_document_is_quoted_by_name_also_when_the_document_is_gone(
    script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, embedder: MiniLM
) -> None:
    shelf, words = Shelf(tmp_path / "shelf.sqlite", embedder), "Parcels are scanned before they go on the shelf"
    held = shelf.add("me", "House <b>rules</b>.md", f"# Desk\n\n{words}. The desk closes at six.\n".encode())
    (quoted,) = shelf.passages("me", held.id)
    first = script.result.expectations[0].model_copy(update={"sources": (quoted.id,)})
    source = Source(id=quoted.id, title=quoted.title, text=f"{words} …")
    changes = {"expectations": (first, *script.result.expectations[1:]), "sources": (source,)}
    script.result = script.result.model_copy(update=changes)
    monkeypatch.setattr("fourthright.ui.guidance_entry.engine", lambda: SimpleNamespace(shelf=shelf, owner="me"))
    app = made(opened())
    button = app.button(key=f"cited-expectation-e1-{quoted.id}")
    assert components.shown(quoted.title) == button.label
    button.click()
    assert [part.value for part in app.run().text] == [f"{words} …", quoted.text]
    shelf.remove("me", held.id)
    app.button(key=f"cited-expectation-e1-{quoted.id}").click()
    assert [part.value for part in app.run().text] == [f"{words} …"]
    assert app.info[-1].value == citations.GONE


def test_a_source_that_is_gone_says_so(script: Script) -> None:
    app = edit(made(opened()), "expectation-e1")
    press(app, "Scanning before shelving")
    assert app.info[-1].value == citations.GONE


def test_an_emptied_line_is_one_error_and_nothing_is_lost(script: Script) -> None:
    app = edit(made(opened()), "question-q1")
    app.text_area(key="typed-q1").set_value("  ")
    press(app, "Save")
    assert "empty" in app.error[0].value
    assert "What does a trolley that is done look like to you?" in text(app)


def test_a_line_is_removed_and_undo_brings_it_back(script: Script) -> None:
    app = edit(made(opened()), "gaps-0")
    press(app, "Remove")
    assert "Who else shelves on Mondays?" not in text(app)
    press(app, "Undo")
    assert "Who else shelves on Mondays?" in text(app)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("step-Notice", "typed-Notice"),
        ("your_part-0", "typed-your_part-0"),
        ("gut_check-0", "typed-gut_check-0"),
        ("follow_up-1", "typed-follow_up-1"),
        ("likely_reaction-0", "typed-likely_reaction-0"),
        ("question-q9", "typed-q9"),
    ],
)
def test_every_kind_of_line_can_be_changed(script: Script, key: str, typed: str) -> None:
    app = edit(made(opened()), key)
    app.text_area(key=typed).set_value("My own words stand here now")
    press(app, "Save")
    assert "My own words stand here now" in text(app)


def test_copies_and_the_download_carry_the_changes(script: Script) -> None:
    app = edit(made(opened()), "expectation-e1")
    app.text_input(key="typed-e1-first_step").set_value("scans the very next trolley alone")
    press(app, "Save")
    page, sheet = (code.value for code in app.code)
    assert "scans the very next trolley alone" in page
    assert "scans the very next trolley alone" in sheet
    assert page.startswith("# Noor, returns desk")
    assert "disorganised" not in sheet
    assert app.get("download_button")


def test_the_page_survives_another_page_and_a_reload_of_its_address(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourthright.ui.runs.owner", lambda: "one browser")
    app = edit(made(opened()), "gaps-0")
    press(app, "Remove")
    run = app.query_params[RUN]
    app.switch_page("src/fourthright/ui/pages/about.py").run()
    assert app.title[0].value == "About Fourthright"
    reloaded = opened(run=run if isinstance(run, str) else run[0])
    assert sample.SCANNING.behaviour in text(reloaded)
    assert "Who else shelves on Mondays?" not in text(reloaded)
    elsewhere = opened()
    press(elsewhere, "Back to your last page")
    assert sample.SCANNING.behaviour in text(elsewhere)


def test_an_address_gives_nothing_to_another_browser(script: Script) -> None:
    app = made(opened())
    run = app.query_params[RUN]
    stranger = opened(run=run if isinstance(run, str) else run[0])
    assert stranger.title[0].value == "Prepare one honest conversation"
    assert "no longer in memory" in stranger.info[0].value
    assert sample.SCANNING.behaviour not in text(stranger)


def test_delete_drops_the_page(script: Script) -> None:
    app = press(made(opened()), "Delete")
    assert app.title[0].value == "Prepare one honest conversation"
    assert not [b for b in app.button if b.label.startswith("Back to")]


def test_a_withheld_page_shows_the_route_first_and_no_sheet_for_the_employee(script: Script) -> None:
    script.result = sample.withheld()
    app = made(opened())
    assert "HR or legal" in app.error[0].value
    assert "None while this stands." in text(app)
    assert len(app.code) == 1


def test_without_evidence_the_page_says_what_to_watch_for(script: Script) -> None:
    script.result = sample.no_evidence()
    app = made(opened())
    assert "no evidence" in app.warning[0].value
    assert "what lies on the desk at close" in text(app)


def test_nothing_typed_becomes_markup(script: Script) -> None:
    hostile = "![x](https://evil.example/a.png) <b>x</b> :red[x] :material/home: $x$"
    script.result = sample.ready().model_copy(update={"gut_check": hostile, "likely_reaction": hostile})
    app = made(opened())
    shown = [part.value for part in app.markdown if "evil" in part.value]
    assert len(shown) == 2
    for body in shown:
        assert set(re.findall(r"<(\w+)", MarkdownIt("commonmark").render(body))) <= {"p", "code"}
        assert not re.search(r"(?<!\\)\[|:material/|(?<!\\)\$", body)


def test_a_hosted_model_gets_nothing_before_the_person_agrees(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    monkeypatch.setattr("fourthright.consent.first_call", lambda situation, engine: f"[user]\n{situation.text}")
    monkeypatch.setattr("fourthright.llm.provider", lambda settings: "openai at https://api.example")
    app = opened()
    app.text_area(key="note").set_value(NOTE)
    press(app, "Make the page")
    assert script.asked == []
    assert app.code[0].value == f"[user]\n{NOTE}"
    assert "api.example" in text(app)
    settled(press(app, "Send it"))
    assert script.asked == [(Situation(text=NOTE), True)]
    press(app, "Change my note")
    made(app)
    assert len(script.asked) == 2


def test_a_hosted_model_refused_leaves_the_handbook_or_the_note(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    monkeypatch.setattr("fourthright.consent.first_call", lambda situation, engine: situation.text)
    monkeypatch.setattr("fourthright.llm.provider", lambda settings: "openai")
    app = opened()
    app.text_area(key="note").set_value(NOTE)
    press(app, "Make the page")
    press(app, "Back to my note")
    assert app.text_area(key="note").value == NOTE
    press(app, "Make the page")
    settled(press(app, "Use the handbook alone"))
    assert script.asked == [(Situation(text=NOTE), False)]


def test_a_second_try_asks_for_consent_too(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    monkeypatch.setattr("fourthright.consent.first_call", lambda situation, engine: situation.text)
    monkeypatch.setattr("fourthright.llm.provider", lambda settings: "openai")
    script.go.clear()
    app = opened()
    app.text_area(key="note").set_value(NOTE)
    app.toggle(key="handbook_only").set_value(True)
    press(app, "Make the page")
    assert script.begun.wait(5)
    settled(press(app, "Stop"))
    script.go.set()
    press(app, "Try again with the model")
    assert app.code[0].value == NOTE
    assert len(script.asked) == 1
    settled(press(app, "Send it"))
    assert script.asked[1] == (Situation(text=NOTE), True)


def test_nothing_is_on_the_screen_that_nobody_wrote(script: Script) -> None:
    for app in (opened(), made(opened())):
        assert "None" not in text(app).split()


def test_a_withheld_text_is_not_even_offered_for_sending(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    monkeypatch.setattr("fourthright.consent.first_call", lambda situation, engine: None)
    made(opened())
    assert script.asked == [(Situation(text=NOTE), False)]


def test_about_names_every_rule_with_reason_and_source(script: Script) -> None:
    app = opened().switch_page("src/fourthright/ui/pages/about.py").run()
    handbook = state.knowledge()
    titles = [expander.label for expander in app.expander]
    assert len(titles) == len(handbook.rules)
    for rule in handbook.rules:
        assert any(title.startswith(f"{rule.id}: ") for title in titles)
    assert "INSPIRE in its current version" in text(app)


def test_the_first_paint_loads_nothing_heavy() -> None:
    code = (
        "import os, sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=30).run()\n"
        "assert not app.exception\n"
        "heavy = ('litellm', 'chromadb', 'onnxruntime', 'xllamacpp', 'py3langid')\n"
        "print([name for name in heavy if name in sys.modules], flush=True)\n"
        "os._exit(0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert ran.stdout.strip() == "[]", ran.stdout + ran.stderr
