"""Reading: the model may take evidence away and raise a safeguard, never the other way round."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from fakes import ScriptedModel
from fourthright.domain import ObservationKind, Situation
from fourthright.errors import ReplyCut
from fourthright.llm import never
from fourthright.pieces import Piece
from fourthright.prepare import Engine, prepare
from fourthright.prompts import Prompts
from fourthright.reading import LEFT_OUT, MOST_DOUBTFUL, Reading, by_words, screened, sort_task, with_model
from fourthright.talk import Talk

SURE, DOUBTFUL = True, False


def pieces(*made: tuple[str, ObservationKind, bool]) -> tuple[Piece, ...]:
    found, start = [], 0
    for number, (text, kind, sure) in enumerate(made, 1):
        found.append(Piece(id=f"o{number}", text=text, start=start, end=start + len(text), kind=kind, sure=sure))
        start += len(text) + 2
    return tuple(found)


MIXED = pieces(
    ("She missed 3 of 5 reports", "seen", SURE),
    ("the stand-up was quiet", "seen", DOUBTFUL),
    ("she looked out of the window", "seen", DOUBTFUL),
    ("she is sloppy", "label", DOUBTFUL),
    ("her mother is in hospital", "private", SURE),
    ("we moved the desks", "background", DOUBTFUL),
)


def read(prompts: Prompts, reply: object, of: Sequence[Piece] = MIXED) -> tuple[Reading, ScriptedModel]:
    model = ScriptedModel(reply)  # type: ignore[arg-type]
    return with_model(of, Talk(model, prompts, "The situation.", never)), model


def kinds(reading: Reading) -> list[str]:
    return [o.kind for o in reading.observations]


def test_only_doubtful_evidence_is_asked_about(prompt_set: Prompts) -> None:
    _, model = read(prompt_set, {"serious": "none", "o2": "seen", "o3": "seen"})
    (asked,) = model.history
    assert set(asked.schema.model_json_schema()["properties"]) == {"serious", "o2", "o3"}
    assert "o2: the stand-up was quiet" in asked.messages[-1].content
    assert all(left not in asked.messages[-1].content for left in ("sloppy", "hospital", "desks", "3 of 5"))


def test_the_model_takes_doubtful_evidence_away(prompt_set: Prompts) -> None:
    reading, _ = read(prompt_set, {"serious": "none", "o2": "background", "o3": "strength"})
    assert kinds(reading) == ["seen", "background", "strength", "label", "private", "background"]
    again, _ = read(prompt_set, {"serious": "none", "o2": "history", "o3": "seen"})
    assert kinds(again)[1:3] == ["background", "seen"]


@pytest.mark.parametrize(
    "reply",
    [
        {"serious": "none", "o1": "background", "o2": "seen", "o3": "seen", "o4": "seen", "o5": "seen", "o6": "seen"},
        {"o4": "seen", "o5": "background", "o6": "seen"},
        {"serious": "none", "o2": "private", "o3": "label"},
    ],
)
def test_nothing_else_is_moved_by_the_model(prompt_set: Prompts, reply: dict[str, str]) -> None:
    reading, _ = read(prompt_set, reply)
    assert kinds(reading) == [piece.kind for piece in MIXED]


@pytest.mark.parametrize("reply", ["nonsense", "[]", "{}", '{"serious": 5, "o2": ["seen"]}'])
def test_a_broken_reply_leaves_the_sorting_of_the_word_lists(prompt_set: Prompts, reply: str) -> None:
    reading, _ = read(prompt_set, reply)
    assert kinds(reading) == [piece.kind for piece in MIXED]
    assert reading.raised is None


def test_what_can_be_read_of_a_broken_reply_counts(prompt_set: Prompts) -> None:
    reading, _ = read(prompt_set, '{"serious": "pretext", "o2": "background"}')
    assert kinds(reading)[1] == "background"
    assert reading.raised == "pretext"


def test_the_only_evidence_is_never_put_before_the_model(prompt_set: Prompts) -> None:
    lonely = pieces(("the stand-up was quiet", "seen", DOUBTFUL), ("she is sloppy", "label", SURE))
    reading, model = read(prompt_set, {"serious": "none"}, lonely)
    assert set(model.history[0].schema.model_json_schema()["properties"]) == {"serious"}
    assert kinds(reading) == ["seen", "label"]


def test_a_long_text_asks_about_so_many_pieces_at_most(prompt_set: Prompts) -> None:
    many = pieces(("She missed 3 of 5", "seen", SURE), *[(f"something {n}", "seen", DOUBTFUL) for n in range(20)])
    task = sort_task(many, prompt_set)
    assert sum(f"something {n}" in task.splitlines()[-MOST_DOUBTFUL + n] for n in range(MOST_DOUBTFUL)) == MOST_DOUBTFUL
    assert f"something {MOST_DOUBTFUL}" not in task


@pytest.mark.parametrize(
    ("said", "raised"), [("none", None), ("retaliation_risk", "retaliation_risk"), ("made_up", None)]
)
def test_a_trigger_is_raised_by_its_id_only(prompt_set: Prompts, said: str, raised: str | None) -> None:
    reading, _ = read(prompt_set, {"serious": said, "o2": "seen", "o3": "seen"})
    assert reading.raised == raised


def test_private_pieces_are_left_out_of_what_is_sent() -> None:
    text = "She missed 3 reports. Her mother is in hospital. 😀 And her rent is due."
    spans = [(22, 47, "private"), (51, 70, "private"), (0, 21, "seen")]
    found = tuple(
        Piece(id=f"o{n}", text=text[a:b], start=a, end=b, kind=kind, sure=True)  # type: ignore[arg-type]
        for n, (a, b, kind) in enumerate(spans, 1)
    )
    reading, _ = by_words(text, lambda _: found)  # type: ignore[arg-type]
    sent = screened(Situation(text=text, role="clerk", history="asked in May"), reading)
    assert sent.splitlines()[0] == f"She missed 3 reports. {LEFT_OUT}. 😀 {LEFT_OUT}."
    assert sent.splitlines()[1:] == ["Role: clerk", "Earlier talks: asked in May"]


def test_the_word_lists_alone_keep_offsets_and_say_what_is_sure() -> None:
    reading, made = by_words("anything", lambda _: MIXED)  # type: ignore[arg-type]
    assert [(o.id, o.quote, o.start, o.end) for o in reading.observations] == [
        (p.id, p.text, p.start, p.end) for p in made
    ]
    assert reading.sure == {"o1", "o5"}


NOTE = "On Monday Noor left 34 of 40 parcels unscanned. On Tuesday she left 12 of 40 unscanned. I asked her in May."


def doubted(engine: Engine, *replies: object) -> tuple[Engine, ScriptedModel]:
    model = ScriptedModel(*replies)  # type: ignore[arg-type]
    return dataclasses.replace(engine, model=model), model


@pytest.mark.parametrize("trigger", ["harassment_or_discrimination_complaint", "self_harm", "protected_leave"])
def test_a_trigger_without_second_evidence_raises_no_flag(engine: Engine, trigger: str) -> None:
    made, _ = doubted(engine, {"serious": trigger}, *[ReplyCut("cut")] * 40)
    page = prepare(Situation(text=NOTE), made)
    assert page.status == "ready"
    assert trigger not in {flag.trigger for flag in page.flags}


def test_a_reply_that_was_rejected_leaves_the_sorting_of_the_word_lists(engine: Engine) -> None:
    made, _ = doubted(engine, *[ReplyCut("cut")] * 40)
    page, alone = prepare(Situation(text=NOTE), made), prepare(Situation(text=NOTE), engine)
    assert page.observations == alone.observations
