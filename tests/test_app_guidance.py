"""The Guidance page: what a person searches, reads and keeps there. The handbook and its index are the real ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from fourthright.config import Settings
from fourthright.embedding import MiniLM
from fourthright.engine import Engine
from fourthright.knowledge import Knowledge
from fourthright.shelf import Shelf
from fourthright.ui import guidance_documents, guidance_entry, guidance_search, state

ROOT = Path(__file__).resolve().parents[1]
CARD = "shift-started-on-time"
POLICY = (
    "# Lateness\n\nWho will be late calls the desk before the shift begins and says when they arrive.\n\n"
    "# Keys\n\nThe last person in the building locks the side door and hands the keys to the guard.\n"
)
HOSTILE = (
    "# Rules <script>alert(1)</script>\n\nEverybody wears <b>shoes</b> and reads ![sign](https://evil.example/a.png) and "
    "[this](javascript:alert(1)) before work begins in the morning.\n"
)
NAME = "[click](javascript:alert(1)) <img src=x>.md"


@pytest.fixture
def kept(engine: Engine, embedder: MiniLM, tmp_path: Path) -> Engine:
    """The engine with an empty shelf of its own."""
    return dataclasses.replace(engine, shelf=Shelf(tmp_path / "shelf.sqlite", embedder))


@pytest.fixture
def app(kept: Engine, monkeypatch: pytest.MonkeyPatch, fresh_app: None) -> AppTest:
    def handbook_alone(settings: Settings, *, with_model: bool) -> Engine:
        assert not with_model
        return kept

    monkeypatch.setattr("fourthright.bootstrap.engine", handbook_alone)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    guidance_search.guidance.cache_clear()
    return opened()


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("src/fourthright/ui/pages/guidance.py")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    found = [b for b in app.button if b.label == label]
    assert found, f"no button {label!r} among {[b.label for b in app.button]}"
    found[0].click()
    return app.run()


def search(app: AppTest, query: str) -> AppTest:
    app.text_input(key="guidance_query").set_value(query)
    return app.run()


def tab(app: AppTest, name: str) -> AppTest:
    app.segmented_control(key="guidance_tab").set_value(name)
    return app.run()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    box = next(each for each in app.file_uploader if each.label == "Add documents")
    box.set_value([(name, data, "application/octet-stream") for name, data in files])
    app.run()
    return press(app, "Add to the guidance")


def text(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(part.value) for part in (*app.title, *app.markdown, *app.caption, *app.text))


def listed(app: AppTest) -> list[str]:
    """Ids of the listed entries, in order."""
    return [str(b.key).removeprefix("entry-") for b in app.button if str(b.key).startswith("entry-")]


def test_the_handbook_is_read_without_the_engine(
    handbook: Knowledge, monkeypatch: pytest.MonkeyPatch, fresh_app: None
) -> None:
    def none(settings: Settings, *, with_model: bool) -> Engine:
        raise AssertionError("the engine is not needed to read the handbook")

    monkeypatch.setattr("fourthright.bootstrap.engine", none)
    monkeypatch.setattr(state, "WARM_UP_AFTER_S", 3600.0)
    app = opened()
    assert len(listed(app)) == guidance_search.PAGE
    assert f"{len(handbook.cards)} cards" in text(app)
    press(app, f"Show more ({len(handbook.cards) - guidance_search.PAGE} left)")
    assert len(listed(app)) == 2 * guidance_search.PAGE
    for name in ("Notes", "Questions"):
        assert listed(tab(app, name))
    assert not app.error


def test_a_card_opens_with_all_its_fields_and_its_look_alike(app: AppTest, handbook: Knowledge) -> None:
    card = handbook.card(CARD)
    app.button(key=f"entry-{CARD}").click()
    page = text(app.run()).replace("\\", "")
    assert app.query_params[guidance_entry.ENTRY] == CARD
    assert app.title[0].value == card.fill(card.title)
    fields = (card.behaviour, card.measure, card.target, card.target_why, card.first_step, card.payoff, card.reaction)
    asked = (each for seeds in card.questions.values() for s in seeds for each in (s.text, s.listen_for))
    for part in (*fields, *card.obstacles, *card.find_out, *asked, *card.phrases):
        assert card.fill(part).lower() in page.lower()
    press(app, "Open the look-alike card")
    other = handbook.card(card.unlike.card)
    assert app.title[0].value == other.fill(other.title)
    assert listed(press(app, "Back to the list"))


def test_the_address_opens_an_entry(app: AppTest, handbook: Knowledge) -> None:
    note, question = handbook.notes[0], handbook.questions[0]
    assert note.text.split("\n\n")[0] in text(opened(entry=note.id))
    assert question.listen_for in text(opened(entry=question.id))
    assert opened(entry="<script>").info[0].value == guidance_search.GONE


def test_a_search_finds_by_meaning_and_outlives_reading_an_entry(app: AppTest) -> None:
    search(app, "always turns up after his shfit has started")
    assert CARD in listed(app)[:3]
    assert any(caption.value.startswith("Also found: ") for caption in app.caption)
    app.button(key=f"entry-{CARD}").click()
    press(app.run(), "Back to the list")
    assert app.text_input(key="guidance_query").value == "always turns up after his shfit has started"
    assert CARD in listed(app)[:3]
    search(app, "qwrt zxcv")
    assert app.info[0].value == guidance_search.NOTHING


def test_filters_narrow_what_is_listed(app: AppTest, handbook: Knowledge) -> None:
    app.selectbox(key="guidance_family").set_value("Kitchen and hygiene")
    assert set(listed(app.run())) == set(handbook.families["Kitchen and hygiene"])
    app.selectbox(key="guidance_kind").set_value("driving")
    ids = [card.id for card in handbook.cards if "driving" in card.jobs]
    assert listed(app.run()) == [i for i in handbook.families["Kitchen and hygiene"] if i in ids]
    tab(app, "Questions")
    app.selectbox(key="guidance_dimension").set_value("conviction")
    dimensions = {question.id: question.dimension for question in handbook.questions}
    assert {dimensions[i] for i in listed(app.run())} == {"conviction"}


def test_documents_are_kept_listed_read_and_found(app: AppTest, kept: Engine) -> None:
    page = text(tab(app, guidance_search.OWN))
    assert "Stored on this machine only" in page
    upload(app, ("Attendance policy.md", POLICY.encode()))
    (held,) = kept.shelf.documents(kept.owner)
    page = text(app)
    assert "**Attendance policy.md**" in page
    assert f"{held.passages} passages" in page
    assert "is kept" in app.success[0].value
    press(app, "Read")
    assert any("calls the desk before the shift" in part.value for part in app.text)
    assert "Lateness" in [caption.value for caption in app.caption]
    search(app, "whom do I phone when I am late")
    (first, *_) = listed(app)
    app.button(key=f"entry-{first}").click()
    app.run()
    assert app.title[0].value == "Attendance policy.md, Lateness"
    assert "calls the desk before the shift" in app.text[0].value


def test_a_refused_file_is_one_line_and_the_others_are_kept(app: AppTest, kept: Engine) -> None:
    tab(app, guidance_search.OWN)
    upload(app, ("empty.txt", b""), ("Policy.md", POLICY.encode()), ("broken.pdf", b"%PDF-1.4 nothing"))
    assert [held.name for held in kept.shelf.documents(kept.owner)] == ["Policy.md"]
    lines = [error.value for error in app.error]
    assert len(lines) == 2
    assert lines[0].startswith("**empty.txt:** The file is empty")
    assert lines[1].startswith("**broken.pdf:** ")
    assert all("\n" not in line for line in lines)
    assert len(app.success) == 1


def test_a_document_is_replaced_or_stays(app: AppTest, kept: Engine) -> None:
    tab(app, guidance_search.OWN)
    upload(app, ("Policy.md", POLICY.encode()))

    def replace(data: bytes) -> None:
        press(app, "Replace")
        next(b for b in app.file_uploader if b.label.startswith("The new version")).set_value(("New.md", data, "x/y"))
        app.run()
        press(app, "Put it in its place")

    replace(b"")
    assert "empty" in app.error[0].value
    assert [held.name for held in kept.shelf.documents(kept.owner)] == ["Policy.md"]
    replace(POLICY.replace("guard", "night guard").encode())
    assert [held.name for held in kept.shelf.documents(kept.owner)] == ["New.md"]


def test_a_document_is_removed_only_after_a_second_yes(app: AppTest, kept: Engine) -> None:
    tab(app, guidance_search.OWN)
    upload(app, ("Policy.md", POLICY.encode()))
    (held,) = kept.shelf.documents(kept.owner)
    passage_id = kept.shelf.passages(kept.owner, held.id)[0].id
    press(app, "Remove")
    press(app, "Keep it")
    assert kept.shelf.documents(kept.owner)
    press(app, "Remove")
    press(app, "Remove for good")
    assert kept.shelf.documents(kept.owner) == ()
    assert "removed for good" in app.success[0].value
    assert opened(entry=passage_id).info[0].value == guidance_search.GONE


def test_what_stands_in_a_document_or_its_name_stays_text(app: AppTest, kept: Engine) -> None:
    tab(app, guidance_search.OWN)
    upload(app, (NAME, HOSTILE.encode()))
    (held,) = kept.shelf.documents(kept.owner)
    press(app, "Read")
    assert_harmless(app)
    press(app, "Replace")
    assert_harmless(app)
    search(app, "what does everybody wear")
    assert_harmless(app)
    assert_harmless(opened(entry=kept.shelf.passages(kept.owner, held.id)[0].id))
    press(app, "Remove")
    assert_harmless(app)
    assert_harmless(press(app, "Remove for good"))


def assert_harmless(app: AppTest) -> None:
    """Nothing that is drawn as Markdown holds a tag, a picture or a link; plain text is not looked at."""
    assert not app.exception
    parts: list[Any] = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.success, *app.error, *app.info]
    labels = [b.label for b in (*app.button, *app.file_uploader)]
    html = "".join(MarkdownIt().render(str(line)) for line in (*(part.value for part in parts), *labels))
    assert not any(tag in html for tag in ("<a ", "<img", "<script", "<b>"))


def test_a_long_document_is_shown_piece_by_piece(app: AppTest, kept: Engine) -> None:
    tab(app, guidance_search.OWN)
    many = guidance_documents.PAGE + 3
    parts = (
        f"# Part {n}\n\nRule number {n} says that the team meets at the board in the morning.\n" for n in range(many)
    )
    upload(app, ("Long.md", "\n".join(parts).encode()))
    press(app, "Read")
    assert len(app.text) == guidance_documents.PAGE
    press(app, "Show more (3 left)")
    assert len(app.text) == many
