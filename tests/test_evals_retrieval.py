"""The evals of retrieval: labels that are read, metrics with known answers, a report that shows no query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import query_labels, retrieval_report
from evals.__main__ import LABELS
from evals.bm25 import BM25
from evals.query_labels import LabelledQuery
from evals.retrieval_systems import PRODUCT, fused
from evals.scorers.ranking import difference, mean, metrics, ndcg
from fourthright.errors import BadInput
from fourthright.knowledge import Knowledge

LEAST_QUERIES, LEAST_UNANSWERED = 240, 50
SECRET = "the plum-coloured ledger"


def _query(first: dict[str, int], second: dict[str, int] | None = None, **changes: Any) -> LabelledQuery:
    base = {"id": "x-1", "kind": "typo", "context": None, "text": SECRET, "half": "test"}
    return LabelledQuery.model_validate({**base, "first": first, "second": second or first, **changes})


def test_the_shipped_queries_are_enough(handbook: Knowledge) -> None:
    queries = query_labels.load(LABELS, handbook)
    assert len(queries) >= LEAST_QUERIES
    assert sum(query.kind == "no-answer" for query in queries) >= LEAST_UNANSWERED
    assert any(query.first != query.second for query in queries), "the labellings are two, not one twice"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "odd"}, "line 1: kind: "),
        ({"first": {"no-such-card": 2}}, "line 1: there is no card no-such-card"),
        ({"first": {"agreed-way": 3}}, "line 1: first.agreed-way: "),
        ({"half": "later"}, "line 1: half: "),
        ({"text": ""}, "line 1: text: "),
    ],
)
def test_a_broken_row_is_one_clear_line(
    tmp_path: Path, handbook: Knowledge, changes: dict[str, Any], message: str
) -> None:
    row = {**_query({}).model_dump(mode="json"), **changes}
    (tmp_path / "queries.jsonl").write_text(json.dumps(row), "utf-8")
    with pytest.raises(BadInput, match=message) as caught:
        query_labels.load(tmp_path, handbook)
    assert SECRET not in str(caught.value)


def test_grades_are_means_and_the_best_need_one_and_a_half() -> None:
    query = _query({"a": 2, "b": 2, "c": 1}, {"a": 2, "b": 1})
    assert query.grades == {"a": 2.0, "b": 1.5, "c": 0.5}
    assert query.best == {"a"}
    assert _query({"a": 1}).best == frozenset()
    assert _query({"a": 1}).answered
    assert not _query({"a": 1}, {"b": 1}).answered


def test_metrics_with_known_answers() -> None:
    query = _query({"a": 2, "b": 1})
    assert metrics(query, ["a", "b"]) == {"nDCG@10": 1.0, "success@3": 1.0, "success@5": 1.0, "MRR": 1.0}
    found = metrics(query, ["x", "y", "z", "a"])
    assert (found["success@3"], found["success@5"], found["MRR"]) == (0.0, 1.0, 0.25)
    assert metrics(query, []) == {"nDCG@10": 0.0, "success@3": 0.0, "success@5": 0.0, "MRR": 0.0}
    assert [metrics(_query({}), found) for found in ([], ["x"])] == [{"false hits": 0.0}, {"false hits": 1.0}]
    assert set(metrics(_query({"a": 1}), ["a"])) == {"nDCG@10"}


def test_ndcg_by_hand() -> None:
    assert ndcg({"a": 2.0, "b": 1.0}, ["b", "x", "a"]) == pytest.approx((1 + 2 / 2) / (2 + 1 / 1.5849625))
    assert ndcg({"a": 2.0}, [*"bcdefghijk", "a"]) == 0.0


def test_intervals_are_seeded_and_paired() -> None:
    assert (mean([]).value, mean([1.0] * 5).low) == (None, 1.0)
    assert mean([0.0, 1.0, 1.0]) == mean([0.0, 1.0, 1.0])
    assert difference([1.0, 0.5], [0.5, 0.0]) == (0.5, 0.5, 0.5)


def test_bm25_by_hand() -> None:
    search = BM25({"a": "late late shift", "b": "phone shift bread", "c": "phone desk lamp"})
    assert search.ranked("Late?") == ("a",)
    assert search.ranked("desk phone") == ("c", "b")
    assert search.ranked("nothing") == ()
    # log(1 + 2.5 / 1.5) * 2 * 2.5 / (2 + 1.5): every document has the mean length
    assert search.score("late", "a") == pytest.approx(0.980829 * 5 / 3.5)


def test_fusion_prefers_what_both_lists_have() -> None:
    assert fused(["a", "b"], ["c", "b"])[0] == "b"
    assert fused(["a"], []) == ["a"]


def test_the_report_counts_by_kind_and_shows_no_query() -> None:
    queries = [_query({"a": 2}), _query({}, id="x-2", kind="no-answer")]
    text = retrieval_report.report(["test", "development"], queries, {PRODUCT: lambda _: ["a"], "other": lambda _: []})
    assert SECRET not in text
    assert "2 queries: 1 with an answer, of which 1 with a best-graded card." in text
    assert "| typo | +1.00 (+1.00 to +1.00) to other | +1.00 (+1.00 to +1.00) to other |" in text
    assert "| queries with any card: alike | 2 of 2 |" in text
