"""The result of a review as frozen types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from fourthright.domain import Dimension, Finding, Flag, Frozen, Purpose, Text

Made = Literal["form", "model", "handbook"]
"""How a suggestion came about: by turning the question's form, by the model, or by a question of the handbook."""


class ReviewedQuestion(Frozen):
    """One question of the pasted text, what is wrong with it, and how to ask instead.

    `start` and `end` are code point offsets into the text as pasted. A withheld question has its flags and nothing else.
    """

    text: Text
    purpose: Purpose
    dimension: Dimension | None
    findings: tuple[Finding, ...] = ()
    suggestion: str | None = None
    made: Made | None = None
    sources: tuple[str, ...] = ()
    """Ids of the handbook's entries that the suggestion comes from; none where it is the manager's own, turned."""
    start: Annotated[int, Field(ge=0)]
    end: int
    flags: tuple[Flag, ...] = ()

    def marks(self) -> Iterator[tuple[int, int]]:
        """Where the named words stand, without overlaps; a finding on the whole question marks nothing."""
        spans = ((at, at + len(f.quote)) for f in self.findings if (at := self.text.find(f.quote)) >= 0)
        end = 0
        for start, stop in sorted(span for span in spans if 0 < span[1] - span[0] < len(self.text.strip())):
            if start >= end:
                yield start, stop
                end = stop


class Proposal(Frozen):
    """A question for a dimension that the pasted ones leave out."""

    dimension: Dimension
    text: Text
    sources: tuple[str, ...]


class Note(Frozen):
    """Something about the questions as a whole; `questions` are places in the list, from 0, `source` a work's id."""

    id: str
    text: Text
    questions: tuple[int, ...] = ()
    source: str | None = None


class Review(Frozen):
    """The whole result of one `review`."""

    questions: tuple[ReviewedQuestion, ...]
    coverage: dict[Dimension, int]
    missing: tuple[Dimension, ...]
    proposals: tuple[Proposal, ...]
    notes: tuple[Note, ...]
    flags: tuple[Flag, ...]
    withheld: bool
    """Whether a safeguard keeps one of the questions, or all of them, from being worked on."""
