"""What `rewrite` and `review` offer for labelled texts without a model: does all of it pass, and whose wording is it?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import Rate, rate
from evals.rule_labels import LabelledExpectation, LabelledQuestion, Labels
from evals.tables import sections, table
from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import WITHHOLDING, Finding, Frozen
from fourthright.engine import Engine
from fourthright.reviewed import Made
from fourthright.reviewing import review
from fourthright.rewriting import TRANSLATION_NOTE, Suggestion, rewrite

HALF = "development"
"""The half that may be read, and so the one whose suggestions may be looked at."""
VAGUE = "behaviour-observable"
"""The rule that a vague phrase breaks; one that names an act and breaks another rule is none."""
UNCHANGED, FILLED, TRANSLATED = (
    "the card unchanged",
    "the card with words of the phrase",
    "the handbook's translation of a vague phrase",
)
_MADE: dict[Made, str] = {"form": "their own words, turned", "handbook": "a question of the handbook"}
_FIELDS = ("behaviour", "measure", "target", "by_when", "first_step")


class Offers(Frozen):
    """What came of the texts of one kind that break a rule."""

    texts: int
    withheld: int
    answered: Rate
    """Texts that got an offer, of those that were not withheld."""
    passing: Rate
    """Offers that break no rule of severity error."""
    by_wording: dict[str, Rate]
    """Whose wording the offers are."""


def rewritten(labels: Sequence[LabelledExpectation], engine: Engine) -> Offers:
    """The behaviours that nobody could watch, rewritten as phrases without a context."""
    answers = rewrite([text.behaviour for text in labels if text.half == HALF and VAGUE in text.broken], engine)
    made = [offer for answer in answers for offer in answer.expectations]
    wordings = [_wording(offer, engine) for offer in made]
    return Offers(
        texts=len(answers),
        withheld=sum(answer.withheld for answer in answers),
        answered=rate([bool(answer.expectations) for answer in answers if not answer.withheld]),
        passing=rate([not _errors(_checked(offer, engine)) for offer in made]),
        by_wording=_shares(wordings, (UNCHANGED, FILLED, TRANSLATED)),
    )


def reviewed(labels: Sequence[LabelledQuestion], engine: Engine) -> Offers:
    """Broken questions, reviewed as one list without a situation."""
    asked = [text for text in labels if text.half == HALF and text.broken]
    lines = (f"{'Commitment check: ' if text.purpose == 'commitment' else ''}{text.text}" for text in asked)
    every = review("\n".join(lines), engine).questions if asked else ()
    held = [question for question in every if any(flag.level in WITHHOLDING for flag in question.flags)]
    found = [question for question in every if _errors(question.findings)]
    offered = [question for question in found if question.suggestion]
    passing = [not _errors(check_question(q.suggestion or "", q.purpose, engine.knowledge)) for q in offered]
    return Offers(
        texts=len(found) + len(held),
        withheld=len(held),
        answered=rate([bool(question.suggestion) for question in found]),
        passing=rate(passing),
        by_wording=_shares([_MADE[q.made] for q in offered if q.made], tuple(_MADE.values())),
    )


def section(labels: Labels, engine: Engine) -> str:
    """Both as Markdown; empty where no text of the half breaks a rule."""
    rows = [("rewrite", rewritten(labels.expectations, engine)), ("review", reviewed(labels.questions, engine))]
    cells = [[name, o.texts, o.withheld, o.answered, o.passing, _listed(o.by_wording)] for name, o in rows if o.texts]
    if not cells:
        return ""
    head = ["", "texts", "withheld", "with an offer", "offers that pass every rule", "whose wording"]
    note = (
        "The handbook alone: `rewrite` for behaviours that nobody could watch, `review` for questions that break a rule. Where "
        "`rewrite` offers nothing, it asks two questions; where `review` offers nothing, it says to leave the question out."
    )
    return sections([f"## What rewrite and review suggest, {HALF} half", note, table(head, cells)])


def _wording(offer: Suggestion, engine: Engine) -> str:
    if TRANSLATION_NOTE in offer.sources:
        return TRANSLATED
    card = engine.knowledge.card(offer.sources[0])
    return UNCHANGED if offer.behaviour == card.fill(card.behaviour) else FILLED


def _checked(offer: Suggestion, engine: Engine) -> tuple[Finding, ...]:
    safety = engine.knowledge.card(offer.sources[0]).safety
    fields = ExpectationText(**{name: getattr(offer, name) for name in _FIELDS}, safety=safety)
    return check_expectation(fields, engine.knowledge)


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _shares(wordings: Sequence[str], names: Sequence[str]) -> dict[str, Rate]:
    return {name: rate([wording == name for wording in wordings]) for name in names}


def _listed(shares: dict[str, Rate]) -> str:
    return ", ".join(f"{name} {share}" for name, share in shares.items())
