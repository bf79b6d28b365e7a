"""`python -m evals.blind`: pages of two systems side by side, without names, for readers who say which they would rather have.

`export` writes the pairs, one file a reader, and apart from them the key; `score` reads the verdicts. Each reader gets
every pair, the second with the sides exchanged, and among them pairs of which one page belongs to another situation:
who does not see that is no judge.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from evals import cases, jsonl, results
from evals.scorers.agreement import kappa
from evals.scorers.ranking import mean
from evals.tables import sections, table
from fourthright.errors import BadInput, FourthrightError
from fourthright.export import markdown

SEED = 11
CONTROL_EVERY = 5
"""One pair in so many is a control: the same system's page of this situation and of another one."""
Side = Literal["left", "right"]
INSTRUCTIONS = """# Which page would you rather take into the talk?

You are a manager. Each line of pairs.jsonl holds a situation that you typed and two pages made for it, `left` and
`right`. Read both wholly. Choose the page you would rather take into this talk: does it speak of what you described, can
what it asks for be seen and counted, are the numbers yours or marked as proposals, would you put these questions to this
person, is anything wrong, unfair or strange? Length by itself is no merit. If you truly see no difference, say so.

Write one line a pair to verdicts.jsonl: {"pair": "...", "better": "left" | "right" | "same", "why": "one sentence"}.
"""


class Pair(BaseModel):
    """What a reader sees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: str
    situation: str
    left: str
    right: str


class Key(BaseModel):
    """Which side holds the first system's page, or on a control the situation's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: str
    case: str
    first: Side
    control: bool
    words: tuple[int, int]
    """Of the first and of the second system's page; of the own and of the other's on a control."""


class Verdict(BaseModel):
    """What a reader says of a pair."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    pair: str
    better: Literal["left", "right", "same"]
    why: str = Field(min_length=1)


def pairs(situations: Mapping[str, str], first: Mapping[str, str], second: Mapping[str, str]) -> list[tuple[Pair, Key]]:
    """A pair for each case that both systems made a page of, unless the pages are equal, then the controls; shuffled.

    Arguments map a case to the situation's text and to the page of each system.
    """
    chance = random.Random(SEED)
    ids = [case for case in sorted(situations) if case in first and case in second and first[case] != second[case]]
    made = [_pair(chance, situations, case, (first[case], second[case]), control=False) for case in ids]
    others = zip(ids, [*ids[1:], *ids[:1]], strict=True)
    made += [
        _pair(chance, situations, case, (second[case], second[other]), control=True)
        for case, other in list(others)[::CONTROL_EVERY]
        if case != other
    ]
    chance.shuffle(made)
    return [
        (pair.model_copy(update={"pair": f"p{n}"}), key.model_copy(update={"pair": f"p{n}"}))
        for n, (pair, key) in enumerate(made, 1)
    ]


def exchanged(made: Sequence[tuple[Pair, Key]]) -> list[tuple[Pair, Key]]:
    """The same pairs with the sides exchanged, from the last to the first."""
    sides: dict[Side, Side] = {"left": "right", "right": "left"}
    return [
        (
            pair.model_copy(update={"left": pair.right, "right": pair.left}),
            key.model_copy(update={"first": sides[key.first]}),
        )
        for pair, key in reversed(made)
    ]


def report(keys: Sequence[Mapping[str, Key]], verdicts: Sequence[Sequence[Verdict]]) -> str:
    """Each reader's wins of the second system (half a win for "same") with a 95 % interval, and what the reader is worth."""
    rows = [_reader(f"reader {n}", key, said) for n, (key, said) in enumerate(zip(keys, verdicts, strict=True), 1)]
    heading = ["", "pairs", "prefers the second", "the first", "same", "share of wins", "controls seen", "longer wins"]
    return sections(["## Blind pairs", table(heading, rows), _agreement(keys, verdicts)])


def _pair(
    chance: random.Random, situations: Mapping[str, str], case: str, pages: tuple[str, str], *, control: bool
) -> tuple[Pair, Key]:
    first: Side = chance.choice(("left", "right"))
    left, right = pages if first == "left" else pages[::-1]
    key = Key(pair=case, case=case, first=first, control=control, words=(len(pages[0].split()), len(pages[1].split())))
    return Pair(pair=case, situation=situations[case], left=left, right=right), key


def _reader(name: str, keys: Mapping[str, Key], said: Sequence[Verdict]) -> list[object]:
    real = [(keys[v.pair], v.better) for v in said if not keys[v.pair].control]
    controls = [v.better == keys[v.pair].first for v in said if keys[v.pair].control]
    wins = [_win(key, better) for key, better in real]
    longer = [
        float(_win(k, b) == (k.words[1] > k.words[0])) for k, b in real if b != "same" and k.words[0] != k.words[1]
    ]
    counts = [wins.count(1.0), wins.count(0.0), wins.count(0.5)]
    return [name, len(wins), *counts, mean(wins), f"{sum(controls)} of {len(controls)}", mean(longer)]


def _win(key: Key, better: str) -> float:
    return 0.5 if better == "same" else float(better != key.first)


def _agreement(keys: Sequence[Mapping[str, Key]], verdicts: Sequence[Sequence[Verdict]]) -> str:
    if len(verdicts) != 2:
        return ""
    one, two = ({v.pair: _win(key[v.pair], v.better) for v in said} for key, said in zip(keys, verdicts, strict=True))
    both = [(one[pair], two[pair]) for pair in one if pair in two and not keys[0][pair].control]
    same = sum(a == b for a, b in both)
    found = kappa(both)
    return f"The two readers say the same of {same} of {len(both)} pairs" + (f" (kappa {found:.2f})." if found else ".")


def _pages(path: Path) -> dict[str, str]:
    return {run.case_id: markdown.page(results.prep(run.page)) for run in results.read(path) if run.page is not None}


def _export(chosen: argparse.Namespace) -> None:
    situations = {case.id: case.text for case in cases.load(chosen.cases) if not case.golden}
    made = pairs(situations, _pages(chosen.first), _pages(chosen.second))
    for reader, of in (("reader-1", made), ("reader-2", exchanged(made))):
        folder = chosen.out / reader
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "instructions.md").write_text(INSTRUCTIONS, "utf-8")
        jsonl.write(folder / "pairs.jsonl", [pair for pair, _ in of])
        jsonl.write(chosen.out / f"{reader}-key.jsonl", [key for _, key in of])
    print(f"{len(made)} pairs a reader, {sum(key.control for _, key in made)} of them controls, in {chosen.out}")


def _score(chosen: argparse.Namespace) -> None:
    names = ("reader-1", "reader-2")
    keys = [{key.pair: key for key in jsonl.read(chosen.out / f"{name}-key.jsonl", Key)} for name in names]
    verdicts = [jsonl.read(chosen.out / name / "verdicts.jsonl", Verdict) for name in names]
    for name, key, said in zip(names, keys, verdicts, strict=True):
        if missing := key.keys() ^ {verdict.pair for verdict in said}:
            raise BadInput(f"{name}: no verdict, or an unknown pair: {', '.join(sorted(missing))}")
    print(report(keys, verdicts))


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 for files that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.blind", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    export = verbs.add_parser("export", help="pages of two systems -> pairs, one folder a reader, and the keys")
    export.add_argument("first", type=Path, help="what `python -m evals` left of the first system (.jsonl)")
    export.add_argument("second", type=Path, help="the same of the second system")
    export.add_argument("--cases", type=Path, default=Path("evals/cases"))
    export.set_defaults(do=_export)
    score = verbs.add_parser("score", help="keys and verdicts -> wins")
    score.set_defaults(do=_score)
    for verb in (export, score):
        verb.add_argument("--out", type=Path, required=True, help="folder of the pairs, keys and verdicts")
    chosen = parser.parse_args(arguments)
    try:
        chosen.do(chosen)
    except FourthrightError as error:
        print(f"evals.blind: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
