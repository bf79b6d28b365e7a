"""How fast the parts without a model are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from evals import cases
from evals.rows import Row, plain
from evals.timing import milliseconds
from fourthright import bootstrap, config
from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import Situation
from fourthright.knowledge import Knowledge
from fourthright.prepare import prepare

CASES = Path(__file__).resolve().parent / "cases"


def measure() -> Iterator[Row]:
    """A page by the handbook alone, a screen, and the checks, each over many texts that were not looked at before."""
    engine = bootstrap.engine(config.settings(), with_model=False)
    handbook = engine.knowledge
    texts = [c.text for c in cases.load(CASES) if not c.golden and cases.label(c, handbook) == "ready"]
    first, *texts = texts
    yield _row("first page of a process, with what is built once", [partial(prepare, Situation(text=first), engine)])
    half = len(texts) // 2
    yield _row("page by the handbook alone", [partial(prepare, Situation(text=text), engine) for text in texts[:half]])
    yield _row("screen of one situation", [partial(engine.screen, text) for text in texts[half:]])
    yield _row("check of one expectation", [partial(check_expectation, e, handbook) for e in _lines(handbook, None)])
    grounded = _lines(handbook, first)
    yield _row("the same with its numbers", [partial(check_expectation, e, handbook) for e in grounded])
    asked = [question.text for question in handbook.questions]
    yield _row("check of one question", [partial(check_question, text, "explore", handbook) for text in asked])


def _lines(handbook: Knowledge, situation: str | None) -> list[ExpectationText]:
    return [
        ExpectationText(
            behaviour=card.fill(card.behaviour),
            measure=card.fill(card.measure),
            target=card.fill(card.target),
            by_when=card.fill(card.by_when),
            first_step=card.fill(card.first_step),
            situation=situation,
        )
        for card in handbook.cards
    ]


def _row(name: str, works: Sequence[Callable[[], object]]) -> Row:
    return plain(name, milliseconds(works), "ms")
