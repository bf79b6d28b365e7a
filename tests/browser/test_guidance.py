"""The Guidance page in a real browser: search, read, keep a document, and open what a line rests on over the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import ROOT, App, running

pytestmark = pytest.mark.browser

NOTE = (
    "Tomasz runs the night desk and trained both porters well. On Monday he came 25 minutes after the start of his shift "
    "and on Thursday 40 minutes. I asked him in May to be there when it begins and it held for two weeks."
)
POLICY = (
    "# Lateness <img src=x onerror=alert(1)>\n\nWho will be late calls the desk before the shift begins and says when they "
    "arrive. ![sign](https://evil.example/a.png) [this](javascript:alert(1)) <script>alert(1)</script>\n"
)
TOO_LONG = re.compile(r"^large\.txt: .* characters")
SOON, LOADED = 20_000, 120_000


@pytest.fixture(scope="module")
def guidance_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app without a model and with an empty folder for documents."""
    folder = tmp_path_factory.mktemp("guidance_app")
    settings = {"FOURTHRIGHT_MODEL_PATH": str(folder / "missing.gguf"), "FOURTHRIGHT_DATA_DIR": str(folder / "data")}
    with running(ROOT / "app.py", folder, **settings) as started:
        yield started


def search(page: Page, query: str) -> None:
    box = page.get_by_role("textbox", name="What are you looking for?")
    box.fill(query)
    box.press("Enter")


def test_a_card_is_found_read_and_reached_by_its_address(page: Page, guidance_app: App) -> None:
    page.goto(f"{guidance_app.url}/guidance")
    expect(page.get_by_role("link", name="Guidance")).to_be_visible(timeout=SOON)
    search(page, "always late for his shfit")
    title = page.get_by_role("button", name="Starting the shift on time")
    expect(page.get_by_text("Also found:")).to_be_visible(timeout=LOADED)
    title.click()
    expect(page.get_by_role("heading", name="Starting the shift on time")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("What may be behind it")).to_be_visible()
    assert page.url.endswith("guidance?entry=shift-started-on-time")
    page.reload()
    expect(page.get_by_text("What may be behind it")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_text(re.compile(r"^What every page is made from"))).to_be_visible(timeout=SOON)


def test_a_document_is_kept_read_as_plain_text_and_removed(page: Page, guidance_app: App, tmp_path: Path) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{guidance_app.url}/guidance")
    page.get_by_text("Your own documents", exact=True).click()
    large = tmp_path / "large.txt"
    large.write_text("We meet at the board each morning and say what is late and who helps. " * 30_000)
    policy = tmp_path / "Attendance.md"
    policy.write_text(POLICY)
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    page.locator("input[type=file]").set_input_files([policy, empty])
    page.get_by_role("button", name="Add to the guidance").click()
    expect(page.get_by_text("is kept:")).to_be_visible(timeout=LOADED)
    expect(page.get_by_text("The file is empty")).to_be_visible()
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("calls the desk before the shift begins")).to_be_visible(timeout=SOON)
    assert page.locator("img[src*='evil'], img[src='x'], a[href*='javascript']").count() == 0
    page.get_by_role("button", name="Read", exact=True).click()
    page.locator("input[type=file]").set_input_files([large])
    page.get_by_role("button", name="Add to the guidance").click()
    expect(page.get_by_text(TOO_LONG)).to_be_visible(timeout=LOADED)
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Remove for good").click()
    expect(page.get_by_text("is removed for good")).to_be_visible(timeout=SOON)
    assert alerts == []


def test_what_a_line_rests_on_opens_over_the_page_and_in_a_new_tab(page: Page, guidance_app: App) -> None:
    page.goto(guidance_app.url)
    page.get_by_role("textbox", name="What is going on?").fill(NOTE)
    page.get_by_text("Handbook only (no model)").click()
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_role("button", name="Download Markdown")).to_be_visible(timeout=LOADED)
    page.get_by_role("button", name="Starting the shift on time").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("How it is checked").first).to_be_visible(timeout=SOON)
    with page.expect_popup() as waiting:
        dialog.get_by_role("link", name="Open on the Guidance page").click()
    tab = waiting.value
    expect(tab.get_by_text("What may be behind it")).to_be_visible(timeout=SOON)
    assert "/guidance?entry=" in tab.url
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Download Markdown")).to_be_visible()


def test_nothing_of_a_document_or_a_search_is_in_the_log(guidance_app: App) -> None:
    text = guidance_app.log.read_text(encoding="utf-8", errors="replace")
    for word in ("Tomasz", "shfit", "evil", "Attendance", "board each morning"):
        assert word not in text
