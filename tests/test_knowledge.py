"""The shipped handbook keeps its own rules, and a broken file of it is one clear line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import Finding
from fourthright.entries import Card
from fourthright.errors import KnowledgeError
from fourthright.knowledge import Knowledge, data_folder, load

Breaker = Callable[[Path], Path]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def errors(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.rule}: {finding.quote!r}" for finding in findings if finding.severity == "error"]


def as_text(card: Card) -> ExpectationText:
    """The card as it stands on a page when the manager's own words fill no slot."""
    names = ("behaviour", "measure", "target", "by_when", "first_step")
    return ExpectationText(**{name: card.fill(getattr(card, name)) for name in names}, safety=card.safety)


def test_every_card_passes_every_rule(knowledge: Knowledge) -> None:
    found = {card.id: errors(check_expectation(as_text(card), knowledge)) for card in knowledge.cards}
    assert {card_id: broken for card_id, broken in found.items() if broken} == {}


def test_every_question_of_a_card_passes_every_rule(knowledge: Knowledge) -> None:
    asked = [card.fill(seed.text) for card in knowledge.cards for seeds in card.questions.values() for seed in seeds]
    found = {text: errors(check_question(text, "explore", knowledge)) for text in asked}
    assert {text: broken for text, broken in found.items() if broken} == {}


def test_every_bank_question_passes_every_rule_with_the_work_of_many_cards(knowledge: Knowledge) -> None:
    found: dict[str, list[str]] = {}
    works = [card.fill(card.work) for card in knowledge.cards]
    for number, question in enumerate(knowledge.questions):
        # Every tenth card, another tenth for each question: all pairs take minutes and break the same rules.
        for text in dict.fromkeys(question.text.format(work=work) for work in works[number % 10 :: 10]):
            if broken := errors(check_question(text, question.purpose, knowledge)):
                found[text] = broken
    assert found == {}


def test_what_a_label_becomes_is_a_behaviour_by_the_rules(knowledge: Knowledge) -> None:
    about = {"behaviour-observable", "positive-form", "one-behaviour", "in-their-control"}
    for label in knowledge.labels:
        fields = ExpectationText(behaviour=label.becomes, measure="log", target="4 of 5", by_when="by Friday")
        assert not about & {finding.rule for finding in check_expectation(fields, knowledge)}, label.becomes


def edited(name: str, old: str, new: str) -> Breaker:
    """A file of the handbook with its first `old` replaced."""

    def breaks(folder: Path) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return breaks


def written(name: str, content: bytes) -> Breaker:
    """A file of the handbook with other bytes in it."""

    def breaks(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return breaks


def copied_entry(folder: Path) -> Path:
    """One card twice, in two files."""
    path = folder / "behaviours" / "again.yaml"
    shutil.copy(folder / "behaviours" / "records.yaml", path)
    return folder


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder / "rules")
    return folder / "rules"


RECORDS = "behaviours/records.yaml"
OF_THE_WHOLE = (
    "hearsay-weekly",
    "unknown cards",
    "unlike a card that is not there",
    "is no card",
    "nothing is said about record",
)
"""Faults between files: the line names the folder."""


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (written(RECORDS, b"cards: [unclosed\n"), "not readable as YAML"),
        (written(RECORDS, b"\xff\xfe\x00cards"), "not readable as YAML"),
        (written(RECORDS, b"- a list\n"), "must be a mapping"),
        (written(RECORDS, b"title: Records\n"), "needs a list under 'cards'"),
        (edited(RECORDS, "    target_why:", "    why:"), "target_why"),
        (edited(RECORDS, "    jobs: [office", "    jobs: [moon"), "jobs"),
        (edited(RECORDS, "      card: ", "      card: not-"), "unlike a card that is not there"),
        (edited(RECORDS, "    behaviour: Fills in {record}", "    behaviour: Fills in {receipt}"), "receipt"),
        (edited(RECORDS, "    sources: [", "    sources: [hearsay-weekly, "), "hearsay-weekly"),
        (edited("questions/clarity.yaml", "{work}", "{name}"), "name"),
        (edited("rules/question.yaml", "severity: error", "severity: loud"), "severity"),
        (edited("guidance/open-questions.md", "---\n", ""), "front matter"),
        (edited("meanings/meanings.yaml", "[shift-started-on-time", "[shift-ended-on-time"), "unknown cards"),
        (edited("said/records.yaml", "  - card: record-at-the-time", "  - card: record-at-noon"), "is no card"),
        (edited("said/records.yaml", "  - card: record-at-the-time", "  - card: null"), "nothing is said about record"),
        (edited("said/records.yaml", "    words:", "    phrases:"), "entry 'record-at-the-time'"),
        (copied_entry, "used twice"),
        (emptied, "restore the folder"),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, breaks: Breaker, says: str) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(data_folder("knowledge"), folder)
    place = breaks(folder)
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    line = str(caught.value)
    assert says in line
    assert str(folder if says in OF_THE_WHOLE else place) in line
    assert "\n" not in line
