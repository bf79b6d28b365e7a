"""`rewrite` and `review` from the terminal: the contract of their JSON, their exit codes, and one clear line for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fourthright.errors import BadInput
from fourthright.terminal import opened

CODE = "from fourthright.cli import main; main()"


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def test_rewrite_answers_each_phrase_and_withholds_one() -> None:
    ran = run(
        "rewrite", "--no-model", "--json", "--context", "hotel front desk", typed="a positive attitude\nlate again\n"
    )
    assert ran.returncode == 0, ran.stderr
    rows = json.loads(ran.stdout)["rewrites"]
    assert [row["phrase"] for row in rows] == ["a positive attitude", "late again"]
    for row in rows:
        assert 1 <= len(row["expectations"]) <= 3
        for line in row["expectations"]:
            assert line["behaviour"]
            assert line["measure"]
            assert line["target"]
            assert line["by_when"]
            assert line["findings"] == []
    grave = "she only wants to leave early because she is pregnant again\nlate again\n"
    ran = run("rewrite", "--no-model", "--json", typed=grave)
    assert ran.returncode == 3
    held, other = json.loads(ran.stdout)["rewrites"]
    assert held["flags"]
    assert not held["expectations"]
    assert not held["questions"]
    assert other["expectations"]


def test_rewrite_reads_a_column_and_says_which_there_are(tmp_path: Path) -> None:
    table = tmp_path / "review.csv"
    table.write_text("who;feedback\nA;sloppy paperwork\n", "utf-8")
    ran = run("rewrite", str(table), "--column", "feedback", "--no-model")
    assert ran.returncode == 0, ran.stderr
    assert "sloppy paperwork" in ran.stdout
    wrong = run("rewrite", str(table), "--column", "comment", "--no-model")
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1
    assert "feedback" in wrong.stderr


def test_review_answers_in_the_shape_that_scripts_rely_on() -> None:
    typed = "1. Why didn't you call the client back?\n2. What does a finished report look like to you?\n"
    ran = run("review", "--no-model", "--json", typed=typed)
    assert ran.returncode == 0, ran.stderr
    made = json.loads(ran.stdout)
    assert {"questions", "coverage", "missing", "proposals", "flags"} <= set(made)
    first, second = made["questions"]
    assert first["findings"]
    assert first["suggestion"]
    assert second["findings"] == []
    assert second["dimension"] == "clarity"
    assert set(made["coverage"]) == {"clarity", "conflicts", "confidence", "conviction"}
    assert {proposal["dimension"] for proposal in made["proposals"]} <= set(made["missing"])


@pytest.mark.parametrize("command", ["rewrite", "review"])
def test_nothing_to_read_is_one_line(command: str) -> None:
    ran = run(command, "--no-model", typed="  \n")
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1


def test_review_reads_a_list_as_people_write_it() -> None:
    typed = (
        "## Conflicts\n1) What got in the way of the log?\n- [ ] “How do you see it?”\n* Me: What would help you most?\n"
        "Anna – I would need more time.\nQ4. \u201eWhere do you keep the list?\u201c (5 min)\n"
        "Commitment check: Can you commit to the log by Friday?\n"
    )
    ran = run("review", "--no-model", "--json", typed=typed)
    assert ran.returncode == 0, ran.stderr
    assert [(question["text"], question["purpose"]) for question in json.loads(ran.stdout)["questions"]] == [
        ("What got in the way of the log?", "explore"),
        ("How do you see it?", "explore"),
        ("What would help you most?", "explore"),
        ("Where do you keep the list?", "explore"),
        ("Can you commit to the log by Friday?", "commitment"),
    ]


def test_review_says_in_one_line_that_a_list_is_in_another_language() -> None:
    ran = run("review", "--no-model", typed="Was hindert dich daran?\nWie siehst du die Lage im Team?\n")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
    assert "another language" in ran.stderr


def test_a_file_that_the_system_will_not_open_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(BadInput, match=r"^team\.xlsx: Permission denied$"), opened("team.xlsx"):
        pass
