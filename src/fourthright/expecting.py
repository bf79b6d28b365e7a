"""One concern as a measurable expectation: today's baseline, a target to agree, and where every number came from."""

from __future__ import annotations

import re

from fourthright.checks import ExpectationText, check_expectation
from fourthright.domain import Baseline, Expectation, Number
from fourthright.drafting import Drafter
from fourthright.figures import Today, goal, origins, today
from fourthright.finding import Theme
from fourthright.knowledge import Knowledge

NOTES = ("measurable-skill", "targets-are-proposals")
"""The notes every expectation rests on beside its card."""
TODAY_WORDS = {1: 18, 2: 14, 3: 11, 4: 9}
"""Words that a baseline should keep to, by the number of concerns on the page."""


def expectation(
    theme: Theme, replaces: str | None, drafter: Drafter, knowledge: Knowledge, *, concerns: int
) -> Expectation:
    """The expectation for one concern, drafted or from its card."""
    card, fill, now = theme.card, theme.slots, today(theme.observations, TODAY_WORDS[concerns])
    target, by_when = _target(theme, now), card.fill(card.by_when, fill).replace("the next ", "", concerns > 2)
    line = drafter.expectation(theme, target, by_when)
    line = line.model_copy(update={"measure": re.split(r"[,:;(]", line.measure)[0].strip()})
    fields = ExpectationText(
        behaviour=line.behaviour,
        measure=line.measure,
        target=target,
        by_when=by_when,
        first_step=line.first_step,
        safety=card.safety,
    )
    return Expectation(
        id=f"e{theme.id.removeprefix('c')}",
        concern_id=theme.id,
        replaces=replaces,
        behaviour=line.behaviour,
        measure=line.measure,
        baseline=Baseline(text=now.text, observation_ids=now.observation_ids) if now else None,
        target=target,
        by_when=by_when,
        first_step=line.first_step,
        payoff=card.fill(card.payoff, fill),
        numbers=_numbers(theme, now, (line.behaviour, line.measure, target, by_when, line.first_step)),
        origin=line.origin,
        findings=check_expectation(fields, knowledge),
        sources=(card.id, *NOTES),
    )


def _target(theme: Theme, now: Today | None) -> str:
    """In the manager's own unit where the text gives a rate, else the card's."""
    stretched = goal(now.rate) if now and now.rate else None
    if theme.card.safety or stretched is None:
        return theme.card.fill(theme.card.target, theme.slots)
    return stretched


def _numbers(theme: Theme, now: Today | None, lines: tuple[str, ...]) -> tuple[Number, ...]:
    found: dict[tuple[str, str], Number] = {}
    if now:
        found = {(n.text, n.origin): n for n in now.numbers}
    for line in lines:
        for number in origins(line, theme.observations):
            found.setdefault((number.text, number.origin), number)
    return tuple(found.values())
