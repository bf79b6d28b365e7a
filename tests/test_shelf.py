"""The shelf: each owner finds their own documents and nobody else's, and what is removed is gone from the file."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

import papers
from fourthright.embedding import DIMENSIONS, MiniLM
from fourthright.errors import ConfigurationError, DocumentRefused
from fourthright.nearest import Nearest
from fourthright.shelf import FITS, Shelf
from papers import LATENESS, MARKDOWN

PHONES = (
    b"# Phones\n\nMobile phones stay in the locker while customers are in the shop. Calls are made in the break room.\n"
)
A, B = "Anna", "Ben"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "shelf.sqlite"


@pytest.fixture
def shelf(path: Path, embedder: MiniLM) -> Shelf:
    return Shelf(path, embedder)


def test_a_document_is_kept_with_its_place(shelf: Shelf) -> None:
    before = datetime.now(UTC)
    held = shelf.add(A, "Attendance.md", MARKDOWN)
    assert (held.name, held.pages, held.passages, held.size) == ("Attendance.md", None, 2, len(MARKDOWN))
    assert before <= held.added <= datetime.now(UTC)
    assert shelf.documents(A) == (held,)
    first, second = shelf.passages(A, held.id)
    assert (first.document_id, first.heading, first.text) == (held.id, "Lateness", LATENESS)
    assert first.title == "Attendance.md, Lateness"
    assert first.id.startswith("own-")
    assert first.id != second.id
    assert shelf.passage(A, first.id) == first


def test_a_passage_names_its_page(shelf: Shelf) -> None:
    held = shelf.add(A, "Plant.pdf", papers.long_pdf(3))
    assert held.pages == 3
    assert [p.title for p in shelf.passages(A, held.id)] == [f"Plant.pdf, page {n}, Line {n}" for n in (1, 2, 3)]


def test_what_fits_is_found_best_first(shelf: Shelf) -> None:
    shelf.add(A, "Attendance.md", MARKDOWN)
    shelf.add(A, "Phones.md", PHONES)
    found = shelf.search(A, "he was late for the shift and had not called")
    assert found[0].passage.heading == "Lateness"
    assert found[0].words in found[0].passage.text
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score >= FITS for one in found)
    assert shelf.search(A, "scrolling on the mobile while customers wait", 1)[0].passage.document == "Phones.md"
    assert len({one.passage.id for one in shelf.search(A, "calls", 3)}) == len(shelf.search(A, "calls", 3))


@pytest.mark.parametrize("nothing", ["", " ", "😀", "the castle was built in 1204", "gold melts at 1064 degrees"])
def test_what_does_not_fit_finds_nothing(shelf: Shelf, nothing: str) -> None:
    shelf.add(A, "Attendance.md", MARKDOWN)
    assert shelf.search(A, nothing) == ()


def test_other_words_for_a_matter_help_to_find_it(shelf: Shelf) -> None:
    shelf.add(A, "Phones.md", PHONES)
    said = "She looked at the screen in her hand while two people stood at the till"
    alone = shelf.search(A, said, 1)
    helped = shelf.search(A, said, 1, also="The phone is put away while customers are there")
    assert helped[0].score > max((one.score for one in alone), default=FITS)


def test_an_empty_shelf_writes_nothing(shelf: Shelf, path: Path) -> None:
    assert shelf.documents(A) == ()
    assert shelf.search(A, "late") == ()
    assert shelf.passage(A, "own-1-1") is None
    assert not path.exists()


# Owners


def test_an_owner_sees_nothing_of_another(shelf: Shelf) -> None:
    held = shelf.add(A, "Attendance.md", MARKDOWN)
    (passage, *_) = shelf.passages(A, held.id)
    assert shelf.documents(B) == ()
    assert shelf.passage(B, passage.id) is None
    assert shelf.search(B, LATENESS) == ()
    shelf.add(B, "Phones.md", PHONES)
    assert {one.passage.document for one in shelf.search(B, LATENESS, 50)} <= {"Phones.md"}
    for reach in (
        lambda: shelf.passages(B, held.id),
        lambda: shelf.replace(B, held.id, "Mine.md", PHONES + b"\nMore.\n"),
        lambda: shelf.remove(B, held.id),
    ):
        with pytest.raises(DocumentRefused, match="no document with this id"):
            reach()
    assert shelf.documents(A) == (held,)
    assert [one.name for one in shelf.documents(B)] == ["Phones.md"]
    assert shelf.search(A, LATENESS)


def test_two_owners_keep_the_same_document_apart(shelf: Shelf) -> None:
    mine, theirs = shelf.add(A, "Attendance.md", MARKDOWN), shelf.add(B, "Attendance.md", MARKDOWN)
    assert mine.id != theirs.id
    shelf.remove(A, mine.id)
    assert shelf.search(A, LATENESS) == ()
    assert shelf.search(B, LATENESS)


def test_the_owner_stands_inside_the_search(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many nearer passages of another owner push none of one's own out, as they would if they were sifted afterwards."""
    asked: list[Mapping[str, str]] = []
    really = Nearest.similar

    def watched(self: Nearest, vector: object, n: int, marks: Mapping[str, str]) -> object:
        asked.append(marks)
        return really(self, vector, n, marks)  # type: ignore[arg-type]

    monkeypatch.setattr(Nearest, "similar", watched)
    shelf.add(B, "Phones.md", PHONES)
    for number in range(12):
        shelf.add(A, f"{number}.md", PHONES + f"\nThis holds for shop {number} too.\n".encode())
    assert [one.passage.document for one in shelf.search(B, "mobile phones stay in the locker", 1)] == ["Phones.md"]
    assert asked == [{"owner": B}]


@pytest.mark.parametrize("owner", ["' OR 1=1 --", "Anna' OR 'x'='x", "%", "$and", "anna"])
def test_an_owners_name_is_a_name_only(shelf: Shelf, owner: str) -> None:
    shelf.add(A, "Attendance.md", MARKDOWN)
    assert shelf.documents(owner) == ()
    assert shelf.search(owner, LATENESS) == ()


# Adding, replacing, removing


def test_the_same_content_twice_is_refused(shelf: Shelf) -> None:
    shelf.add(A, "Attendance.md", MARKDOWN)
    with pytest.raises(DocumentRefused, match=r"already there as “Attendance\.md”"):
        shelf.add(A, "Copy.md", MARKDOWN)
    assert len(shelf.documents(A)) == 1


def test_a_refused_document_leaves_the_shelf_as_it_was(shelf: Shelf) -> None:
    held = shelf.add(A, "Attendance.md", MARKDOWN)
    for name, data in (("a.pdf", b"%PDF-broken"), ("a.exe", b"MZ"), ("a.md", MARKDOWN)):
        with pytest.raises(DocumentRefused):
            shelf.replace(A, held.id, name, data)
        assert shelf.documents(A) == (held,)
    assert shelf.search(A, LATENESS)


def test_a_document_is_replaced(shelf: Shelf) -> None:
    old = shelf.add(A, "Attendance.md", MARKDOWN)
    (cited, *_) = shelf.passages(A, old.id)
    new = shelf.replace(A, old.id, "Phones.md", PHONES)
    assert shelf.documents(A) == (new,)
    assert shelf.passage(A, cited.id) is None, "an old citation never opens other words"
    assert shelf.search(A, LATENESS) == ()
    assert shelf.search(A, "phones in the shop")


def test_what_is_removed_is_gone_from_the_file(shelf: Shelf, path: Path, embedder: MiniLM) -> None:
    held = shelf.add(A, "Attendance.md", MARKDOWN)
    kept = shelf.add(A, "Phones.md", PHONES)
    (passage, *_) = shelf.passages(A, held.id)
    words = passage.text[:40].encode()
    with sqlite3.connect(path) as db:
        (vectors,) = db.execute("SELECT vectors FROM passages WHERE id = ?", (passage.id,)).fetchone()
    db.close()
    part = vectors[: DIMENSIONS * 4][:64]
    assert words in path.read_bytes()
    assert part in path.read_bytes()
    shelf.remove(A, held.id)
    left = path.read_bytes()
    assert words not in left
    assert part not in left
    assert b"Attendance.md" not in left
    assert passage.id.encode() not in left
    assert not list(path.parent.glob("shelf.sqlite-*")), "no journal is left behind either"
    assert shelf.documents(A) == (kept,)
    assert shelf.search(A, LATENESS) == ()


def test_what_another_process_adds_or_removes_is_seen_at_once(shelf: Shelf, path: Path, embedder: MiniLM) -> None:
    other = Shelf(path, embedder)
    assert shelf.search(A, LATENESS) == ()
    held = other.add(A, "Attendance.md", MARKDOWN)
    assert shelf.search(A, LATENESS)
    other.remove(A, held.id)
    assert shelf.search(A, LATENESS) == ()


def test_several_may_add_and_search_at_the_same_time(shelf: Shelf) -> None:
    problems: list[BaseException] = []

    def work(owner: str) -> None:
        try:
            shelf.add(owner, "Phones.md", PHONES)
            assert shelf.search(owner, "phones in the shop")
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(f"owner {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


# The file


@pytest.mark.skipif(os.name != "posix", reason="modes are there on POSIX only")
def test_the_file_is_for_nobody_else(shelf: Shelf, path: Path) -> None:
    before = os.umask(0)
    try:
        shelf.add(A, "Attendance.md", MARKDOWN)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_broken_file_is_one_line_for_the_operator(shelf: Shelf, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigurationError, match="FOURTHRIGHT_DATA_DIR") as caught:
        shelf.documents(A)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_one_line_for_the_operator(tmp_path: Path, embedder: MiniLM) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ConfigurationError, match="FOURTHRIGHT_DATA_DIR"):
        Shelf(tmp_path / "taken" / "shelf.sqlite", embedder).add(A, "Attendance.md", MARKDOWN)
