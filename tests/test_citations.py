"""Every id that a line cites was retrieved or chosen for that very line, is listed once, and opens at its words.

Proved on pages made by the handbook alone with the real index, which writes down every search. What a line cites as a
fixed rule of the method, without a search, is named here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals import cases
from fourthright.citing import behind_expectation, behind_question, passage
from fourthright.domain import Dimension, Prep, Question, Situation, StepName
from fourthright.embedding import MiniLM
from fourthright.engine import Engine
from fourthright.entries import BankQuestion
from fourthright.finding import GENERAL_CARD, LEAST_FIT
from fourthright.knowledge import Knowledge
from fourthright.prepare import prepare
from fourthright.retrieval import NOTHING_FITS, Hit, Index
from fourthright.shelf import Found, Shelf
from fourthright.surroundings import has_relapsed

CASES = Path(__file__).parents[1] / "evals" / "cases" / "situations.jsonl"
DOZEN = 12
EVERY_EXPECTATION = ("measurable-skill", "targets-are-proposals")
"""The method's own rules for every expectation: one skill that can be measured, and that a target is a proposal."""
ABOUT_RELAPSE = "relapse"
"""The method's note on a change that came and went, cited by what is asked about it."""
LATE = (
    "Tomasz runs the night desk. On Monday he came 25 minutes after the start of his shift and on Thursday 40 minutes."
)
POLICY = (
    "# Lateness\n\nEverybody starts the shift at the planned time. Who will be late calls the desk before the shift begins."
    "\n\n# Keys\n\nThe last person in the building locks the side door and hands the keys to the guard.\n"
)
_BLANK = re.compile(r"\{[a-z_]+\}")
ASKED_IN: dict[Dimension, StepName] = {
    "clarity": "Probe",
    "conflicts": "Probe",
    "confidence": "Invite",
    "conviction": "Invite",
}


def about(dimension: Dimension) -> str:
    """The method's note on a dimension, cited by each question of a card for it."""
    return f"question-{dimension}"


class Recording(Index):
    """The real index, which keeps what was asked and what it found."""

    def __init__(self, index: Index) -> None:
        self.__dict__.update(index.__dict__)
        self.found: dict[str, tuple[Hit, ...]] = {}

    def cards(self, query: str, k: int = 3, *, sure: float = NOTHING_FITS) -> tuple[Hit, ...]:
        hits = super().cards(query, k, sure=sure)
        self.found[query] = hits
        return hits


@dataclasses.dataclass(frozen=True)
class Made:
    """A page and the searches it was made with."""

    prep: Prep
    found: dict[str, tuple[Hit, ...]]


@pytest.fixture(scope="module")
def made(engine: Engine) -> tuple[Made, ...]:
    """The pages of the first dozen development situations that are ready for one."""
    ready = [c for c in cases.load(CASES) if not c.golden and cases.label(c, engine.knowledge) == "ready"]
    return tuple(_made(case.text, engine) for case in ready[:DOZEN])


def _made(text: str, engine: Engine) -> Made:
    index = Recording(engine.index)
    return Made(prepare(Situation(text=text), dataclasses.replace(engine, index=index)), index.found)


def searches(prep: Prep, concern_id: str) -> set[str]:
    """What may have been searched for one concern: each of its pieces as typed, and all of them together."""
    concern = next(c for c in prep.concerns if c.id == concern_id)
    quotes = [o.quote for o in prep.observations if o.id in concern.observation_ids]
    return {*quotes, ". ".join(quotes)}


def asked(prep: Prep) -> Iterator[tuple[StepName, Question]]:
    """Each question with the step of the meeting that it is asked in."""
    questions = {question.id: question for question in prep.agenda.questions}
    for step in prep.agenda.steps:
        yield from ((step.name, questions[question_id]) for question_id in step.question_ids)


def test_the_dozen_is_ready_and_cites(made: tuple[Made, ...]) -> None:
    assert len(made) == DOZEN
    assert all(page.prep.status == "ready" and page.prep.sources for page in made)
    assert all(line.sources for page in made for line in (*page.prep.expectations, *page.prep.agenda.questions))


def test_the_card_of_an_expectation_was_retrieved_for_its_own_observations(made: tuple[Made, ...]) -> None:
    for page in made:
        for e in page.prep.expectations:
            card_id, *rules = e.sources
            assert tuple(rules) == EVERY_EXPECTATION
            own = searches(page.prep, e.concern_id) & page.found.keys()
            assert own, "nothing was searched for this concern"
            retrieved = {hit.id for query in own for hit in page.found[query]}
            assert card_id in retrieved or (card_id == GENERAL_CARD and _nothing_fits(page, own))


def _nothing_fits(page: Made, own: set[str]) -> bool:
    """Whether a piece of the concern found no card that fits; the general one is there for that."""
    return any(not page.found[query] or page.found[query][0].score < LEAST_FIT for query in own)


def test_a_question_of_a_card_is_that_cards_question_for_its_dimension(
    made: tuple[Made, ...], handbook: Knowledge
) -> None:
    bank = {question.id for question in handbook.questions}
    for page in made:
        cards = {concern.card_id for concern in page.prep.concerns}
        for step, question in asked(page.prep):
            card_id, *notes = question.sources
            if card_id in bank:
                continue
            assert card_id in cards, "the card was retrieved for one of the page's concerns"
            assert question.dimension is not None
            assert notes == [about(question.dimension)]
            assert step == ASKED_IN[question.dimension]
            seeds = handbook.card(card_id).questions[question.dimension]
            assert any(_is_filled(seed.text, question.text) for seed in seeds)


def test_a_question_of_the_bank_was_chosen_for_its_dimension_and_step(
    made: tuple[Made, ...], handbook: Knowledge
) -> None:
    bank = {question.id: question for question in handbook.questions}
    for page in made:
        relapsed = has_relapsed(page.prep.observations, handbook)
        for step, question in asked(page.prep):
            entry_id, *notes = question.sources
            if entry_id not in bank:
                continue
            entry = bank[entry_id]
            assert question.origin == "bank"
            assert (entry.step, entry.dimension, entry.purpose) == (step, question.dimension, question.purpose)
            assert _is_filled(entry.text, question.text)
            assert notes == ([ABOUT_RELAPSE] if entry.when == "relapse" else [])
            assert entry.when == _occasion(entry, question, relapsed)


def _occasion(entry: BankQuestion, question: Question, relapsed: bool) -> str:
    if question.purpose == "commitment":
        return "commitment"
    return "relapse" if relapsed and entry.when == "relapse" else "general"


def test_the_page_lists_exactly_what_its_lines_cite(made: tuple[Made, ...]) -> None:
    for page in made:
        lines = (*page.prep.expectations, *page.prep.agenda.questions)
        cited = dict.fromkeys(entry_id for line in lines for entry_id in line.sources)
        assert [source.id for source in page.prep.sources] == list(cited)


def test_everything_cited_opens_at_words_that_the_line_rests_on(made: tuple[Made, ...], handbook: Knowledge) -> None:
    for page in made:
        for e in page.prep.expectations:
            for entry_id in e.sources:
                cited = passage(entry_id, handbook)
                assert cited is not None
                assert [line.text for line in cited.lines() if line.place in behind_expectation(cited)]
        for question in page.prep.agenda.questions:
            for entry_id in question.sources:
                cited = passage(entry_id, handbook)
                assert cited is not None
                meant = behind_question(cited, question.dimension, question.text)
                lines = [line.text for line in cited.lines() if line.place in meant]
                assert lines
                if cited.shelf == "card":
                    assert len(lines) == 1, "one question of the card, not all of them"


class RecordingShelf(Shelf):
    """The real shelf, which keeps what was asked and what it found."""

    def __init__(self, path: Path, embedder: MiniLM) -> None:
        super().__init__(path, embedder)
        self.found: dict[str, tuple[Found, ...]] = {}

    def search(self, owner: str, query: str, k: int = 3, *, also: str | None = None) -> tuple[Found, ...]:
        self.found[query] = super().search(owner, query, k, also=also)
        return self.found[query]


def test_an_own_passage_was_found_for_the_observations_of_its_expectation(
    engine: Engine, embedder: MiniLM, tmp_path: Path
) -> None:
    shelf = RecordingShelf(tmp_path / "shelf.sqlite", embedder)
    shelf.add(engine.owner, "Attendance.md", POLICY.encode())
    prep = prepare(Situation(text=LATE), dataclasses.replace(engine, shelf=shelf))
    quoted = {source.id: source for source in prep.sources if source.text}
    assert quoted
    for e in prep.expectations:
        concern = next(c for c in prep.concerns if c.id == e.concern_id)
        query = ". ".join(o.quote for o in prep.observations if o.id in concern.observation_ids)
        for entry_id in set(e.sources) & quoted.keys():
            assert entry_id in [found.passage.id for found in shelf.found[query]]
            cited = passage(entry_id, engine.knowledge, lambda i: shelf.passage(engine.owner, i))
            assert cited is not None
            assert cited.title == quoted[entry_id].title
            (line,) = (line for line in cited.lines() if line.place in behind_expectation(cited))
            assert (quoted[entry_id].text or "").strip(" …") in " ".join(line.text.split())
    assert all(shelf.passage(engine.owner, entry_id) for entry_id in quoted)


def test_the_titles_on_the_page_are_those_of_what_opens(made: tuple[Made, ...], handbook: Knowledge) -> None:
    for page in made:
        for source in page.prep.sources:
            cited = passage(source.id, handbook)
            assert cited is not None
            assert source.title.removeprefix("Question bank: ") == cited.title


def _is_filled(template: str, text: str) -> bool:
    """Whether a text is the template with something in each of its blanks."""
    return bool(re.fullmatch(".+".join(map(re.escape, _BLANK.split(template))), text, re.IGNORECASE))
