"""Marks while a note is typed, key by key, in a real browser: they appear before any button is pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from conftest import App

pytestmark = pytest.mark.browser

SEEN = (
    "Last week 9 of 30 parcels were not booked in at close, I counted them on Friday with the desk list. "
    "I asked Rosa in spring to book in as she goes and it was fine for two weeks. "
)
JUDGED = "She is just sloppy. "
TOLD = "Everyone says she is flaky. "
MORE = "On Tuesday a customer waited 20 minutes because she was on her phone."
SOON, LOADED = 20_000, 60_000
A_LABEL, HEARSAY = "A label. What did you see or hear that made you think so?", "Told by others."


def opened(page: Page, app: App) -> Locator:
    page.goto(app.url)
    expect(page.get_by_role("heading", name="Prepare one honest conversation")).to_be_visible(timeout=SOON)
    field = page.get_by_role("textbox", name="What is going on?")
    field.click()
    return field


def typed(field: Locator, words: str) -> None:
    field.press_sequentially(words, delay=10)


def reason(page: Page, words: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=words)


def cursor(field: Locator) -> int:
    return int(field.evaluate("field => field.selectionStart"))


def place(field: Locator) -> list[float]:
    return list(field.evaluate("field => [field.getBoundingClientRect().x, field.getBoundingClientRect().y]"))


def test_marks_appear_while_typing_and_the_page_is_made_from_the_whole_text(page: Page, app: App) -> None:
    field = opened(page, app)
    before = place(field)
    typed(field, SEEN + JUDGED)
    expect(reason(page, A_LABEL)).to_contain_text("sloppy", timeout=LOADED)
    typed(field, TOLD)
    expect(reason(page, HEARSAY)).to_contain_text("Everyone says she is flaky", timeout=SOON)
    expect(reason(page, A_LABEL)).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text=HEARSAY)).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_value(SEEN + JUDGED + TOLD)
    assert place(field) == before
    typed(field, MORE)
    page.get_by_text("Handbook only (no model)").click()
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_role("button", name="Download Markdown")).to_be_visible(timeout=120_000)
    expect(reason(page, A_LABEL)).to_have_count(0)
    expect(page.get_by_text("9 of 30").first).to_be_visible()
    page.get_by_role("button", name="Change my note").click()
    expect(field).to_have_value(SEEN + JUDGED + TOLD + MORE, timeout=SOON)


def test_typing_in_the_middle_keeps_the_cursor_and_taking_words_out_takes_their_mark(page: Page, app: App) -> None:
    field = opened(page, app)
    typed(field, SEEN + JUDGED)
    expect(reason(page, A_LABEL)).to_contain_text("sloppy", timeout=LOADED)
    field.evaluate(f"field => field.setSelectionRange({len(SEEN)}, {len(SEEN)})")
    typed(field, "He is lazy. ")
    expect(reason(page, A_LABEL)).to_contain_text("lazy", timeout=SOON)
    assert cursor(field) == len(SEEN) + len("He is lazy. ")
    expect(field).to_have_value(f"{SEEN}He is lazy. {JUDGED}")
    for _ in range(len("He is lazy. ")):
        field.press("Backspace")
    expect(reason(page, A_LABEL)).not_to_contain_text("lazy", timeout=SOON)
    expect(field).to_have_value(SEEN + JUDGED)
    field.fill("")
    expect(reason(page, A_LABEL)).to_have_count(0, timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="A label")).to_have_count(0)


def test_marks_go_on_after_the_rest_of_the_page_was_drawn_again(page: Page, app: App) -> None:
    field = opened(page, app)
    page.get_by_role("button", name="Fill in an example").click()
    expect(reason(page, A_LABEL)).to_contain_text("more organised", timeout=LOADED)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About Fourthright")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Prepare").click()
    field.press("Control+End")
    typed(field, " " + TOLD)
    expect(reason(page, HEARSAY)).to_be_visible(timeout=SOON)
    expect(reason(page, A_LABEL)).to_contain_text("more organised")


def test_nothing_typed_is_in_the_log(app: App) -> None:
    text = app.log.read_text(encoding="utf-8", errors="replace")
    for word in ("Rosa", "parcel", "sloppy", "flaky", "Error", "error"):
        assert word not in text
