"""`python -m evals --cases evals/cases`: scores the rules and retrieval, makes the pages and prints the report."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from evals import (
    cases,
    query_labels,
    results,
    retrieval_report,
    retrieval_systems,
    rule_labels,
    rules_report,
    sample,
    suggestions,
    systems,
)
from evals.report import report
from evals.scorers import labelled
from evals.tables import sections
from fourthright import bootstrap, config, knowledge
from fourthright.checks.dimension import Dimensions
from fourthright.domain import Dimension, Purpose
from fourthright.embedding import MiniLM
from fourthright.errors import FourthrightError, ModelUnavailable
from fourthright.knowledge import Knowledge

OUT = Path(__file__).resolve().parent / "out"
LABELS = Path(__file__).resolve().parent / "labels"
INTERRUPTED = 130
HALVES: tuple[rule_labels.Half, ...] = get_args(rule_labels.Half)


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 for a bug or an invalid page; 2 for cases that cannot be used; 4 when a model could not be had; 130 interrupted.

    A bug, an invalid page or a missing model does not keep the report from being made.
    """
    chosen = _arguments(arguments)
    try:
        if chosen.rules_only or chosen.retrieval_only:
            return _only_labels(chosen)
        return _run(chosen)
    except FourthrightError as error:
        _say(f"evals: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("evals: interrupted; --report-only reports on what is there")
        return INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    every = [case for case in cases.load(chosen.cases) if not case.golden]
    wanted = [case for case in every if not chosen.ids or case.id in chosen.ids][: chosen.limit]
    handbook = knowledge.load()
    for case in wanted:
        cases.label(case, handbook)
    on_labels = sections([_rules(chosen, handbook), _retrieval(chosen, handbook)])
    code = 0
    for system in () if chosen.report_only else chosen.systems:
        path = chosen.out / f"{system}.jsonl"
        try:
            systems.run_all(wanted, systems.build(system), path, _say)
        except ModelUnavailable as error:
            path.unlink(missing_ok=True)
            _say(f"evals: {system} NOT RUN: {error}")
            code = error.exit_code
    files = {system: results.read(chosen.out / f"{system}.jsonl") for system in chosen.systems}
    outcomes = [results.judge(system, wanted, runs, handbook) for system, runs in files.items()]
    text = report(outcomes, handbook, on_labels)
    (chosen.out / "report.md").write_text(text, "utf-8")
    sample.write(outcomes, chosen.out / "numbers.tsv")
    print(text)
    broken = any(o.invalid or any(why.startswith(systems.BUG) for why in o.failed.values()) for o in outcomes)
    return code or int(broken)


def _only_labels(chosen: argparse.Namespace) -> int:
    handbook = knowledge.load()
    print(_rules(chosen, handbook) if chosen.rules_only else _retrieval(chosen, handbook))
    return 0


def _retrieval(chosen: argparse.Namespace, handbook: Knowledge) -> str:
    """The section on retrieval."""
    queries = query_labels.load(chosen.labels, handbook)
    ways = retrieval_systems.build(handbook, MiniLM(config.settings().cache_dir))
    return retrieval_report.report(chosen.halves, queries, ways)


def _rules(chosen: argparse.Namespace, handbook: Knowledge) -> str:
    """The section on the rules; the same goes to rules.json. Makes the folder for both."""
    chosen.out.mkdir(parents=True, exist_ok=True)
    labels = rule_labels.load(chosen.labels, handbook)
    engine = bootstrap.engine(config.settings(), with_model=False)
    dimensions = Dimensions(handbook, engine.index.embedder)

    def sort(text: str, purpose: Purpose) -> Dimension | None:
        found = dimensions(text, purpose)
        return found.dimension if found else None

    there = {text.half for text in (*labels.expectations, *labels.questions)}
    scores = [labelled.score(half, labels, handbook, sort) for half in chosen.halves if half in there]
    as_json = [score.model_dump(mode="json") for score in scores]
    (chosen.out / "rules.json").write_text(json.dumps(as_json, ensure_ascii=False, indent=1), "utf-8")
    offers = suggestions.section(labels, engine) if suggestions.HALF in chosen.halves else ""
    return sections([rules_report.report(scores, labels, handbook), offers])


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), help="a folder of .jsonl files, or one file")
    parser.add_argument("--systems", type=_systems, default=list(systems.SYSTEMS), help="model,handbook")
    parser.add_argument("--limit", type=int, default=None, help="so many cases")
    parser.add_argument("--ids", type=lambda text: text.split(","), default=[], help="these cases, with commas")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for everything this leaves")
    parser.add_argument("--report-only", action="store_true", help="report on what an earlier run has left")
    parser.add_argument("--rules-only", action="store_true", help="score the rules on labelled texts and make no page")
    parser.add_argument("--retrieval-only", action="store_true", help="score retrieval on labelled queries, no page")
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder of the labelled .jsonl files")
    parser.add_argument("--halves", nargs="+", choices=HALVES, default=HALVES, help="while tuning: development alone")
    return parser.parse_args(arguments)


def _systems(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in systems.SYSTEMS]:
        raise argparse.ArgumentTypeError(f"no system {', '.join(unknown)}: {', '.join(systems.SYSTEMS)}")
    return names


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
