"""`fourthright guidance …` with the organisation's own documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fourthright.cli import run
from papers import LATENESS, MARKDOWN

PHONES = (
    b"# Phones\n\nMobile phones stay in the locker while customers are in the shop. Calls are made in the break room.\n"
)
Guidance = Callable[..., tuple[int, str, str]]


@pytest.fixture
def guidance(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, cache_dir: Path
) -> Guidance:
    """Runs one command on documents of its own, and gives its exit code, output and messages."""
    monkeypatch.setenv("FOURTHRIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOURTHRIGHT_CACHE_DIR", str(cache_dir))
    monkeypatch.setenv("FOURTHRIGHT_OWNER", "Anna")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["guidance", *arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def policy(tmp_path: Path) -> str:
    (tmp_path / "Attendance.md").write_bytes(MARKDOWN)
    return str(tmp_path / "Attendance.md")


def added(guidance: Guidance, *files: str) -> list[dict[str, Any]]:
    code, out, _ = guidance("add", *files, "--json")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


def test_a_document_is_added_listed_shown_replaced_and_removed(guidance: Guidance, policy: str, tmp_path: Path) -> None:
    (held,) = added(guidance, policy)
    assert set(held) == {"id", "name", "pages", "passages", "size", "added", "left_out"}
    code, out, _ = guidance("list", "--json")
    assert (code, json.loads(out)) == (0, [held])
    code, out, _ = guidance("show", held["id"], "--json")
    first = json.loads(out)[0]
    assert (first["title"], first["text"]) == ("Attendance.md, Lateness", LATENESS)
    (tmp_path / "Phones.md").write_bytes(PHONES)
    code, out, _ = guidance("replace", held["id"], str(tmp_path / "Phones.md"), "--json")
    new = json.loads(out)
    assert (code, new["name"]) == (0, "Phones.md")
    assert guidance("remove", new["id"])[0] == 0
    assert guidance("list")[1].strip() == "No documents yet."


def test_it_reads_well_without_json(guidance: Guidance, policy: str) -> None:
    code, out, _ = guidance("add", policy)
    (id_, rest) = out.strip().split("  ")
    assert (code, rest) == (0, "Attendance.md: 2 passages")
    assert guidance("list")[1] == out
    assert guidance("show", id_)[1].startswith(f"Attendance.md, Lateness\n{LATENESS}\n\nAttendance.md, Sickness\n")


def test_one_refused_file_does_not_hold_the_others_up(guidance: Guidance, policy: str, tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    code, out, err = guidance("add", str(tmp_path / "old.doc"), str(tmp_path / "missing.pdf"), policy)
    assert code == 2
    assert "Attendance.md: 2 passages" in out
    doc, missing = (line for line in err.splitlines() if line.startswith("fourthright: "))
    assert "save the document as .docx or PDF" in doc
    assert "missing.pdf" in missing


@pytest.mark.parametrize("command", [["show", "x"], ["remove", "x"], ["replace", "x", "Attendance.md"]])
def test_an_unknown_id_is_one_line(guidance: Guidance, policy: str, command: list[str]) -> None:
    code, out, err = guidance(*(policy if part == "Attendance.md" else part for part in command))
    assert (code, out) == (2, "")
    assert "no document with this id" in err


def test_another_owner_sees_nothing(guidance: Guidance, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (held,) = added(guidance, policy)
    monkeypatch.setenv("FOURTHRIGHT_OWNER", "Ben")
    assert json.loads(guidance("list", "--json")[1]) == []
    assert guidance("show", held["id"])[0] == 2
    assert "own-" not in guidance("search", LATENESS, "--json")[1]


def test_a_search_finds_own_passages_beside_the_notes(guidance: Guidance, policy: str) -> None:
    added(guidance, policy)
    code, out, _ = guidance("search", "calls the shift lead when late", "--json")
    found = json.loads(out)
    assert code == 0
    (own,) = (one for one in found if one["id"].startswith("own-"))
    assert set(own) == {"id", "title", "score", "text", "source"}
    assert (own["title"], own["text"], own["source"]) == ("Attendance.md, Lateness", LATENESS, "Attendance.md")
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
