"""Reading: the word lists sort alone; the model may raise a safeguard and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from fakes import ScriptedModel
from fourthright.domain import ObservationKind, Situation
from fourthright.engine import Engine
from fourthright.errors import ReplyCut
from fourthright.llm import never
from fourthright.pieces import Piece
from fourthright.prepare import prepare
from fourthright.prompts import Prompts
from fourthright.reading import LEFT_OUT, raised, read, screened
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


def second_look(prompts: Prompts, reply: object) -> tuple[str | None, ScriptedModel]:
    model = ScriptedModel(reply)  # type: ignore[arg-type]
    return raised(Talk(model, prompts, "The situation.", never)), model


@pytest.mark.parametrize(
    ("reply", "trigger"),
    [
        ({"serious": "none"}, None),
        ({"serious": "retaliation_risk"}, "retaliation_risk"),
        ({"serious": "made_up"}, None),
        ('{"serious": "pretext", "more": 1}', "pretext"),
        ("nonsense", None),
        ("[]", None),
        ("{}", None),
        ('{"serious": 5}', None),
        ('{"serious": ["pretext"]}', None),
    ],
)
def test_a_trigger_is_raised_by_its_id_only(prompt_set: Prompts, reply: object, trigger: str | None) -> None:
    said, model = second_look(prompt_set, reply)
    assert said == trigger
    (asked,) = model.history
    assert set(asked.schema.model_json_schema()["properties"]) == {"serious"}


def test_private_pieces_are_left_out_of_what_is_sent() -> None:
    text = "She missed 3 reports. Her mother is in hospital. 😀 And her rent is due."
    spans = [(22, 47, "private"), (51, 70, "private"), (0, 21, "seen")]
    found = tuple(
        Piece(id=f"o{n}", text=text[a:b], start=a, end=b, kind=kind, sure=True)  # type: ignore[arg-type]
        for n, (a, b, kind) in enumerate(spans, 1)
    )
    reading = read(text, lambda *_: found)  # type: ignore[arg-type]
    sent = screened(Situation(text=text, role="clerk", history="asked in May"), reading)
    assert sent.splitlines()[0] == f"She missed 3 reports. {LEFT_OUT}. 😀 {LEFT_OUT}."
    assert sent.splitlines()[1:] == ["Role: clerk", "Earlier talks: asked in May"]


def test_the_word_lists_alone_keep_offsets_and_say_what_is_sure() -> None:
    reading = read("anything", lambda *_: MIXED)  # type: ignore[arg-type]
    assert [(o.id, o.quote, o.start, o.end, o.kind) for o in reading.observations] == [
        (p.id, p.text, p.start, p.end, p.kind) for p in MIXED
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


def test_the_sorting_is_the_same_with_and_without_a_model(engine: Engine) -> None:
    made, _ = doubted(engine, *[ReplyCut("cut")] * 40)
    page, alone = prepare(Situation(text=NOTE), made), prepare(Situation(text=NOTE), engine)
    assert page.observations == alone.observations
