"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import streamlit as st

from fourthright import knowledge, prompts, weights
from fourthright.config import Settings, settings
from fourthright.embedding import MiniLM, Vectors
from fourthright.engine import Engine
from fourthright.errors import WeightsMissing
from fourthright.knowledge import Knowledge
from fourthright.pieces import Sorter
from fourthright.prompts import Prompts
from fourthright.retrieval import Index
from fourthright.screening import Screen
from fourthright.shelf import Shelf

LABELS = Path(__file__).resolve().parent.parent / "evals" / "labels"
FEW_LABELS = 12


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees the default settings, whatever the shell has exported."""
    for name in ("MODEL", "API_BASE", "ALLOW_HOSTED", "TIMEOUT_S", "PORT"):
        monkeypatch.delenv(f"FOURTHRIGHT_{name}", raising=False)


@pytest.fixture
def fresh_app() -> Iterator[None]:
    """The app's process-wide parts, made anew for one test."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


class Remembering(MiniLM):
    """The real embedder; a call made before is answered from memory, because the same call gives the same vectors."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self._known: dict[tuple[str, ...], Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = super().embed(texts)
        return self._known[key]


@pytest.fixture(scope="session", autouse=True)
def _no_documents_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the documents that somebody keeps here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOURTHRIGHT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def handbook() -> Knowledge:
    """The knowledge folder as it is."""
    return knowledge.load()


@pytest.fixture(scope="session")
def prompt_set() -> Prompts:
    """The prompts folder as it is."""
    return prompts.load()


@pytest.fixture(scope="session")
def cache_dir(pytestconfig: pytest.Config) -> Path:
    """Kept between test runs: vectors are found there by the hash of what they were made from."""
    return Path(pytestconfig.cache.mkdir("fourthright"))  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def embedder(cache_dir: Path) -> MiniLM:
    """The packaged embedder, loaded once."""
    return Remembering(cache_dir)


@pytest.fixture(scope="session")
def index(handbook: Knowledge, embedder: MiniLM) -> Index:
    """The real handbook in the real Chroma."""
    return Index(handbook, embedder)


@pytest.fixture(scope="session")
def engine(
    handbook: Knowledge,
    prompt_set: Prompts,
    embedder: MiniLM,
    index: Index,
    tmp_path_factory: pytest.TempPathFactory,
) -> Engine:
    """Everything a page is made with, without a language model; `dataclasses.replace` gives it one."""
    return Engine(
        knowledge=handbook,
        prompts=prompt_set,
        screen=Screen(handbook, embedder),
        sorter=Sorter(handbook, embedder),
        index=index,
        shelf=Shelf(tmp_path_factory.mktemp("shelf") / "shelf.sqlite", embedder),
        owner="manager",
        model=None,
    )


@pytest.fixture
def with_weights() -> Settings:
    """The settings, where the local model's file is on this machine; else the test is skipped with the reason."""
    found = settings()
    try:
        weights.locate(found)
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    return found


@pytest.fixture(scope="session")
def few_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some of the development texts, for tests of what is done with them."""
    folder = tmp_path_factory.mktemp("labels")
    for name in ("expectations.jsonl", "questions.jsonl", "queries.jsonl"):
        rows = [line for line in (LABELS / name).read_text("utf-8").splitlines() if '"half": "development"' in line]
        assert len(rows) > FEW_LABELS
        (folder / name).write_text("\n".join(rows[:FEW_LABELS]) + "\n", "utf-8")
    return folder
