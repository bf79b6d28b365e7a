"""The packaged MiniLM: unit vectors, in the order asked for, nothing downloaded."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from fourthright.embedding import DIMENSIONS, MAX_TOKENS, MiniLM, Once, Vectors


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_one_unit_row_for_each_text(minilm: MiniLM) -> None:
    vectors = minilm.embed(["He was late.", "", "😀", "Der Bericht fehlt.", "a" * 50])
    assert vectors.shape == (5, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_are_no_rows(minilm: MiniLM) -> None:
    vectors = minilm.embed([])
    assert vectors.shape == (0, DIMENSIONS)
    assert vectors.dtype == np.float32


def test_rows_stand_in_the_order_asked_for_and_do_not_depend_on_each_other(minilm: MiniLM) -> None:
    texts = [f"{'very ' * (n % 7)}late with report number {n}" for n in range(9)]
    together = minilm.embed(texts)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], minilm.embed([text])[0])


def test_the_same_call_gives_the_same_vectors(minilm: MiniLM) -> None:
    texts = ["He was late twice.", "The log is empty."]
    assert np.array_equal(minilm.embed(texts), minilm.embed(texts))


def test_what_means_the_same_is_near(minilm: MiniLM) -> None:
    asked, same, other = minilm.embed(
        ["He came twenty minutes late", "She did not arrive on time", "The soup needs more salt"]
    )
    assert float(asked @ same) > float(asked @ other) + 0.2


def test_what_lies_behind_the_limit_is_not_read(minilm: MiniLM) -> None:
    head = "late " * (MAX_TOKENS + 10)
    cut, longer = minilm.embed([head])[0], minilm.embed([head + "and the soup needs salt"])[0]
    assert np.array_equal(cut, longer)
    assert not np.array_equal(cut, minilm.embed(["late " * 20 + "and the soup needs salt"])[0])


def test_the_fingerprint_names_the_model(minilm: MiniLM) -> None:
    assert minilm.fingerprint == MiniLM().fingerprint
    assert len(minilm.fingerprint) == 16


def test_several_threads_load_it_once_and_agree() -> None:
    shared, made = MiniLM(), list[Vectors]()
    threads = [threading.Thread(target=lambda: made.append(shared.embed(["He was late."]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 4
    assert all(np.array_equal(made[0], other) for other in made)


def test_vectors_of_fixed_sentences_are_kept_and_a_manager_s_words_are_not(tmp_path: Path) -> None:
    first = MiniLM(tmp_path)
    kept = first.shelved("examples", ["the report was late"])
    first.embed(["a manager's own words"])
    (file,) = tmp_path.iterdir()
    assert np.array_equal(np.load(file), kept)
    assert np.array_equal(MiniLM(tmp_path).shelved("examples", ["the report was late"]), kept)


def test_shelves_do_not_clear_each_other(tmp_path: Path) -> None:
    minilm = MiniLM(tmp_path)
    minilm.shelved("one", ["the report was late"])
    minilm.shelved("two", ["the gate was open"])
    minilm.shelved("one", ["another sentence"])
    assert sorted(file.name.split("-")[1] for file in tmp_path.iterdir()) == ["one", "two"]


def test_each_text_is_read_once_by_those_who_share_a_reader(minilm: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    embed = minilm.embed
    monkeypatch.setattr(minilm, "embed", lambda texts: [asked.extend(texts), embed(texts)][1])
    once = Once(minilm)
    first = once.embed(["He was late.", "The log is empty.", "He was late."])
    second = once.embed(["The log is empty.", "A new one."])
    assert asked == ["He was late.", "The log is empty.", "A new one."]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[1], second[0])
    assert once.embed([]).shape == (0, DIMENSIONS)
