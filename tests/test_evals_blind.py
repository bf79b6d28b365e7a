"""Blind pairs: what readers get to see, and what becomes of their verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import blind
from evals.results import Run, append
from sample import ready

CASES = {f"c{n}": f"situation {n}" for n in range(10)}
BEFORE = {case: f"page before, {case}" for case in CASES}
AFTER = {case: f"page after, {case}, longer" for case in CASES}


def verdicts(keys: dict[str, blind.Key], *, better: str) -> list[blind.Verdict]:
    """A reader who sees every control, and prefers `better`: first, second, same or the side named."""
    said = {"first": lambda key: key.first, "second": lambda key: "left" if key.first == "right" else "right"}
    return [
        blind.Verdict(pair=p, better=key.first if key.control else said.get(better, lambda _: better)(key), why="so")
        for p, key in keys.items()
    ]


def keys_of(made: list[tuple[blind.Pair, blind.Key]]) -> dict[str, blind.Key]:
    return {key.pair: key for _, key in made}


def test_each_reader_sees_every_pair_the_second_with_the_sides_exchanged() -> None:
    made = blind.pairs(CASES, BEFORE, AFTER)
    again = blind.exchanged(made)
    assert {pair.pair: (pair.left, pair.right) for pair, _ in made} == {
        pair.pair: (pair.right, pair.left) for pair, _ in again
    }
    for pair, key in [*made, *again]:
        shown = pair.left if key.first == "left" else pair.right
        assert shown == (AFTER if key.control else BEFORE)[key.case]
    assert {key.first for _, key in made} == {"left", "right"}


def test_a_control_shows_the_page_of_another_situation() -> None:
    made = [(pair, key) for pair, key in blind.pairs(CASES, BEFORE, AFTER) if key.control]
    assert len(made) == len(CASES) / blind.CONTROL_EVERY
    for pair, key in made:
        wrong = pair.right if key.first == "left" else pair.left
        assert wrong in AFTER.values()
        assert wrong != AFTER[key.case]


def test_equal_pages_and_cases_with_one_page_make_no_pair() -> None:
    made = blind.pairs(CASES, BEFORE, {**AFTER, "c0": BEFORE["c0"], "c1": AFTER["c1"]} | {"c99": "x"})
    assert {key.case for _, key in made if not key.control} == CASES.keys() - {"c0"}


@pytest.mark.parametrize(
    ("better", "share"), [("second", "1.00 (1.00 to 1.00)"), ("first", "0.00"), ("same", "0.50 (0.50 to 0.50)")]
)
def test_wins_of_the_second_system(better: str, share: str) -> None:
    keys = keys_of(blind.pairs(CASES, BEFORE, AFTER))
    text = blind.report([keys], [verdicts(keys, better=better)])
    assert f"| {share}" in text
    assert "2 of 2" in text


def test_a_reader_who_always_takes_one_side_wins_half_and_misses_controls() -> None:
    made = blind.pairs(CASES, BEFORE, AFTER)
    both = [keys_of(made), keys_of(blind.exchanged(made))]
    said = [[blind.Verdict(pair=p, better="left", why="so") for p in keys] for keys in both]
    rows = [line for line in blind.report(both, said).splitlines() if line.startswith("| reader")]
    seen = [int(row.split("|")[7].split(" of ")[0]) for row in rows]
    assert sum(seen) == 2
    assert "say the same of 0 of 10" in blind.report(both, said)


def test_from_the_files_of_a_run_to_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prep = ready()
    case = {"id": "d1", "text": prep.situation.text}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n", "utf-8")
    for name, page in (("a", prep), ("b", prep.model_copy(update={"gut_check": "Would you sign this?"}))):
        made = json.loads(page.model_dump_json(by_alias=True))
        append(
            tmp_path / f"{name}.jsonl", Run(case_id="d1", page=made, error=None, seconds=1, attempts=(), screened=())
        )
    files = [str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--cases", str(tmp_path / "cases.jsonl")]
    assert blind.main(["export", *files, "--out", str(tmp_path)]) == 0
    for reader in ("reader-1", "reader-2"):
        seen = [json.loads(line) for line in (tmp_path / reader / "pairs.jsonl").read_text("utf-8").splitlines()]
        assert all(prep.situation.text == pair["situation"] for pair in seen)
        said = "".join(json.dumps({"pair": p["pair"], "better": "same", "why": "so"}) + "\n" for p in seen)
        (tmp_path / reader / "verdicts.jsonl").write_text(said, "utf-8")
    assert blind.main(["score", "--out", str(tmp_path)]) == 0
    assert "reader 2" in capsys.readouterr().out


def test_a_missing_verdict_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = blind.pairs(CASES, BEFORE, AFTER)
    for reader in ("reader-1", "reader-2"):
        (tmp_path / reader).mkdir()
        (tmp_path / f"{reader}-key.jsonl").write_text("".join(k.model_dump_json() + "\n" for _, k in made), "utf-8")
        said = "".join(json.dumps({"pair": p.pair, "better": "same", "why": "so"}) + "\n" for p, _ in made[1:])
        (tmp_path / reader / "verdicts.jsonl").write_text(said, "utf-8")
    assert blind.main(["score", "--out", str(tmp_path)]) == 2
    assert made[0][1].pair in capsys.readouterr().err
