"""The review: findings and suggestions that pass, the questions together, the safeguards, and the page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import ScriptedModel
from fourthright.checks import check_question
from fourthright.domain import DIMENSIONS, Situation
from fourthright.engine import Engine
from fourthright.errors import BadInput, ModelUnavailable, NotEnglish
from fourthright.export import review as markdown
from fourthright.overview import ENOUGH
from fourthright.reviewed import Review
from fourthright.reviewing import review

LABELS = Path(__file__).parents[1] / "evals" / "labels" / "questions.jsonl"
UNTURNED = "Isn't Greta simply not up to the recall list?"
"""Broken, with a subject, and of no form that code turns."""


def noted(found: Review) -> dict[str, tuple[int, ...]]:
    return {note.id: note.questions for note in found.notes}


def broken(text: str, engine: Engine, names: tuple[str, ...] = ()) -> list[str]:
    return [f.rule for f in check_question(text, "explore", engine.knowledge, names) if f.severity == "error"]


def test_a_question_comes_back_with_its_findings_and_a_wording_that_passes(engine: Engine) -> None:
    found = review("1. Why didn't you call the client back?\n2. What would help you with the log?", engine)
    first, second = found.questions
    assert [finding.rule for finding in first.findings] == ["no-blame"]
    assert first.suggestion == "What kept you from calling the client back?"
    assert first.made == "form"
    assert (second.findings, second.suggestion, second.made) == ((), None, None)
    assert not found.withheld


def test_the_json_has_the_promised_keys(engine: Engine) -> None:
    made = review("What would help you with the log?", engine).model_dump()
    assert {"questions", "coverage", "missing", "proposals", "flags", "notes"} <= set(made)
    assert {"text", "purpose", "dimension", "findings", "suggestion"} <= set(made["questions"][0])
    assert set(made["coverage"]) == set(DIMENSIONS)


def test_every_suggestion_passes_and_most_broken_questions_get_one(engine: Engine) -> None:
    lines = (json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines())
    rows = [row for row in lines if row["half"] == "development" and row["broken"]]
    asked = [row["text"] for row in rows if row["purpose"] == "explore" and "no-private-matters" not in row["broken"]]
    found = [q for q in review("\n".join(asked[::3]), engine).questions if q.findings]
    assert len(found) > 20
    suggested = [q.suggestion for q in found if q.suggestion]
    assert [broken(text, engine) for text in suggested] == [[]] * len(suggested)
    assert len(suggested) / len(found) >= 0.9


def test_private_probes_are_left_out_never_reworded(engine: Engine) -> None:
    found = review("How is your back, by the way?\nWhat does good look like to you?", engine)
    probe = found.questions[0]
    assert [finding.rule for finding in probe.findings] == ["no-private-matters"]
    assert probe.suggestion is None
    assert probe.dimension is None
    assert noted(found)["private"] == (0,)


def test_the_work_part_of_a_private_question_stays(engine: Engine) -> None:
    found = review("Can you commit to the early shift now that your chemo is over? (closed)", engine)
    assert found.questions[0].suggestion == "Can you commit to the early shift?"


def test_a_withheld_question_has_its_flags_and_nothing_else(engine: Engine) -> None:
    found = review("Are you pregnant?\nWhat gets in your way?", engine)
    held, other = found.questions
    assert held.flags
    assert (held.findings, held.suggestion, held.dimension) == ((), None, None)
    assert other.dimension == "conflicts"
    assert found.withheld
    assert {flag.trigger for flag in found.flags} == {flag.trigger for flag in held.flags}


@pytest.mark.parametrize("where", ["situation", "notes"])
def test_what_stands_around_the_questions_can_withhold_them_all(engine: Engine, where: str) -> None:
    said = "She told me she wants to kill herself."
    pasted = "Why didn't you call the client back?"
    found = (
        review(pasted, engine, Situation(text=said)) if where == "situation" else review(f"{said}\n{pasted}", engine)
    )
    assert found.withheld
    assert found.flags[0].level == "STOP"
    assert found.questions[0].suggestion is None
    assert found.questions[0].findings == ()
    assert found.proposals == ()


def test_missing_dimensions_get_two_questions_that_pass(engine: Engine) -> None:
    found = review("What gets in your way?", engine)
    assert found.missing == ("clarity", "confidence", "conviction")
    assert [p.dimension for p in found.proposals] == ["clarity"] * 2 + ["confidence"] * 2 + ["conviction"] * 2
    assert [broken(proposal.text, engine) for proposal in found.proposals] == [[]] * 6


def test_proposals_speak_of_the_situation(engine: Engine) -> None:
    situation = Situation(text="Noor left the cleaning log blank on four of five days last week.")
    found = review("What gets in your way?", engine, situation)
    assert "log" in " ".join(proposal.text for proposal in found.proposals)


def test_the_questions_together(engine: Engine) -> None:
    found = review(
        "Can you commit to the log? (closed)\nWhat keeps you here?\nWhat does good look like to you?\n"
        "Which part of the log is hardest for you?\nWhat is the most difficult part of the log for you?",
        engine,
    )
    notes = noted(found)
    assert notes["commitment-last"] == (0,)
    assert notes["duplicate"] == (3, 4)
    assert "order" in notes
    assert "opener-first" in notes
    assert "too-many" not in notes


def test_an_offer_of_help_may_follow_the_commitment(engine: Engine) -> None:
    found = review(
        "How do you see it?\nCan you commit to the log? (closed)\nWhat else can I do to be most helpful?", engine
    )
    assert "commitment-last" not in noted(found)


def test_too_many_says_how_many_and_why(engine: Engine) -> None:
    note = next(n for n in review("What gets in your way?\n" * (ENOUGH + 1), engine).notes if n.id == "too-many")
    assert str(ENOUGH) in note.text
    assert note.source in {work.id for work in engine.knowledge.works}


def test_a_text_without_a_question_is_bad_input(engine: Engine) -> None:
    with pytest.raises(BadInput, match="no question"):
        review("Bring the printout.", engine)


def with_model(engine: Engine, *replies: object) -> tuple[Engine, ScriptedModel]:
    model = ScriptedModel(*replies)  # type: ignore[arg-type]
    return replace(engine, model=model), model


def test_the_model_words_what_no_form_turns(engine: Engine) -> None:
    better = "What would help you with the recall list?"
    made, model = with_model(engine, {"question": better})
    found = review(UNTURNED, made).questions[0]
    assert (found.suggestion, found.made) == (better, "model")
    assert UNTURNED in model.history[0].messages[-1].content


@pytest.mark.parametrize(
    "reply",
    [
        {"question": "Is the recall list too much for you?"},
        {"question": "What would help you with the quarterly budget forecast?"},
        {"question": "What do you dream of?"},
        "no json",
    ],
)
def test_what_the_model_gets_wrong_the_handbook_says(engine: Engine, reply: object) -> None:
    made, _ = with_model(engine, reply)
    found = review(UNTURNED, made).questions[0]
    assert found.made == "handbook"
    assert found.suggestion is not None
    assert broken(found.suggestion, engine) == []


def test_the_model_is_not_asked_where_form_is_enough_or_the_matter_is_private(engine: Engine) -> None:
    made, model = with_model(engine)
    review("Did you finish the log?\nHow is your back, by the way?", made)
    assert model.history == []


def test_a_model_that_stops_later_leaves_the_rest_to_the_handbook(engine: Engine) -> None:
    made, _ = with_model(engine, {"question": "What would help you with the recall list?"}, ModelUnavailable("gone"))
    found = review(f"{UNTURNED}\nIsn't Karim simply not up to the count sheet?", made)
    assert [question.made for question in found.questions] == ["model", "handbook"]


def test_a_model_that_never_answers_is_an_error(engine: Engine) -> None:
    made, _ = with_model(engine, ModelUnavailable("gone"))
    with pytest.raises(ModelUnavailable):
        review(UNTURNED, made)


def test_the_page_shows_before_and_after_with_the_words_marked(engine: Engine) -> None:
    shown = markdown.page(review("Why did you send the <script>price?\nHow is your back?\nAre you pregnant?", engine))
    assert "**Why did you**" in shown
    assert "\\<script\\>price" in shown
    assert markdown.NOTHING in shown
    assert "Withheld" in shown
    assert all(line.count(" | ") == 3 for line in shown.splitlines() if line[:3] in ("| 1", "| 2"))


def test_a_list_in_another_language_is_one_clear_line(engine: Engine) -> None:
    with pytest.raises(NotEnglish, match="another language"):
        review("¿Qué te impide terminar el informe?\n¿Cómo ves tú la situación?", engine)
    with pytest.raises(NotEnglish, match="another language"):
        review("你觉得报告为什么总是迟交？\n你能在周五之前完成吗？", engine)


def test_a_question_in_another_language_does_not_stop_the_others(engine: Engine) -> None:
    found = review("How do you see it?\nWie siehst du die Lage im Team?\nWhat did Łukasz say about the Kanban?", engine)
    assert [question.text for question in found.questions] == [
        "How do you see it?", "What did Łukasz say about the Kanban?",
    ]  # fmt: skip
    (note,) = [note for note in found.notes if note.id == "not-english"]
    assert "Wie siehst du" in note.text


def test_an_address_in_a_question_stays_whole(engine: Engine) -> None:
    asked = "What stopped you from filling in https://wiki.example.org/log?page=3&x=_1_ on Monday?"
    (question,) = review(asked, engine).questions
    assert (question.text, question.findings) == (asked, ())


def test_tags_of_a_web_page_are_no_words(engine: Engine) -> None:
    (question,) = review("<p>Did you <b>call</b> the client?</p>", engine).questions
    assert question.text == "Did you call the client?"
    assert question.suggestion == "How did you get on with calling the client?"
