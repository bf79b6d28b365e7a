"""The benchmark of the search: vectors that are made, a shelf that is filled, agreement that can fail, a picture, a long PDF."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals import adding_speed, search_fill, search_plot
from evals.search_child import Asked, exact
from evals.search_fill import fill
from evals.search_size import asked, made, rows
from fourthright import documents
from fourthright.embedding import Vectors
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index

PASSAGES = 200
QUERIES = ["She was late with the report.", "He shouts at customers.", "The till was short again.", "Nobody answers."]
ONE = Asked(
    passages=1_000, first_s=2.0, opening_s=0.5, filling_s=1.0, before_mib=250.0, after_mib=300.0,
    embedding_ms=[9.0], whole_ms=[8.0, 9.0], index_ms=[6.0, 7.0], numpy_ms=[0.2, 0.4], recall=[1.0, 0.8],
)  # fmt: skip


@pytest.fixture(scope="module")
def vectors(index: Index) -> Vectors:
    """Made ones, around those of the handbook."""
    return made(index.card_vectors()[1], PASSAGES)


@pytest.fixture
def folder(tmp_path: Path, vectors: Vectors) -> Path:
    """A shelf with a passage for each vector."""
    fill(tmp_path, vectors)
    return tmp_path


def test_made_vectors_lie_around_real_ones_and_are_the_same_again(index: Index, vectors: Vectors) -> None:
    real = index.card_vectors()[1]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(PASSAGES), abs=1e-5)
    nearest = (vectors @ real.T).max(axis=1)
    assert 0.75 < nearest.mean() < 0.85
    assert len(np.unique(vectors, axis=0)) == PASSAGES
    assert np.array_equal(vectors, made(real, PASSAGES))


def test_brute_force_finds_the_nearest_in_order(vectors: Vectors) -> None:
    assert exact(vectors, vectors[7], 5) == list(np.argsort(-(vectors @ vectors[7]))[:5])
    assert exact(vectors, vectors[7], PASSAGES)[0] == 7


def test_a_fresh_process_searches_what_was_kept_and_agrees_with_brute_force(folder: Path) -> None:
    found = asked(QUERIES, folder)
    assert found.passages == PASSAGES
    assert {len(found.whole_ms), len(found.index_ms), len(found.numpy_ms), len(found.recall)} == {len(QUERIES) - 1}
    assert all(whole > index > 0 for whole, index in zip(found.whole_ms, found.index_ms, strict=True))
    assert np.mean(found.recall) > 0.95
    assert 0 < found.opening_s + found.filling_s < found.first_s
    assert found.grown_mib > found.vectors_mib


def test_other_vectors_than_those_that_were_kept_do_not_agree(folder: Path, vectors: Vectors) -> None:
    np.save(folder / "vectors.npy", vectors[::-1])
    assert np.mean(asked(QUERIES, folder).recall) < 0.5


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"vectors\.npy"):
        asked(QUERIES, tmp_path)


def test_a_shelf_cut_in_another_way_is_no_shelf_to_measure(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_fill, "WORDS", 20)
    with pytest.raises(RuntimeError, match="cut into"):
        fill(tmp_path, vectors)


def test_the_lines_of_a_size_name_time_agreement_memory_and_start() -> None:
    lines = {row.name: row.value for row in rows("1,000 own passages", ONE)}
    assert lines["search of 1,000 own passages, after embedding 9 ms: p50, p95"] == "8.5 ms, 8.9 ms"
    assert lines["index / numpy, medians"] == "21.7"
    assert lines["recall@5 of the index against exact"] == "0.900"
    assert lines["memory of the process before and after; vectors alone"] == "250 MiB, 300 MiB; 1.5 MiB"
    assert lines["fresh process, import to first answer"] == "2.0 s, 25 % opening Chroma, 50 % filling it"


def test_the_picture_names_its_units_and_takes_the_ink_of_its_page(tmp_path: Path) -> None:
    first, again = tmp_path / "a.svg", tmp_path / "b.svg"
    for path in (first, again):
        search_plot.draw([ONE, replace(ONE, passages=10_000)], path)
    text = first.read_text("utf-8")
    said = {"".join(each.itertext()).strip() for each in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")}
    assert {"passages", "milliseconds", "MiB", "1,000", "10,000"} <= said
    assert "prefers-color-scheme:dark" in text
    assert "currentColor" in text
    assert search_plot.INK not in text
    assert text == again.read_text("utf-8")


def test_the_long_pdf_has_its_pages(handbook: Knowledge) -> None:
    read = documents.read("policy.pdf", adding_speed.pdf(handbook, 3))
    assert read.pages == 3
    assert {piece.page for piece in read.pieces} == {1, 2, 3}


def test_adding_is_timed_with_its_reading() -> None:
    whole, reading = adding_speed.measure(pages=1)
    assert "1 pages" in whole.name
    assert whole.samples["s"][0] > 0
    assert reading.samples["s"][0] > 0
