"""A page sheds its least needed lines until it keeps to its words."""

from __future__ import annotations

from fourthright.agenda import gaps_counted
from fourthright.domain import Prep
from fourthright.export.markdown import page, words

MOST_WORDS = 450
"""Words of a page without its list of sources (criteria.md)."""


def trimmed(prep: Prep, most: int = MOST_WORDS) -> Prep:
    """The page within its budget of words: the least needed lines go first."""
    for shorten in _SHORTEN:
        if words(page(prep)) <= most:
            break
        prep = shorten(prep)
    return prep


def _without_reaction(prep: Prep) -> Prep:
    return prep.model_copy(update={"likely_reaction": None})


def _fewer_gaps(prep: Prep) -> Prep:
    return prep.model_copy(update={"gaps": prep.gaps[:2]})


def _one_part(prep: Prep) -> Prep:
    return prep.model_copy(update={"your_part": prep.your_part[:1]})


def _left_out_unsaid(prep: Prep) -> Prep:
    return prep.model_copy(update={"left_out": tuple(o for o in prep.left_out if "Private" in o.why)})


def _one_gap(prep: Prep) -> Prep:
    return prep.model_copy(update={"gaps": prep.gaps[:1]})


def _hear_one_each(prep: Prep) -> Prep:
    """What to listen for after the first question of each dimension only."""
    return _unheard(prep, "-2")


def _notice_in_short(prep: Prep) -> Prep:
    """How many gaps, not which: the expectations say that."""
    if len(prep.concerns) < 2:
        return prep
    said = gaps_counted(len(prep.concerns))
    steps = tuple(s.model_copy(update={"say": said}) if s.name == "Notice" else s for s in prep.agenda.steps)
    return prep.model_copy(update={"agenda": prep.agenda.model_copy(update={"steps": steps})})


def _nothing_to_hear(prep: Prep) -> Prep:
    """Without what to listen for, the last thing to go before a concern is put off."""
    return _unheard(prep, "")


def _unheard(prep: Prep, ending: str) -> Prep:
    questions = (q.model_copy(update={"listen_for": ""}) if q.id.endswith(ending) else q for q in prep.agenda.questions)
    return prep.model_copy(update={"agenda": prep.agenda.model_copy(update={"questions": tuple(questions)})})


_SHORTEN = (
    _left_out_unsaid, _without_reaction, _one_part, _fewer_gaps, _hear_one_each, _notice_in_short, _nothing_to_hear,
    _one_gap,
)  # fmt: skip
