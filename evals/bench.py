"""`python -m evals.bench`: speed as ratios, all in one run, medians; a slow machine is slow for both sides of a ratio."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from evals import adding_speed, check_rows, cold_start, drafting_speed, first_paint, handbook_speed, search_size
from evals.rows import Row, plain, ratio
from evals.tables import table
from evals.timing import Timing
from fourthright import config, weights
from fourthright.errors import ModelUnavailable

OUT = Path(__file__).resolve().parent / "out"
PAINT = 1.5
"""The aim: first paint of the app, at most so many times a bare Streamlit page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 4 when the model cannot be had: the other parts are measured, and the table says what was not run."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="repeats of each part that takes long")
    parser.add_argument("--parts", default=list(PARTS), type=lambda text: text.split(","), help=",".join(PARTS))
    parser.add_argument("--out", type=Path, default=OUT, help="folder for bench.json")
    chosen = parser.parse_args(arguments)
    rows: list[Row] = []
    code = 0
    for name in chosen.parts:
        try:
            rows += PARTS[name](chosen.runs)
        except ModelUnavailable as error:
            rows.append(Row(name=name, value=f"NOT RUN: {error}"))
            code = error.exit_code
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "bench.json").write_text(json.dumps([row.model_dump() for row in rows], indent=1), "utf-8")
    print(table(["", "median (least to most)", "aim", ""], [(r.name, r.value, r.aim, r.verdict) for r in rows]))
    return code


def _drafting(runs: int) -> Iterator[Row]:
    return drafting_speed.measure(runs, _say)


def _cold(runs: int) -> Iterator[Row]:
    weights.locate(config.settings())
    steps = [cold_start.measure() for _ in range(runs)]
    for step in steps[0]:
        yield plain(f"cold start, {step}", Timing(samples=tuple(each[step] for each in steps)), "s")


def _paint(runs: int) -> Iterator[Row]:
    if first_paint.chromium() is None:
        yield Row(name="first paint", value="NOT RUN: no chromium here")
        return
    app, bare = first_paint.measure(runs)
    yield ratio("first paint, app / bare Streamlit page", app.first, bare.first, most=PAINT)
    yield ratio("the same while the model is loading", app.later, bare.later, most=PAINT)
    yield plain("first paint of the app", app.first, "s")
    yield plain("first paint of a bare page", bare.first, "s")


def _handbook(_: int) -> Iterator[Row]:
    return handbook_speed.measure()


def _check(_: int) -> Iterator[Row]:
    return check_rows.measure()


def _search(_: int) -> Iterator[Row]:
    return search_size.measure()


def _adding(_: int) -> Iterator[Row]:
    return adding_speed.measure()


PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "handbook": _handbook,
    "check": _check,
    "search": _search,
    "adding": _adding,
    "paint": _paint,
    "cold": _cold,
    "drafting": _drafting,
}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
