"""Is the page whole: everything a ready page must have, and the four dimensions covered."""

from __future__ import annotations

from collections import Counter

from fourthright.domain import CLOSING_QUESTION, DIMENSIONS, INSPIRE, Prep
from fourthright.export.markdown import page as as_markdown
from fourthright.export.markdown import words

MOST_EXPECTATIONS = 4
MOST_WORDS = 450
EACH_DIMENSION = 2
FIELDS = ("behaviour", "measure", "target", "by_when", "first_step", "payoff")


def lacking(prep: Prep) -> list[str]:
    """What a ready page lacks, from the list in the criteria; empty when it is complete."""
    return [*_expectations(prep), *uncovered(prep), *_meeting(prep), *_around(prep)]


def uncovered(prep: Prep) -> list[str]:
    """The dimensions with fewer than two questions to explore."""
    asked = Counter(q.dimension for q in prep.agenda.questions if q.purpose == "explore" and q.text.strip())
    return [f"{asked[d]} questions for {d}" for d in DIMENSIONS if asked[d] < EACH_DIMENSION]


def word_count(prep: Prep) -> int:
    """Words of the page without its list of sources."""
    return words(as_markdown(prep))


def _expectations(prep: Prep) -> list[str]:
    found: list[str] = []
    count = len(prep.expectations)
    if not 1 <= count <= MOST_EXPECTATIONS:
        found.append(f"{count} expectations")
    found += [f"{e.id} without {name}" for e in prep.expectations for name in FIELDS if not getattr(e, name).strip()]
    held = Counter(e.concern_id for e in prep.expectations)
    found += [f"{held[c.id]} expectations for {c.id}" for c in prep.concerns if held[c.id] != 1]
    known = {source.id for source in prep.sources}
    return found + [f"{e.id} rests on no source" for e in prep.expectations if not known & set(e.sources)]


def _meeting(prep: Prep) -> list[str]:
    agenda = prep.agenda
    found = [] if tuple(step.name for step in agenda.steps) == INSPIRE else ["not the seven steps"]
    if not any(step.minutes for step in agenda.steps):
        found.append("no minutes")
    placed = {question_id for step in agenda.steps for question_id in step.question_ids}
    found += [f"question {q.id} stands in no step" for q in agenda.questions if q.id not in placed]
    silent = [step.name for step in agenda.steps if not step.say.strip() and not step.question_ids]
    found += [f"nothing to say or ask in {name}" for name in silent]
    checks = sum(q.purpose == "commitment" for q in agenda.questions)
    found += [] if checks == 1 else [f"{checks} commitment checks"]
    return found + ([] if agenda.closing == CLOSING_QUESTION else ["no closing question"])


def _around(prep: Prep) -> list[str]:
    gut_check = [] if prep.gut_check.strip() else ["no gut check"]
    parts = {"gaps": prep.gaps, "own part": prep.your_part, "follow-up": prep.follow_up}
    return gut_check + [f"no {name}" for name, part in parts.items() if not part]
