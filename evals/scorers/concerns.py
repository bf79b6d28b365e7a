"""Are the right things found: expected concerns against the page's, by the words they point at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.cases import Case
from evals.rates import Rate
from fourthright.domain import Concern, Observation, OtherConcern, Prep

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Expected concerns that were found, those that were not, and page concerns that match none."""

    recall: Rate
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    precision: Rate


def found(prep: Prep, case: Case, *, others: bool = False) -> Found:
    """One to one: found when one of the page's concerns points at an observation that overlaps half of a fact of it.

    `others` counts the concerns kept for another talk as page concerns too. Where the case links no facts to its
    concerns, any of its facts will do, each for one page concern.
    """
    page: list[Concern | OtherConcern] = [*prep.concerns, *(prep.other_concerns if others else ())]
    by_id = {o.id: o for o in prep.observations}
    pointed = [[by_id[i] for i in concern.observation_ids] for concern in page]
    wanted = [expected.facts for expected in case.expect_concerns] if case.linked else [(fact,) for fact in case.facts]
    edges = [[j for j, seen in enumerate(pointed) if _points_at(seen, facts, case.text)] for facts in wanted]
    taken = _matching(edges)
    most = len(case.expect_concerns)
    hits = min(len(taken), most)
    topics = [e.topic for e in case.expect_concerns] if case.linked else list(case.facts)
    return Found(
        recall=Rate(hits=hits, of=most),
        missed=tuple(topic for i, topic in enumerate(topics) if i not in taken.values()) if hits < most else (),
        extra=tuple(concern.topic for j, concern in enumerate(page) if j not in taken),
        precision=Rate(hits=len(taken), of=len(page)),
    )


def _points_at(seen: Sequence[Observation], facts: Sequence[str], text: str) -> bool:
    return any(_overlaps_half((o.start, o.end), span) for o in seen for fact in facts for span in places(text, fact))


def places(text: str, words: str) -> list[Span]:
    """Where the words stand in the text, every time."""
    found: list[Span] = []
    start = text.find(words) if words else -1
    while start >= 0:
        found.append((start, start + len(words)))
        start = text.find(words, start + 1)
    return found


def _overlaps_half(mine: Span, fact: Span) -> bool:
    shared = min(mine[1], fact[1]) - max(mine[0], fact[0])
    return 2 * shared >= fact[1] - fact[0]


def _matching(edges: Sequence[Sequence[int]]) -> dict[int, int]:
    """Page concern -> expected concern, as many pairs as can be (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(expected: int, tried: set[int]) -> bool:
        for concern in edges[expected]:
            if concern in tried:
                continue
            tried.add(concern)
            if concern not in taken or place(taken[concern], tried):
                taken[concern] = expected
                return True
        return False

    for expected in range(len(edges)):
        place(expected, set())
    return taken
