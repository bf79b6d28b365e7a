"""`python -m evals.acceptance`: is the card that a concern rests on the problem that the manager described?

`export` writes what labellers read, and apart from it the key; `score` reads their verdicts. One row in six is a
control with the card of another family: who accepts those is no judge.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from evals import cases, jsonl, results
from evals.scorers.agreement import kappa
from evals.scorers.ranking import mean
from evals.tables import sections, table
from fourthright import knowledge
from fourthright.domain import Prep
from fourthright.errors import BadInput, FourthrightError
from fourthright.finding import GENERAL_CARD
from fourthright.knowledge import Knowledge

SEED = 5
CONTROL_EVERY = 6
INSTRUCTIONS = """# Is this the problem?

A manager typed `situation`. A tool took the words in `facts` as one thing to talk about and chose a handbook card for it:
`card` says in its title and behaviour what should happen instead. Read the whole situation. Is the behaviour of the card
what is missing in these facts, so that the manager would say "yes, this is the problem"? A card about something beside
it, one that is only related, or one of another setting whose words do not fit is a no. So are facts that are no problem.

Write one line a row to verdicts.jsonl: {"row": "...", "accepted": true | false, "why": "one short sentence"}.
"""


class Row(BaseModel):
    """What a labeller reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: str
    situation: str
    facts: tuple[str, ...]
    card: str


class Key(BaseModel):
    """Where a row comes from; on a control the card is a wrong one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: str
    case: str
    card: str
    control: bool


class Verdict(BaseModel):
    """What a labeller says of a row."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    row: str
    accepted: bool
    why: str = Field(min_length=1)


def rows(preps: Mapping[str, Prep], handbook: Knowledge) -> list[tuple[Row, Key]]:
    """A row for each concern of each page that rests on a card of its own, then the controls; shuffled.

    `preps` maps a case to its page. Concerns on the general card, which says nothing, make no row.
    """
    chance = random.Random(SEED)
    made: list[tuple[Row, Key]] = []
    for case, prep in sorted(preps.items()):
        quotes = {o.id: o.quote for o in prep.observations}
        for concern in prep.concerns:
            if concern.card_id in (None, GENERAL_CARD):
                continue
            facts = tuple(quotes[i] for i in concern.observation_ids)
            made.append(_row(prep, case, facts, str(concern.card_id), handbook, control=False))
            if len(made) % CONTROL_EVERY == 0:
                wrong = chance.choice(_elsewhere(str(concern.card_id), handbook))
                made.append(_row(prep, case, facts, wrong, handbook, control=True))
    chance.shuffle(made)
    return [
        (row.model_copy(update={"row": f"r{n}"}), key.model_copy(update={"row": f"r{n}"}))
        for n, (row, key) in enumerate(made, 1)
    ]


def report(keys: Mapping[str, Key], verdicts: Sequence[Sequence[Verdict]], general: int) -> str:
    """The share of concerns whose card each labeller accepts, counting the `general` ones as not accepted too."""
    lines: list[list[object]] = []
    for n, said in enumerate(verdicts, 1):
        real = [float(v.accepted) for v in said if not keys[v.row].control]
        controls = [v.accepted for v in said if keys[v.row].control]
        known = f"{controls.count(False)} of {len(controls)}"
        lines.append([f"labeller {n}", len(real), mean(real), mean([*real, *[0.0] * general]), known])
    heading = ["", "concerns with a card", "accepted", f"with {general} on the general card", "controls refused"]
    found = [table(heading, lines)]
    if len(verdicts) == 2:
        one, two = ({v.row: v.accepted for v in said if not keys[v.row].control} for said in verdicts)
        both = [(one[row], two[row]) for row in one]
        by_both = sum(a and b for a, b in both)
        value = kappa(both)
        agreed = f"Both accept {by_both} of {len(both)}" + (f"; kappa {value:.2f}." if value is not None else ".")
        found.append(agreed)
    return sections(["## The card behind each concern", *found])


def _row(
    prep: Prep, case: str, facts: tuple[str, ...], card_id: str, handbook: Knowledge, *, control: bool
) -> tuple[Row, Key]:
    card = handbook.card(card_id)
    says = f"{card.fill(card.title)}: {card.fill(card.behaviour)}"
    return (
        Row(row=case, situation=prep.situation.text, facts=facts, card=says),
        Key(row=case, case=case, card=card_id, control=control),
    )


def _elsewhere(card_id: str, handbook: Knowledge) -> list[str]:
    own = next(cards for cards in handbook.families.values() if card_id in cards)
    return [card.id for card in handbook.cards if card.id not in own and card.id != GENERAL_CARD]


def _preps(runs: Path, wanted: Path) -> dict[str, Prep]:
    ids = {case.id for case in cases.load(wanted) if not case.golden}
    pages = {run.case_id: run.page for run in results.read(runs) if run.case_id in ids and run.page is not None}
    return {case: results.prep(page) for case, page in pages.items()}


def _export(chosen: argparse.Namespace) -> None:
    preps = _preps(chosen.runs, chosen.cases)
    made = rows(preps, knowledge.load())
    chosen.out.mkdir(parents=True, exist_ok=True)
    jsonl.write(chosen.out / "rows.jsonl", [row for row, _ in made])
    jsonl.write(chosen.out / "key.jsonl", [key for _, key in made])
    (chosen.out / "instructions.md").write_text(INSTRUCTIONS, "utf-8")
    print(
        f"{len(made)} rows, {sum(key.control for _, key in made)} of them controls; {_general(preps)} on the general card"
    )


def _score(chosen: argparse.Namespace) -> None:
    keys = {key.row: key for key in jsonl.read(chosen.out / "key.jsonl", Key)}
    verdicts = [jsonl.read(path, Verdict) for path in chosen.verdicts]
    for path, said in zip(chosen.verdicts, verdicts, strict=True):
        if missing := keys.keys() ^ {verdict.row for verdict in said}:
            raise BadInput(f"{path}: no verdict, or an unknown row: {', '.join(sorted(missing))}")
    print(report(keys, verdicts, _general(_preps(chosen.runs, chosen.cases))))


def _general(preps: Mapping[str, Prep]) -> int:
    return sum(concern.card_id == GENERAL_CARD for prep in preps.values() for concern in prep.concerns)


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 for files that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.acceptance", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    export = verbs.add_parser("export", help="pages -> rows to label, and the key")
    export.set_defaults(do=_export)
    score = verbs.add_parser("score", help="key and verdicts -> the share accepted")
    score.add_argument("verdicts", type=Path, nargs="+", help="one file a labeller")
    score.set_defaults(do=_score)
    for verb in (export, score):
        verb.add_argument(
            "--runs", type=Path, default=Path("evals/out/handbook.jsonl"), help="what `python -m evals` left"
        )
        verb.add_argument("--cases", type=Path, default=Path("evals/cases"))
        verb.add_argument("--out", type=Path, required=True, help="folder of rows and key")
    chosen = parser.parse_args(arguments)
    try:
        chosen.do(chosen)
    except FourthrightError as error:
        print(f"evals.acceptance: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
