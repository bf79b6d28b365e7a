"""Search at size: time, memory and start at several numbers of passages, beside an exact search by numpy in the same run.

The vectors beyond the handbook are made: a passage of the handbook, drawn by chance, moved by noise to a cosine similarity of
about 0.8 with where it was, at unit length. The queries are real texts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from evals import query_labels, search_plot
from evals.rows import Row
from evals.search_child import STATUS, Asked, K
from evals.search_fill import fill
from fourthright import bootstrap, config
from fourthright.embedding import Vectors

SIZES = (1_000, 10_000, 100_000)
QUERIES = 60
NOISE = 0.75
"""Length of the noise that is added to a vector of length 1."""
SEED = 20261122
ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "evals" / "labels"
PLOT = ROOT / "docs" / "search.svg"


def measure(sizes: Sequence[int] = SIZES, queries: int = QUERIES, plot: Path = PLOT) -> Iterator[Row]:
    """A fresh process for the handbook and one for each size; draws `plot`."""
    if not STATUS.exists():
        yield Row(name="search at size", value=f"NOT RUN: no {STATUS} here")
        return
    index = bootstrap.engine(config.settings(), with_model=False).index
    labelled = query_labels.load(LABELS, index.knowledge)
    texts = [query.text for query in labelled if query.half == "development"][: queries + 1]
    real = index.card_vectors()[1]
    yield from rows("the handbook's notes", asked(texts))
    measured = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), made(real, size))
            measured.append(asked(texts, Path(folder)))
        yield from rows(f"{size:,} own passages", measured[-1])
    search_plot.draw(measured, plot)


def made(real: Vectors, size: int) -> Vectors:
    """`size` unit vectors in the neighbourhood of real ones, shape (size, dimensions); the same on every run."""
    chance = np.random.default_rng(SEED)
    noise = chance.standard_normal((size, real.shape[1]), dtype=np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = real[chance.integers(0, len(real), size)] + noise
    unit: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return unit


def asked(queries: Sequence[str], folder: Path | None = None) -> Asked:
    """What a fresh process took for the handbook, or a shelf; RuntimeError with its last words where it fails."""
    command = [sys.executable, "-m", "evals.search_child", *([str(folder)] if folder else [])]
    done = subprocess.run(command, input=json.dumps(queries), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"search_child: {done.stderr.strip()[-500:]}")
    return Asked(**json.loads(done.stdout.splitlines()[-1]))


def rows(name: str, measured: Asked) -> Iterator[Row]:
    """The lines of one size."""
    ratio = float(np.median(measured.index_ms) / np.median(measured.numpy_ms))
    start = f"{measured.first_s:.1f} s, {_share(measured.opening_s, measured)} opening Chroma, {_share(measured.filling_s, measured)} filling it"
    yield _spread(f"search of {name}, after embedding {np.median(measured.embedding_ms):.0f} ms", measured.whole_ms)
    yield _spread("of it in the index", measured.index_ms)
    yield _spread("exact search by numpy", measured.numpy_ms)
    yield Row(name="index / numpy, medians", value=f"{ratio:.1f}")
    if measured.recall:
        yield Row(name=f"recall@{K} of the index against exact", value=f"{np.mean(measured.recall):.3f}")
    yield Row(
        name="memory of the process before and after; vectors alone",
        value=f"{measured.before_mib:.0f} MiB, {measured.after_mib:.0f} MiB; {measured.vectors_mib:.1f} MiB",
    )
    yield Row(name="fresh process, import to first answer", value=start)


def _spread(name: str, ms: Sequence[float]) -> Row:
    p50, p95 = np.percentile(ms, (50, 95))
    return Row(
        name=f"{name}: p50, p95",
        value=f"{p50:.2g} ms, {p95:.2g} ms" if p95 < 10 else f"{p50:.0f} ms, {p95:.0f} ms",
        samples={"ms": tuple(ms)},
    )


def _share(part: float, measured: Asked) -> str:
    return f"{100 * part / measured.first_s:.0f} %"
