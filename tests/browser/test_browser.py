"""What a person does, in a real browser: type, watch, stop, reload, change a line, take the page along."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conftest import App

pytestmark = pytest.mark.browser

NOTE = (
    "Rosa runs the parcel desk and customers like her, she knows the regulars by name. Last week 9 of 30 parcels were "
    "not booked in at close, I counted them on Friday with the desk list. On Tuesday a customer waited 20 minutes "
    "because she was on her phone. I asked her in spring to book in as she goes and it was fine for two weeks. "
    "She is just sloppy and I am tired of it."
)
SOON, MODEL = 20_000, 540_000
EDIT = re.compile("edit")


def open_form(page: Page, app: App) -> None:
    page.goto(app.url)
    expect(page.get_by_role("heading", name="Prepare one honest conversation")).to_be_visible(timeout=SOON)


def write(page: Page, note: str, *, handbook_only: bool) -> None:
    page.get_by_role("textbox", name="What is going on?").fill(note)
    if handbook_only:
        page.get_by_text("Handbook only (no model)").click()
    page.get_by_role("button", name="Make the page").click()


def finished(page: Page, timeout: int) -> Locator:
    download = page.get_by_role("button", name="Download Markdown")
    expect(download).to_be_visible(timeout=timeout)
    return download


def change_first_line(page: Page, words: str) -> None:
    page.get_by_role("button", name=EDIT).first.click()
    page.get_by_role("textbox", name="What they do").fill(words)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0, timeout=SOON)
    expect(page.locator("strong", has_text=words)).to_be_visible(timeout=SOON)


def downloaded(page: Page, tmp_path: Path) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download Markdown").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == ".md"
    return path.read_text(encoding="utf-8")


def test_from_a_note_to_a_downloaded_page_with_the_handbook_alone(page: Page, app: App, tmp_path: Path) -> None:
    open_form(page, app)
    write(page, NOTE, handbook_only=True)
    finished(page, 120_000)
    expect(page.get_by_text("the handbook alone")).to_be_visible()
    change_first_line(page, "Books each parcel in before taking the next one")
    text = downloaded(page, tmp_path)
    assert text.startswith("# ")
    assert "**Books each parcel in before taking the next one**" in text
    for part in ("## Expectations", "## Agenda", "Commitment check", "## Find out first", "## Sources"):
        assert part in text
    assert "9 of 30" in text


def test_the_page_grows_and_stop_keeps_what_is_ready(page: Page, slow_app: App) -> None:
    open_form(page, slow_app)
    write(page, NOTE, handbook_only=False)
    expect(page.get_by_text("Scans each parcel before it goes on the shelf")).to_be_visible(timeout=SOON)
    expect(page.get_by_text(re.compile(r"Writing part \d+ · about .* left|a few seconds"))).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. What was ready is below")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Scans each parcel before it goes on the shelf")).to_be_visible()
    page.get_by_role("button", name="Back to my note").click()
    expect(page.get_by_role("textbox", name="What is going on?")).to_have_value(NOTE)


def test_a_reload_in_the_middle_loses_nothing(page: Page, slow_app: App) -> None:
    open_form(page, slow_app)
    write(page, NOTE, handbook_only=False)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    finished(page, SOON)
    change_first_line(page, "Books each parcel in before taking the next one")
    page.reload()
    finished(page, SOON)
    expect(page.get_by_text("Books each parcel in before taking the next one")).to_be_visible()


def test_another_page_in_the_middle_loses_nothing(page: Page, slow_app: App) -> None:
    open_form(page, slow_app)
    write(page, NOTE, handbook_only=False)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About Fourthright")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Prepare").click()
    finished(page, SOON)


def test_a_lost_connection_loses_nothing(page: Page, slow_app: App) -> None:
    sockets = []
    page.route_web_socket("**/_stcore/stream", lambda route: sockets.append((route, route.connect_to_server())))
    open_form(page, slow_app)
    write(page, NOTE, handbook_only=False)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    sockets[-1][0].close(code=1012)
    finished(page, 2 * SOON)
    assert len(sockets) > 1


def test_the_address_shows_another_browser_nothing(
    page: Page, slow_app: App, new_context: Callable[[], BrowserContext]
) -> None:
    open_form(page, slow_app)
    write(page, NOTE, handbook_only=False)
    finished(page, SOON)
    assert "run=" in page.url
    stranger = new_context().new_page()
    stranger.goto(page.url)
    expect(stranger.get_by_text("no longer in memory")).to_be_visible(timeout=SOON)
    expect(stranger.get_by_text("Scans each parcel")).to_have_count(0)


def test_bad_input_is_one_line_and_stays_in_the_box(page: Page, app: App) -> None:
    open_form(page, app)
    write(page, "Klaus kommt jeden Tag zu spät und macht seine Berichte nicht.", handbook_only=False)
    expect(page.get_by_text("works in English only")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("textbox", name="What is going on?")).to_have_value(re.compile("^Klaus kommt"))


def test_markup_in_a_note_stays_text(page: Page, app: App) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hostile = (
        "![a](https://evil.example/a.png) <img src=x onerror=alert(1)> <script>alert(2)</script> "
        "[more](https://evil.example) "
    )
    open_form(page, app)
    write(page, hostile + NOTE, handbook_only=True)
    finished(page, 120_000)
    assert page.locator("a[href*='evil']").count() == page.locator("img[src*='evil']").count() == 0
    assert alerts == []
    assert [
        url for url in asked if not url.startswith((app.url, app.url.replace("http", "ws"), "data:", "blob:"))
    ] == []


def test_nothing_typed_is_in_the_log(app: App, slow_app: App) -> None:
    for log in (app.log, slow_app.log):
        text = log.read_text(encoding="utf-8", errors="replace")
        for word in ("Rosa", "parcel", "Klaus", "sloppy"):
            assert word not in text


@pytest.mark.model
@pytest.mark.timeout(1500)
def test_the_real_model_from_note_to_download(page: Page, app: App, model: None, tmp_path: Path) -> None:
    open_form(page, app)
    write(page, NOTE, handbook_only=False)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="Expectations")).to_be_visible(timeout=MODEL)
    finished(page, MODEL)
    expect(page.get_by_text("Made with the model")).to_be_visible()
    change_first_line(page, "Books each parcel in before taking the next one")
    text = downloaded(page, tmp_path)
    assert "**Books each parcel in before taking the next one**" in text
    assert "Made with embedded/" in text


@pytest.mark.model
@pytest.mark.timeout(1500)
def test_the_real_model_can_be_stopped(page: Page, app: App, model: None) -> None:
    open_form(page, app)
    write(page, NOTE.replace("Rosa", "Ines"), handbook_only=False)
    expect(page.get_by_text(re.compile(r"Drafting"))).to_be_visible(timeout=MODEL)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Use the handbook alone").click()
    finished(page, 120_000)
