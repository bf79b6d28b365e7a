"""The named rules: how often a first draft passes, how often the one repair does, and what stands on the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from evals.rates import Rate, rate
from evals.results import Page
from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import Expectation, Prep
from fourthright.drafting import Attempt
from fourthright.export.numbers import marked
from fourthright.knowledge import Knowledge
from fourthright.naming import employee_names

ALL = "all named rules"
KEPT = "kept as it is"
"""Breaks no named rule and nothing that only the drafting loop looks for."""
UNREADABLE = "readable"
DRAFTED, REPAIRED, PAGE = "drafted", "repaired", "page"

_ONLY_ON_PAGES = {"numbers-sourced"}
"""Needs the marks that only a page has; a draft's numbers are held to `grounded`."""

Tally = Mapping[tuple[str, str, str], Rate]
"""(expectation or question, rule, stage) -> the share that passes."""


def tally(pages: Sequence[Page], knowledge: Knowledge) -> Tally:
    """How often each rule passes: on first drafts, on repairs, and on the page.

    A draft that could not be read fails `readable` and is judged by no other rule. On the page, each line is checked as
    it is printed, numbers with their marks. Rules that only the drafting loop knows have no verdict there.
    """
    found: defaultdict[tuple[str, str, str], Rate] = defaultdict(lambda: Rate(hits=0, of=0))
    attempts = [a for page in pages for a in page.run.attempts]
    for kind in ("expectation", "question"):
        own = [a for a in attempts if a.kind.startswith(kind)]
        for attempt in own:
            for rule, passed in _verdicts(attempt, _named(kind, knowledge), own):
                found[kind, rule, attempt.stage] += rate([passed])
    for page in pages:
        for kind, broken in _printed(page.prep, knowledge):
            for rule in (ALL, *_named(kind, knowledge)):
                found[kind, rule, PAGE] += rate([not broken if rule == ALL else rule not in broken])
    return dict(found)


def _named(kind: str, knowledge: Knowledge) -> Set[str]:
    return {r.id for r in knowledge.rules if r.applies_to == kind}


def _verdicts(attempt: Attempt, named: Set[str], others: Sequence[Attempt]) -> Iterator[tuple[str, bool]]:
    """Rule and verdict for one draft; `others` are the drafts of its kind, they tell what else is looked for."""
    broken = set(attempt.broken)
    yield KEPT, not broken
    yield UNREADABLE, UNREADABLE not in broken
    if UNREADABLE in broken:
        return
    yield ALL, not broken & named
    looked_for = (named - _ONLY_ON_PAGES) | {rule for a in others for rule in a.broken}
    yield from ((rule, rule not in broken) for rule in sorted(looked_for - {UNREADABLE}))


def broken_on(prep: Prep, knowledge: Knowledge) -> list[str]:
    """The rules that lines of a page break, with the line."""
    lines = [f"{e.id} {e.behaviour} / {e.measure} / {e.target} / {e.by_when}" for e in prep.expectations]
    lines += [f"{q.id} {q.text}" for q in prep.agenda.questions]
    checked = zip(lines, _printed(prep, knowledge), strict=True)
    return [f"{', '.join(sorted(broken))}: {line}" for line, (_, broken) in checked if broken]


def _printed(prep: Prep, knowledge: Knowledge) -> Iterator[tuple[str, set[str]]]:
    names = employee_names(prep.situation.text, prep.situation.names, knowledge)
    safe = {card.id for card in knowledge.cards if card.safety}
    safety = {concern.id for concern in prep.concerns if concern.card_id in safe}
    for e in prep.expectations:
        fields = _fields(e, prep.situation.text, safety=e.concern_id in safety)
        yield "expectation", {f.rule for f in check_expectation(fields, knowledge) if f.severity == "error"}
    for q in prep.agenda.questions:
        findings = check_question(q.text, q.purpose, knowledge, tuple(names))
        yield "question", {f.rule for f in findings if f.severity == "error"}


def _fields(e: Expectation, situation: str, *, safety: bool) -> ExpectationText:
    def say(text: str) -> str:
        return marked(text, e.numbers)

    return ExpectationText(
        behaviour=say(e.behaviour),
        measure=say(e.measure),
        target=say(e.target),
        by_when=say(e.by_when),
        first_step=say(e.first_step),
        situation=situation,
        safety=safety,
    )
