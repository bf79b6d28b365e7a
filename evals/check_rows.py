"""Many rows through one run of `fourthright check`: how long they take, and whether memory stays flat."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from evals.rows import Row, plain, ratio
from evals.timing import Timing, seconds
from fourthright import knowledge
from fourthright.knowledge import Knowledge

ROWS = 20_000
FEW = 2_000
FLAT = 1.1
"""The aim: the most memory that all rows take, at most so many times what a tenth of them takes."""
STATUS = Path("/proc/self/status")
PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
PROGRAM = f"""
from fourthright.cli import main
try:
    main()
finally:
    print(open("{STATUS}").read())
"""
"""The command, and what the kernel says of its memory as the last of its output. (The figure that a parent gets for a
child that has ended starts at the parent's own.)"""
KIBIBYTES = 1024
"""In a mebibyte."""


class Run(NamedTuple):
    """One run over some rows: wall seconds with start-up, and the most memory it held, in KiB."""

    seconds: float
    peak: int


def measure(many: int = ROWS, few: int = FEW) -> Iterator[Row]:
    """A fresh process for `many` rows and one for `few`, of expectations and of questions; no two rows are alike."""
    if not STATUS.exists():
        yield Row(name="memory of many rows", value=f"NOT RUN: no {STATUS} here")
        return
    handbook = knowledge.load()
    for kind, made in (("expectations", _expectations), ("questions", _questions)):
        short, long = _run(kind, made, handbook, few), _run(kind, made, handbook, many)
        name = f"check {kind}, {many:,} rows"
        yield ratio(f"{name}: most memory / with {few:,}", _one(long.peak), _one(short.peak), most=FLAT)
        yield plain(f"{name}: most memory", _one(long.peak / KIBIBYTES), "MiB")
        yield plain(f"{name}: a row beyond the first {few:,}", _one(1000 * _each(long, short, many - few)), "ms")


def _each(long: Run, short: Run, rows: int) -> float:
    return (long.seconds - short.seconds) / rows


def _one(value: float) -> Timing:
    return Timing(samples=(value,))


def _run(kind: str, made: Callable[[Knowledge], Iterator[dict[str, Any]]], handbook: Knowledge, rows: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_text("".join(f"{json.dumps(row)}\n" for row in islice(made(handbook), rows)), "utf-8")
        with target.open("wb") as out:
            taken = seconds(
                partial(subprocess.run, [sys.executable, "-c", PROGRAM, "check", kind, str(source)], stdout=out)
            )
        with target.open("r", encoding="utf-8") as lines:
            answered = sum(line.startswith('{"id"') for line in lines)
            lines.seek(0)
            peak = next(int(found[1]) for line in lines if (found := PEAK.match(line)))
    if answered != rows:
        raise RuntimeError(f"check {kind} answered {answered} of {rows} rows")
    return Run(taken, peak)


def _expectations(handbook: Knowledge) -> Iterator[dict[str, Any]]:
    for number, card in enumerate(cycle(handbook.cards)):
        yield {
            "id": str(number),
            "behaviour": card.fill(card.behaviour),
            "measure": f"{card.fill(card.measure)}, sheet {number}",
            "target": card.fill(card.target),
            "by_when": card.fill(card.by_when),
            "first_step": card.fill(card.first_step),
            "situation": f"Sheet {number} was left open on {number % 28 + 1} May.",
        }


def _questions(handbook: Knowledge) -> Iterator[dict[str, Any]]:
    for number, question in enumerate(cycle(handbook.questions)):
        yield {"id": str(number), "text": question.text.replace("?", f" on day {number}?"), "purpose": "explore"}
