"""The Review page in a real browser: paste an agenda, see each question before and after, take the review along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Locator, Page, expect

from conftest import App

pytestmark = pytest.mark.browser

AGENDA = """Agenda for Noor, Tuesday
1. Why didn't you call the client back?
2) "What gets in your way?"
- Don't you think you should be more organised?
Me: How is it going, and what do you want to change, and by when?
• What does a finished log look like to you?
Closing: Can you fill in the log every evening from Monday? (closed)
"""
SITUATION = "Noor left the cleaning log blank on four of five days last week. I asked her in May to fill it in."
BLAMING = "Why didn't you call the client back?"
SOON, LOADED, MODEL = 20_000, 120_000, 240_000


def open_form(page: Page, app: App) -> None:
    page.goto(f"{app.url}/review")
    expect(page.get_by_role("heading", name="Review your questions")).to_be_visible(timeout=SOON)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your questions")


def write(page: Page, questions: str, situation: str = "") -> None:
    field(page).fill(questions)
    if situation:
        page.get_by_text("The situation they are for").click()
        page.get_by_role("textbox", name="What is going on?").fill(situation)
    page.get_by_role("button", name="Review the questions").click()


def finished(page: Page, timeout: int = LOADED) -> None:
    expect(page.get_by_role("button", name="Download Markdown")).to_be_visible(timeout=timeout)


def downloaded(page: Page, folder: Path) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download Markdown").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of the downloaded table, without its heading: number, question, what is wrong, better."""
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def middle(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def marks(page: Page) -> list[str]:
    """The words on a coloured ground."""
    return [
        text.strip()
        for text in page.locator("span.stMarkdownColoredBackground").all_inner_texts()
        if not text.endswith("missing")
    ]


def test_an_agenda_comes_back_with_each_question_before_and_after(
    page: Page, handbook_app: App, tmp_path: Path
) -> None:
    open_form(page, handbook_app)
    write(page, AGENDA, SITUATION)
    finished(page)
    expect(page.get_by_text(re.compile(r"^Question \d"))).to_have_count(6)
    assert any(words.startswith("Why didn't you") for words in marks(page))
    text = downloaded(page, tmp_path)
    table = rows(text)
    assert len(table) == MarkdownIt("commonmark").enable("table").render(text).count("<tr>") - 1 == 6
    turned = table[0][-1]
    assert re.fullmatch(r"(What|How|Which) .* you .*call.* the client.*\?", turned)
    before = middle(page.locator("p", has_text="call the client back?").first)
    after = middle(page.locator("strong", has_text=turned))
    assert before[0] < after[0]
    assert abs(before[1] - after[1]) < 30
    assert table[1][1].startswith("What gets in your way?")
    assert table[1][-1] == "Keep it."
    expect(page.get_by_text("Question 6 · commitment check")).to_be_visible()
    expect(page.get_by_text("confidence missing")).to_be_visible()
    proposals = page.locator("li", has_text="confidence:")
    expect(proposals).to_have_count(2)
    expect(proposals.first).to_contain_text("log")
    assert proposals.first.inner_text().partition(":")[2].strip() in text
    page.get_by_role("button", name="Copy the better list").click()
    expect(page.locator("code", has_text=turned)).to_contain_text("What gets in your way?")


def test_a_reload_keeps_the_review_and_changed_text_is_said(page: Page, handbook_app: App) -> None:
    open_form(page, handbook_app)
    write(page, BLAMING, SITUATION)
    finished(page)
    broken = page.get_by_text("no-blame:")
    expect(broken).to_be_visible()
    page.reload()
    finished(page)
    expect(field(page)).to_have_value(BLAMING)
    expect(broken).to_be_visible()
    field(page).fill("What gets in your way?")
    field(page).blur()
    expect(page.get_by_text("Made from the text before your last change. Review again?")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Review again").click()
    expect(broken).to_have_count(0, timeout=LOADED)
    expect(page.get_by_text("Made from the text")).to_have_count(0)


def test_what_cannot_be_reviewed_is_one_line_and_stays_in_the_box(page: Page, handbook_app: App) -> None:
    open_form(page, handbook_app)
    write(page, "   ")
    expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=LOADED)
    expect(page.get_by_text("There is no question in this text")).to_be_visible()
    write(page, BLAMING, "help")
    expect(page.get_by_test_id("stAlert")).to_have_count(1, timeout=LOADED)
    expect(field(page)).to_have_value(BLAMING)


def test_markup_in_a_question_stays_text(page: Page, handbook_app: App) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    open_form(page, handbook_app)
    write(page, "Why didn't you call <img src=x onerror=alert(1)> ![a](https://evil.example/a.png) back?")
    finished(page)
    assert page.locator("img[src*='evil'], img[src='x'], a[href*='evil']").count() == 0
    assert alerts == []


def test_nothing_typed_is_in_the_log(handbook_app: App) -> None:
    text = handbook_app.log.read_text(encoding="utf-8", errors="replace")
    for word in ("Noor", "client", "organised", "evil"):
        assert word not in text


@pytest.mark.model
@pytest.mark.timeout(600)
def test_the_real_model_words_what_the_handbook_cannot_turn(page: Page, app: App, model: None, tmp_path: Path) -> None:
    asked = "Why are you always so careless with the handover?"
    open_form(page, app)
    page.get_by_text("Use the model", exact=True).click()
    write(page, asked)
    finished(page, MODEL)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    ((_, question, _, better),) = rows(downloaded(page, tmp_path))
    assert "**careless**" in question
    assert better.endswith("?")
    assert "careless" not in better
