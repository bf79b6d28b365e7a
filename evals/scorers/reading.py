"""What the model's reading changed: pieces it took from the evidence, and flags it raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.results import Page
from evals.scorers.concerns import places
from fourthright.domain import Observation


@dataclass(frozen=True)
class Changes:
    """Over some pages: evidence that the word lists found, what the model demoted, and what it flagged."""

    evidence: int
    demoted: tuple[str, ...]
    demoted_facts: tuple[str, ...]
    """Those that overlap a fact of the labels: evidence lost."""
    raised: tuple[str, ...]
    raised_rightly: tuple[str, ...]


def changes(pages: Sequence[Page]) -> Changes:
    """How the pages differ from what the word lists and the screen alone would have made of them."""
    evidence = sum(kind == "seen" for page in pages for kind in page.run.by_words.values())
    demoted = [(page, o) for page in pages for o in page.prep.observations if _demoted(page, o)]
    raised = [
        (page, flag.trigger) for page in pages for flag in page.prep.flags if flag.trigger not in page.run.screened
    ]
    return Changes(
        evidence=evidence,
        demoted=tuple(f"{page.case.id} {o.kind}: {o.quote}" for page, o in demoted),
        demoted_facts=tuple(f"{page.case.id} {o.kind}: {o.quote}" for page, o in demoted if _is_fact(page, o)),
        raised=tuple(f"{page.case.id} {trigger}" for page, trigger in raised),
        raised_rightly=tuple(f"{page.case.id} {trigger}" for page, trigger in raised if trigger in page.case.triggers),
    )


def _demoted(page: Page, o: Observation) -> bool:
    return page.run.by_words.get(o.id) == "seen" and o.kind != "seen"


def _is_fact(page: Page, o: Observation) -> bool:
    text = page.case.text
    return any(o.start < end and start < o.end for fact in page.case.facts for start, end in places(text, fact))
