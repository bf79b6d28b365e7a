"""What the model's reading changed: the flags it raised beside the screen's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.results import Page


@dataclass(frozen=True)
class Raised:
    """Over some pages: the flags that only the model raised, and those of them that the labels ask for."""

    all: tuple[str, ...]
    rightly: tuple[str, ...]


def raised(pages: Sequence[Page]) -> Raised:
    """How the flags of the pages differ from what the screen alone would have raised."""
    found = [
        (page, flag.trigger) for page in pages for flag in page.prep.flags if flag.trigger not in page.run.screened
    ]
    return Raised(
        all=tuple(f"{page.case.id} {trigger}" for page, trigger in found),
        rightly=tuple(f"{page.case.id} {trigger}" for page, trigger in found if trigger in page.case.triggers),
    )
