"""The product end to end: a situation in, one page out, by the handbook alone and with a scripted model."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from fakes import ScriptedModel
from fourthright.domain import DIMENSIONS, INSPIRE, Prep, Progress, Situation, Tokens
from fourthright.drafting import Attempt, ExpectationDraft, QuestionDraft
from fourthright.engine import Engine
from fourthright.errors import Cancelled, ModelUnavailable, ReplyCut
from fourthright.export.markdown import employee, words
from fourthright.export.markdown import page as as_markdown
from fourthright.llm import Cancel, Message, Reply, never
from fourthright.prepare import prepare
from fourthright.reading import LEFT_OUT
from fourthright.shortening import MOST_WORDS

CASES = Path(__file__).parents[1] / "evals" / "cases" / "situations.jsonl"
READY = (
    "Tomasz runs the night desk and trained both new porters well. On Monday he came 25 minutes after the start of his "
    "shift and on Thursday 40 minutes. 6 of the 7 days in the key log were empty. I asked him in May to fill it in and "
    "it held for two weeks, then it was back. He is just sloppy. His mother is in hospital. "
    "One of the porters told me that he sleeps on shift."
)
NO_EVIDENCE = "Tomasz has a bad attitude. He is just not a team player and everybody says he does not care."
WITHHELD = "She filed a harassment complaint against me in May. On Monday she was 25 minutes late. I want her out."


class Willing:
    """A ChatModel that answers every call in its schema: picks the first of what is offered, drafts what it is told."""

    name = "willing"

    def __init__(self, line: dict[str, str] | None = None, question: dict[str, str] | None = None) -> None:
        self.line, self.question = line or {}, question or {}
        self.history: list[tuple[Message, ...]] = []

    def ask(
        self, messages: list[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
    ) -> Reply:
        if cancelled():
            raise Cancelled("Stopped.")
        self.history.append(tuple(messages))
        return Reply(text=json.dumps(self._answer(schema)), tokens=Tokens(fresh=10, cached=90, written=5))

    def warm(self, messages: list[Message]) -> None:
        self.history.append(tuple(messages))

    def _answer(self, schema: type[BaseModel]) -> dict[str, str]:
        if schema is ExpectationDraft:
            return {name: self.line.get(name, "x") for name in schema.model_fields}
        if schema is QuestionDraft:
            return {name: self.question.get(name, "x") for name in schema.model_fields}
        fields = schema.model_json_schema()["properties"]
        return {name: "none" if "none" in field["enum"] else field["enum"][0] for name, field in fields.items()}


def with_model(engine: Engine, model: object) -> Engine:
    return dataclasses.replace(engine, model=model)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def ready(engine: Engine) -> Prep:
    return prepare(Situation(text=READY), engine)


def test_a_ready_page_is_whole(ready: Prep) -> None:
    assert ready.status == "ready"
    assert 1 <= len(ready.expectations) == len(ready.concerns) <= 4
    assert tuple(step.name for step in ready.agenda.steps) == INSPIRE
    assert {q.dimension for q in ready.agenda.questions} >= set(DIMENSIONS)
    assert all((ready.agenda.closing, ready.gut_check, ready.gaps, ready.your_part, ready.follow_up, ready.sources))
    known = {source.id for source in ready.sources}
    lines = [*(e.sources for e in ready.expectations), *(q.sources for q in ready.agenda.questions)]
    assert all(sources and set(sources) <= known for sources in lines)
    assert {e.concern_id for e in ready.expectations} == {c.id for c in ready.concerns}


def test_private_matters_and_hearsay_stay_off_the_page(ready: Prep) -> None:
    spoken = as_markdown(ready).split("## Sources")[0]
    assert "hospital" not in spoken
    assert "sleeps" not in spoken
    assert not re.search(r"hospital|sleeps|sloppy|Monday", employee(ready))


def test_after_a_relapse_the_page_asks_what_made_it_stop(engine: Engine, ready: Prep) -> None:
    relapse = {q.id for q in engine.knowledge.questions if q.when == "relapse"}
    assert any(set(q.sources) & relapse for q in ready.agenda.questions)


def test_nothing_seen_is_no_evidence(engine: Engine) -> None:
    page = prepare(Situation(text=NO_EVIDENCE), engine)
    assert (page.status, page.expectations, page.concerns) == ("no_evidence", (), ())
    assert page.watch_for
    assert {q.dimension for q in page.agenda.questions} == {"clarity"}
    assert all(q.purpose == "explore" for q in page.agenda.questions)


def test_a_grave_matter_goes_to_hr(engine: Engine) -> None:
    page = prepare(Situation(text=WITHHELD), engine)
    assert (page.status, page.expectations, page.agenda.questions) == ("withheld", (), ())
    assert page.agenda.with_ == "HR"
    assert page.flags[0].level in ("STOP", "HOLD", "REFUSE")
    assert page.gaps


def test_the_history_field_is_screened_too(engine: Engine) -> None:
    page = prepare(Situation(text=READY, history="She filed a harassment complaint against me in May."), engine)
    assert page.status == "withheld"


@pytest.mark.parametrize("text", [WITHHELD, NO_EVIDENCE])
def test_a_page_without_drafts_never_calls_the_model(engine: Engine, text: str) -> None:
    model = ScriptedModel()
    page = prepare(Situation(text=text), with_model(engine, model))
    assert page.status != "ready"
    assert model.history == []
    assert page.made_with.model is None


MESSY = [
    READY,
    READY.replace(". ", ".\r\n"),
    READY.replace(". ", " 😀👩‍🔧.\r\n\r\n"),
    "• " + READY.replace(". ", "\n• "),
    READY.upper(),
    "\u00a0" + READY.replace("'", "’").replace("Tomasz", "Tomáš") + " \t\r\n",
]


@pytest.mark.parametrize("text", MESSY)
def test_every_quote_is_an_exact_piece_of_what_was_typed(engine: Engine, text: str) -> None:
    page = prepare(Situation(text=text), engine)
    assert page.situation.text == text
    assert page.observations
    assert all(text[o.start : o.end] == o.quote for o in page.observations)
    assert all(label.replaces is None or label.replaces in text for label in page.expectations)
    assert all(flag.quote in text for flag in page.flags)
    read_back = json.loads(page.model_dump_json(by_alias=True))
    assert [o["quote"] for o in read_back["observations"]] == [text[o.start : o.end] for o in page.observations]


def test_every_development_situation_becomes_a_page_within_its_words(engine: Engine) -> None:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    pages = {row["id"]: prepare(Situation(text=row["text"]), engine) for row in rows}
    counts = {name: words(as_markdown(page)) for name, page in pages.items()}
    assert {name: count for name, count in counts.items() if count > MOST_WORDS} == {}
    assert {page.status for page in pages.values()} == {"ready", "no_evidence", "withheld"}


def test_progress_counts_up_and_every_snapshot_is_a_page(engine: Engine) -> None:
    told: list[Progress] = []
    finished = prepare(Situation(text=READY), with_model(engine, Willing()), on_progress=told.append)
    assert [p.done for p in told] == sorted(p.done for p in told)
    assert all(p.doing and 0 <= p.done <= p.total for p in told)
    pages = [p.page for p in told if p.page]
    assert pages
    for page in pages:
        assert Prep.model_validate_json(page.model_dump_json(by_alias=True)) == page
    lines = [(len(p.expectations), len(p.agenda.questions)) for p in pages]
    assert lines == sorted(lines)
    assert lines[0][0] >= 1
    assert pages[-1].expectations == finished.expectations


@pytest.mark.parametrize("calls", [0, 1, 2, 3])
def test_stop_ends_it_at_once(engine: Engine, calls: int) -> None:
    model = Willing()
    with pytest.raises(Cancelled):
        prepare(Situation(text=READY), with_model(engine, model), cancelled=lambda: len(model.history) >= calls)
    assert len(model.history) == calls


def test_what_made_the_page_is_written_down(engine: Engine) -> None:
    model = Willing()
    found = prepare(Situation(text=READY), with_model(engine, model)).made_with
    assert (found.model, found.prompts) == ("willing", engine.prompts.versions)
    assert found.tokens == Tokens(
        fresh=10 * len(model.history), cached=90 * len(model.history), written=5 * len(model.history)
    )
    alone = prepare(Situation(text=READY), engine).made_with
    assert (alone.model, alone.prompts, alone.tokens) == (None, {}, Tokens())


def test_every_call_begins_alike_and_private_pieces_are_never_sent(engine: Engine) -> None:
    model = Willing()
    prepare(Situation(text=READY), with_model(engine, model))
    assert len(model.history) > 3
    first = model.history[0][:-1]
    assert all(call[: len(first)] == first for call in model.history)
    sent = " ".join(message.content for call in model.history for message in call)
    assert LEFT_OUT in sent
    assert "hospital" not in sent


def test_a_model_that_writes_nothing_useful_is_never_worse_than_the_handbook(engine: Engine, ready: Prep) -> None:
    tried: list[Attempt] = []
    page = prepare(Situation(text=READY), with_model(engine, Willing()), observe=tried.append)
    assert [e.behaviour.split()[0] for e in page.expectations] == [e.behaviour.split()[0] for e in ready.expectations]
    assert {e.origin for e in page.expectations} <= {"fallback", "chosen"}
    assert {q.origin for q in page.agenda.questions} <= {"fallback", "bank"}
    assert all(attempt.broken for attempt in tried)
    assert {attempt.stage for attempt in tried} == {"drafted", "repaired"}


@pytest.mark.parametrize("last", [ModelUnavailable("gone"), ReplyCut("cut")])
def test_a_model_that_fails_in_the_middle_leaves_a_whole_page(engine: Engine, ready: Prep, last: Exception) -> None:
    class Failing(Willing):
        """Answers until it has drafted one expectation, a copy of the handbook's own."""

        failed = 0

        def ask(
            self, messages: list[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
        ) -> Reply:
            if any("EXPECTATION" in call[-1].content for call in self.history):
                self.failed += 1
                raise last
            return super().ask(messages, schema=schema, max_tokens=max_tokens, cancelled=cancelled)

    first, second = ready.expectations
    model = Failing(line={"behaviour": first.behaviour, "measure": first.measure, "first_step": first.first_step})
    page = prepare(Situation(text=READY), with_model(engine, model))
    assert page.status == "ready"
    assert page.expectations[0].behaviour == first.behaviour
    assert page.expectations[1].sources == second.sources
    assert page.expectations[1].origin in ("chosen", "fallback")
    assert len(page.agenda.questions) == len(ready.agenda.questions)
    assert (page.made_with.model or "").startswith("willing")
    stopped = isinstance(last, ModelUnavailable)
    assert (model.failed == 1) == stopped, "a model that went away is not asked again"
    assert (page.made_with.model != "willing") == stopped, "and the page says so"


def test_a_model_that_cannot_be_reached_at_all_is_an_error(engine: Engine) -> None:
    with pytest.raises(ModelUnavailable):
        prepare(Situation(text=READY), with_model(engine, ScriptedModel(ModelUnavailable("not there"))))
