"""Labelled texts: expectations and questions with the rules they break; `evals/labels/README.md` says who made them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fourthright.domain import Dimension, Purpose
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge

Half = Literal["test", "later", "development"]
"""`test` and `later` are scored and never read; `later` was written, and labelled, after all tuning on the first texts."""
TRACED = "numbers-sourced"
"""The rule that can only be judged beside the situation."""


class Labelled(BaseModel):
    """What both kinds of text have: rule ids by each of two labellings, and those that were settled on."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(min_length=1)
    job: str
    broken: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    settled: str | None
    """Why `broken` is what it is, where the two labellings disagreed."""
    half: Half

    @property
    def disagreed(self) -> bool:
        """Whether the two labellings differ."""
        return set(self.first) != set(self.second)

    @property
    def said(self) -> str:
        """The text on one line."""
        raise NotImplementedError

    def judged_by(self, rule: str) -> bool:
        """Whether this text can be judged by a rule at all."""
        return True

    @model_validator(mode="after")
    def _labels_hang_together(self) -> Labelled:
        for name in ("broken", "first", "second"):
            rules = getattr(self, name)
            if len(set(rules)) < len(rules):
                raise ValueError(f"{name} names a rule twice")
            if loose := [rule for rule in rules if not self.judged_by(rule)]:
                raise ValueError(f"{name} names {loose[0]}, which needs a situation")
        if set(self.first) == set(self.second) != set(self.broken):
            raise ValueError("both labellings agree on other rules than broken has")
        if self.disagreed and not self.settled:
            raise ValueError("the labellings disagree and settled does not say why broken is right")
        if self.disagreed and self.half != "development":
            raise ValueError("a text that was read to settle its labels can only be in the development half")
        return self


class LabelledExpectation(Labelled):
    """The fields of an expectation as `fourthright check expectations` takes them."""

    behaviour: str
    measure: str
    target: str
    by_when: str
    first_step: str | None
    situation: str | None
    safety: bool
    """One failure risks life, injury, security or great loss."""

    @property
    def said(self) -> str:
        """Behaviour, measure, target and time, then the first step where there is one."""
        parts = [self.behaviour, self.measure, self.target, self.by_when, self.first_step]
        return " / ".join(part for part in parts if part is not None)

    def judged_by(self, rule: str) -> bool:
        """Numbers can be traced only where there is a situation."""
        return rule != TRACED or self.situation is not None


class LabelledQuestion(Labelled):
    """A question, and which of the four it serves; None for none of them."""

    text: str = Field(min_length=1)
    purpose: Purpose
    dimension: Dimension | None
    first_dimension: Dimension | None
    second_dimension: Dimension | None

    @property
    def said(self) -> str:
        """The question."""
        return self.text

    @property
    def disagreed(self) -> bool:
        """Whether the two labellings differ in rules or in the dimension."""
        return super().disagreed or self.first_dimension != self.second_dimension

    @model_validator(mode="after")
    def _dimension_as_agreed(self) -> LabelledQuestion:
        if self.first_dimension == self.second_dimension != self.dimension:
            raise ValueError("both labellings agree on another dimension")
        return self


@dataclass(frozen=True)
class Labels:
    """The two sets, in the order of their files."""

    expectations: tuple[LabelledExpectation, ...]
    questions: tuple[LabelledQuestion, ...]


Row = TypeVar("Row", bound=Labelled)


def load(folder: Path, knowledge: Knowledge) -> Labels:
    """expectations.jsonl and questions.jsonl of a folder. BadInput names the first line that cannot be used."""
    return Labels(
        expectations=_read(folder / "expectations.jsonl", LabelledExpectation, rule_ids("expectation", knowledge)),
        questions=_read(folder / "questions.jsonl", LabelledQuestion, rule_ids("question", knowledge)),
    )


def rule_ids(kind: Literal["expectation", "question"], knowledge: Knowledge) -> tuple[str, ...]:
    """The rules for one kind of text, in the order of the handbook."""
    return tuple(rule.id for rule in knowledge.rules if rule.applies_to == kind)


def _read(file: Path, kind: type[Row], rules: tuple[str, ...]) -> tuple[Row, ...]:
    found: dict[str, Row] = {}
    for place, line in lines(file):
        row = _row(place, line, kind, set(rules))
        if found.setdefault(row.id, row) is not row:
            raise BadInput(f"{place}: the id {row.id} is used twice")
    if not found:
        raise BadInput(f"{file}: holds no labelled text")
    return tuple(found.values())


def lines(file: Path) -> Iterator[tuple[str, str]]:
    """(Place, text) of each line that holds something. BadInput for a file that cannot be read."""
    try:
        read = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: cannot be read ({type(error).__name__})") from None
    for number, line in enumerate(read, 1):
        if line.strip():
            yield f"{file}, line {number}", line


def _row(place: str, line: str, kind: type[Row], rules: Set[str]) -> Row:
    try:
        row = kind.model_validate_json(line)
    except ValidationError as error:
        raise fault(place, error) from None
    for rule in (*row.broken, *row.first, *row.second):
        if rule not in rules:
            raise BadInput(f"{place}: there is no rule {rule} for this kind of text")
    return row


def fault(place: str, error: ValidationError) -> BadInput:
    """The first fault of a row in one line, without the row's words."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return BadInput(f"{place}: {where + ': ' if where else ''}{first['msg']}")
