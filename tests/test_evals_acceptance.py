"""Is the card the problem? What labellers get to read, and what becomes of their verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import acceptance, jsonl
from evals.results import Run, append
from fourthright.domain import Prep
from fourthright.knowledge import Knowledge
from sample import ready


def page() -> Prep:
    """The sample with cards of the handbook, all of one family."""
    prep = ready()
    cards = ("shift-started-on-time", "visit-reached-on-time")
    concerns = tuple(c.model_copy(update={"card_id": card}) for c, card in zip(prep.concerns, cards, strict=False))
    return prep.model_copy(update={"concerns": concerns})


@pytest.fixture
def made(handbook: Knowledge) -> list[tuple[acceptance.Row, acceptance.Key]]:
    return acceptance.rows({f"c{n}": page() for n in range(6)}, handbook)


def test_every_concern_with_a_card_is_a_row_with_its_own_facts(
    made: list[tuple[acceptance.Row, acceptance.Key]], handbook: Knowledge
) -> None:
    prep = page()
    real = [(row, key) for row, key in made if not key.control]
    assert len(real) == 6 * len(prep.concerns)
    for row, key in real:
        assert row.situation == prep.situation.text
        assert all(fact in prep.situation.text for fact in row.facts)
        assert handbook.card(key.card).fill(handbook.card(key.card).behaviour) in row.card


def test_a_control_has_the_card_of_another_family(
    made: list[tuple[acceptance.Row, acceptance.Key]], handbook: Knowledge
) -> None:
    own = next(set(cards) for cards in handbook.families.values() if "shift-started-on-time" in cards)
    controls = [key for _, key in made if key.control]
    assert controls
    assert not {key.card for key in controls} & own


def test_from_pages_to_the_share_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases.jsonl").write_text(
        "".join(json.dumps({"id": f"c{n}", "text": "x"}) + "\n" for n in range(4)), "utf-8"
    )
    as_json = json.loads(page().model_dump_json(by_alias=True))
    for n in range(4):
        run = Run(case_id=f"c{n}", page=as_json, error=None, seconds=1, attempts=(), screened=())
        append(tmp_path / "runs.jsonl", run)
    files = ["--runs", str(tmp_path / "runs.jsonl"), "--cases", str(tmp_path / "cases.jsonl"), "--out", str(tmp_path)]
    assert acceptance.main(["export", *files]) == 0
    keys = jsonl.read(tmp_path / "key.jsonl", acceptance.Key)
    good = [acceptance.Verdict(row=key.row, accepted=not key.control, why="so") for key in keys]
    jsonl.write(tmp_path / "one.jsonl", good)
    jsonl.write(tmp_path / "two.jsonl", [v.model_copy(update={"accepted": True}) for v in good])
    capsys.readouterr()
    assert acceptance.main(["score", str(tmp_path / "one.jsonl"), str(tmp_path / "two.jsonl"), *files]) == 0
    said = capsys.readouterr().out
    controls = sum(key.control for key in keys)
    assert f"| {controls} of {controls} |" in said
    assert f"| 0 of {controls} |" in said
    jsonl.write(tmp_path / "one.jsonl", good[1:])
    assert acceptance.main(["score", str(tmp_path / "one.jsonl"), *files]) == 2
    assert good[0].row in capsys.readouterr().err
