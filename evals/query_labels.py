"""Labelled queries: what managers type, and the cards that answer it; `evals/labels/README.md` says who made them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.rule_labels import fault, lines
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge

QueryHalf = Literal["test", "development"]
"""`test` is scored and never read."""
QueryKind = Literal[
    "paraphrase", "typo", "jargon", "emotional", "several", "non-native", "wrong-label", "no-answer"
]  # fmt: skip
FILE = "queries.jsonl"
LEAST_BEST, LEAST_ANSWER = 1.5, 1.0
"""Mean grades from which a card can be a best answer, and from which it is an answer at all."""


class LabelledQuery(BaseModel):
    """A text, and the cards' grades by each of two labellings: 2 for best, 1 for acceptable, none for the rest."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(min_length=1)
    kind: QueryKind
    context: str | None
    """The person's work, as the manager would name it."""
    text: str = Field(min_length=1)
    first: dict[str, Literal[1, 2]]
    second: dict[str, Literal[1, 2]]
    half: QueryHalf

    @cached_property
    def grades(self) -> dict[str, float]:
        """Card -> mean of the two grades, where either gave one."""
        named = {*self.first, *self.second}
        return {card: (self.first.get(card, 0) + self.second.get(card, 0)) / 2 for card in sorted(named)}

    @cached_property
    def best(self) -> frozenset[str]:
        """The cards with the highest mean grade, where that is at least 1.5."""
        most = max(self.grades.values(), default=0.0)
        return frozenset(card for card, grade in self.grades.items() if grade == most >= LEAST_BEST)

    @property
    def answered(self) -> bool:
        """Whether any card answers it."""
        return any(grade >= LEAST_ANSWER for grade in self.grades.values())


def load(folder: Path, knowledge: Knowledge) -> tuple[LabelledQuery, ...]:
    """queries.jsonl of a folder. BadInput names the first line that cannot be used."""
    cards = {card.id for card in knowledge.cards}
    found: dict[str, LabelledQuery] = {}
    for place, line in lines(folder / FILE):
        try:
            query = LabelledQuery.model_validate_json(line)
        except ValidationError as error:
            raise fault(place, error) from None
        if unknown := sorted({*query.grades} - cards):
            raise BadInput(f"{place}: there is no card {unknown[0]}")
        if found.setdefault(query.id, query) is not query:
            raise BadInput(f"{place}: the id {query.id} is used twice")
    if not found:
        raise BadInput(f"{folder / FILE}: holds no labelled query")
    return tuple(found.values())
