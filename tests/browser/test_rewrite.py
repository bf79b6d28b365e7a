"""The Rewrite page in a real browser: paste or upload a list, watch, stop, change a cell, take the table along."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page, expect

from conftest import App

pytestmark = pytest.mark.browser

PHRASES = "a positive attitude\n42\nhe is too old for this job\nbe more strategic"
JOB = "sales assistant at the returns desk of a store"
MANY = "\n".join(
    f"{how} {what}"
    for how in ("more", "better", "stronger", "real", "visible")
    for what in (
        "customer focus",
        "ownership",
        "teamwork",
        "attitude",
        "communication",
        "drive",
        "reliability",
        "quality",
    )
)
SOON, LOADED, MODEL = 20_000, 120_000, 240_000
HEADING_HEIGHT, FIRST_COLUMN, PHRASE_WIDTH = 36, 40, 120
"""Where the cells stand in the table, which is drawn and has no elements to click on."""
READY = re.compile(r"\d+ of \d+ phrases")


def open_form(page: Page, app: App) -> None:
    page.goto(f"{app.url}/rewrite")
    expect(page.get_by_role("heading", name="Rewrite vague phrases")).to_be_visible(timeout=SOON)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Phrases, one a line")


def write(page: Page, phrases: str, job: str = "") -> None:
    field(page).fill(phrases)
    page.get_by_role("textbox", name="The job they are about").fill(job)
    rewrite(page)


def rewrite(page: Page) -> None:
    page.get_by_role("button", name="Rewrite", exact=True).click()


def finished(page: Page, timeout: int = LOADED) -> None:
    expect(page.get_by_role("button", name="Download CSV")).to_be_visible(timeout=timeout)


def change_first_expectation(page: Page, words: str) -> None:
    table = page.get_by_test_id("stDataFrame").locator(".dvn-scroller")
    table.dblclick(position={"x": FIRST_COLUMN + PHRASE_WIDTH + 30, "y": HEADING_HEIGHT + 20})
    editor = page.locator("#portal textarea")
    editor.fill(words)
    editor.press("Enter")
    expect(editor).to_have_count(0, timeout=SOON)


def downloaded(page: Page, kind: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download {kind}").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def csv_rows(page: Page, folder: Path) -> list[dict[str, str]]:
    with downloaded(page, "CSV", folder).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def csv_rows_with(page: Page, words: str, folder: Path) -> list[dict[str, str]]:
    """The table once a change has reached it: the browser sends it a moment after Enter."""
    for _ in range(20):
        rows = csv_rows(page, folder)
        if rows[0]["Expect instead"] == words:
            return rows
        page.wait_for_timeout(100)
    raise AssertionError("the change did not reach the table")


def test_a_pasted_list_becomes_a_table_that_is_changed_and_taken_along(
    page: Page, handbook_app: App, tmp_path: Path
) -> None:
    open_form(page, handbook_app)
    write(page, PHRASES, JOB)
    finished(page)
    expect(page.get_by_text("REFUSE, protected trait.")).to_be_visible()
    expect(page.get_by_text("This row holds a number")).to_be_visible()
    change_first_expectation(page, "Greets every customer at the desk")
    rows = csv_rows_with(page, "Greets every customer at the desk", tmp_path)
    assert {row["Phrase"] for row in rows} == set(PHRASES.splitlines())
    empty = {row["Phrase"]: row["Note"] for row in rows if not row["Expect instead"]}
    assert set(empty) == {"42", "he is too old for this job"}
    assert "holds a number" in empty["42"]
    assert "REFUSE" in empty["he is too old for this job"]
    sheet = load_workbook(downloaded(page, "XLSX", tmp_path)).active
    assert [[cell or "" for cell in row] for row in sheet.values] == [list(rows[0]), *(list(r.values()) for r in rows)]
    text = downloaded(page, "Markdown", tmp_path).read_text(encoding="utf-8")
    body = MarkdownIt("commonmark").enable("table").render(text)
    assert body.count("<tr>") == len(rows) + 1
    assert "<td>Greets every customer at the desk</td>" in body


def test_an_uploaded_workbook_gives_the_named_column_and_a_wrong_file_one_line(
    page: Page, handbook_app: App, tmp_path: Path
) -> None:
    book = Workbook()
    for row in (("name", "feedback"), ("Noor", "more drive"), ("Devon", "be nicer")):
        book.active.append(row)
    good, broken = tmp_path / "list.xlsx", tmp_path / "broken.xlsx"
    book.save(good)
    broken.write_bytes(b"this is no workbook")
    open_form(page, handbook_app)
    field(page).fill("lazy")
    page.get_by_text("Phrases from a CSV or XLSX file").click()
    upload, add = page.locator("input[type=file]"), page.get_by_role("button", name="Add its phrases to the list")
    upload.set_input_files(broken)
    add.click()
    line = page.get_by_test_id("stAlert")
    expect(line).to_have_count(1, timeout=SOON)
    expect(field(page)).to_have_value("lazy")
    upload.set_input_files(good)
    expect(line).to_have_count(0, timeout=SOON)
    page.get_by_role("textbox", name="Column with the phrases").fill("comments")
    add.click()
    expect(line).to_contain_text("feedback", timeout=SOON)
    expect(field(page)).to_have_value("lazy")
    page.get_by_role("textbox", name="Column with the phrases").fill("feedback")
    add.click()
    expect(field(page)).to_have_value("lazy\nmore drive\nbe nicer", timeout=SOON)
    rewrite(page)
    finished(page)
    assert {row["Phrase"] for row in csv_rows(page, tmp_path)} == {"lazy", "more drive", "be nicer"}


def test_a_long_list_is_stopped_changed_reloaded_and_goes_on(page: Page, handbook_app: App, tmp_path: Path) -> None:
    open_form(page, handbook_app)
    write(page, MANY)
    expect(page.get_by_text(re.compile(r"^[1-9]\d* of 40 phrases"))).to_be_visible(timeout=LOADED)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile(r"Stopped\. \d+ of 40 phrases are ready"))).to_be_visible(timeout=SOON)
    change_first_expectation(page, "Greets every customer at the desk")
    before = csv_rows_with(page, "Greets every customer at the desk", tmp_path)
    page.reload()
    finished(page)
    expect(field(page)).to_have_value(MANY)
    assert csv_rows(page, tmp_path) == before
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_role("button", name="Go on")).to_have_count(0, timeout=SOON)
    finished(page)
    after = csv_rows(page, tmp_path)
    assert after[: len(before)] == before
    assert {row["Phrase"] for row in after} == set(MANY.splitlines())


def test_another_page_in_the_middle_loses_nothing(page: Page, handbook_app: App) -> None:
    open_form(page, handbook_app)
    write(page, MANY, "nurse")
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", name="Review your questions")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("no longer in memory")).to_have_count(0)
    page.get_by_role("link", name="Rewrite").click()
    finished(page)
    expect(field(page)).to_have_value(MANY)
    field(page).fill("lazy")
    field(page).blur()
    expect(page.get_by_text("Made from the list before your last change.")).to_be_visible(timeout=SOON)


def test_nothing_typed_is_in_the_log(handbook_app: App) -> None:
    text = handbook_app.log.read_text(encoding="utf-8", errors="replace")
    for word in ("attitude", "strategic", "too old", "nicer"):
        assert word not in text


@pytest.mark.model
@pytest.mark.timeout(600)
def test_the_real_model_rewrites_a_phrase(page: Page, app: App, model: None, tmp_path: Path) -> None:
    open_form(page, app)
    write(page, "keep the tickets up to date", "help desk agent, tickets from the branch offices")
    finished(page, MODEL)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    rows = csv_rows(page, tmp_path)
    assert {row["Phrase"] for row in rows} == {"keep the tickets up to date"}
    assert all(row["Expect instead"] and row["Target"].endswith("(proposed)") for row in rows)
