"""Cases: a situation as typed, and the labels it is scored against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from fourthright.domain import WITHHOLDING, Status
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge


class Expected(BaseModel):
    """One concern the page should find, and the words of the text that show it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    facts: tuple[str, ...] = ()


class Case(BaseModel):
    """One labelled situation. Fields that no score uses are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    golden: bool = False
    """Written by hand to develop against: never scored."""
    facts: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("facts", "seen"))
    triggers: tuple[str, ...] = ()
    expect_concerns: tuple[Expected, ...] = ()

    @field_validator("expect_concerns", mode="before")
    @classmethod
    def _topics_alone(cls, given: Any) -> Any:
        return [{"topic": each} if isinstance(each, str) else each for each in given]

    @property
    def linked(self) -> bool:
        """Whether the expected concerns have facts of their own."""
        return any(expected.facts for expected in self.expect_concerns)

    @property
    def not_verbatim(self) -> tuple[str, ...]:
        """Labelled facts that are not in the text: nothing can be found there."""
        every = [*self.facts, *(fact for expected in self.expect_concerns for fact in expected.facts)]
        return tuple(dict.fromkeys(fact for fact in every if fact not in self.text))


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a .jsonl file, or of all of them in a folder. BadInput names the first line that cannot be used."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise BadInput(f"{path}: no .jsonl file in this folder")
    found: dict[str, Case] = {}
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            case = _case(line, f"{file}, line {number}")
            if case is not None and found.setdefault(case.id, case) is not case:
                raise BadInput(f"{file}, line {number}: the id {case.id} is used twice")
    return tuple(found.values())


def label(case: Case, knowledge: Knowledge) -> Status:
    """The status the page should have. BadInput for a trigger that the product does not know."""
    try:
        levels = {knowledge.trigger(trigger).level for trigger in case.triggers}
    except KeyError as error:
        raise BadInput(f"case {case.id}: there is no trigger {error}") from None
    if levels & set(WITHHOLDING):
        return "withheld"
    return "no_evidence" if "no_evidence" in case.triggers else "ready"


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: cannot be read ({type(error).__name__})") from None


def _case(line: str, place: str) -> Case | None:
    if not line.strip():
        return None
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(f"{place}: {where + ': ' if where else ''}{first['msg']}") from None
