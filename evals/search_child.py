"""A process that searches the handbook, or a shelf: `python -m evals.search_child [FOLDER]`, as `evals.search_fill` leaves it.

Reads the queries as JSON and prints as JSON what it took, beside an exact search by numpy over the same vectors and queries.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fourthright.embedding import Vectors

OWNER = "bench"
K = 5
STATUS = Path("/proc/self/status")
RESIDENT = re.compile(r"VmRSS:\s*(\d+) kB")
KIBIBYTES = 1024
"""In a mebibyte."""
ROW = 384 * 4
"""Bytes of a vector."""


@dataclass(frozen=True)
class Asked:
    """What one fresh process took; each list has one entry a query, and the first query is the start."""

    passages: int
    first_s: float
    """From before the imports to the first answer."""
    opening_s: float
    filling_s: float
    before_mib: float
    after_mib: float
    """Resident memory before and after the first search."""
    embedding_ms: Sequence[float]
    whole_ms: Sequence[float]
    index_ms: Sequence[float]
    """Of the whole, what is spent in the index."""
    numpy_ms: Sequence[float]
    recall: Sequence[float]
    """Share of the exact five nearest that are among the first five found; none where every row is listed."""

    @property
    def grown_mib(self) -> float:
        """What the index and its library hold."""
        return self.after_mib - self.before_mib

    @property
    def vectors_mib(self) -> float:
        """What the vectors alone take as an array."""
        return self.passages * ROW / KIBIBYTES**2


class Watch:
    """What this process spends in the index from now on: seconds of each call by its name, what went in, what was found."""

    def __init__(self) -> None:
        from fourthright.nearest import Nearest

        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.added: list[Vectors] = []
        self.found: list[str] = []
        """The ids of the latest search, nearest first."""
        for name in ("__init__", "add", "similar"):
            setattr(Nearest, name, self._timed(name, getattr(Nearest, name)))

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(nearest: object, *given: Any) -> Any:
            started = time.perf_counter()
            result = call(nearest, *given)
            self.seconds[name].append(time.perf_counter() - started)
            if name == "add":
                self.added.append(given[1])
            if name == "similar":
                self.found = [near.id for near in result]
            return result

        return timed


def shelf(started: float, queries: Sequence[str], folder: Path) -> Asked:
    """Searches the shelf as the product does."""
    import numpy as np

    from fourthright.embedding import MiniLM, Once
    from fourthright.shelf import Shelf

    watch, embedder = Watch(), Once(MiniLM())
    kept = Shelf(folder / "shelf.sqlite", embedder)
    embedder.embed(queries[:1])
    before = resident()
    kept.search(OWNER, queries[0], K)
    start = _start(started, before, watch)
    vectors, ids = np.load(folder / "vectors.npy"), json.loads((folder / "ids.json").read_text("utf-8"))
    search = partial(kept.search, OWNER, k=K)
    return Asked(passages=len(ids), **start, **_searched(queries[1:], watch, embedder.embed, search, vectors, ids))


def handbook(started: float, queries: Sequence[str]) -> Asked:
    """Searches the handbook's notes as the product does: every row is listed, so nothing is missed."""
    import numpy as np

    from fourthright import bootstrap, config

    watch, before = Watch(), resident()
    index = bootstrap.engine(config.settings(), with_model=False).index
    index.cards(queries[0])
    index.notes(queries[0])
    start, vectors = _start(started, before, watch), np.concatenate(watch.added)
    return Asked(
        passages=len(vectors), **start, **_searched(queries[1:], watch, index.embedder.embed, index.notes, vectors, ())
    )


def _start(started: float, before: float, watch: Watch) -> dict[str, Any]:
    return {
        "first_s": time.perf_counter() - started,
        "opening_s": sum(watch.seconds["__init__"]),
        "filling_s": sum(watch.seconds["add"]),
        "before_mib": before,
        "after_mib": resident(),
    }


def _searched(
    queries: Sequence[str],
    watch: Watch,
    embed: Callable[[Sequence[str]], Vectors],
    search: Callable[[str], object],
    vectors: Vectors,
    ids: Sequence[str],
) -> dict[str, Any]:
    """Each query in turn by the product and by brute force; agreement where the ids of the vectors are given."""
    taken: dict[str, list[float]] = {
        name: [] for name in ("embedding_ms", "whole_ms", "index_ms", "numpy_ms", "recall")
    }
    for text in queries:
        taken["embedding_ms"].append(_ms(partial(embed, [text])))
        row = embed([text])[0]
        watch.seconds["similar"].clear()
        taken["whole_ms"].append(_ms(partial(search, text)))
        taken["index_ms"].append(1000 * sum(watch.seconds["similar"]))
        taken["numpy_ms"].append(_ms(partial(exact, vectors, row, len(watch.found))))
        if ids:
            best = {ids[at] for at in exact(vectors, row, K)}
            taken["recall"].append(len(best & {one.partition("/")[0] for one in watch.found[:K]}) / K)
    return taken


def exact(vectors: Vectors, query: Vectors, k: int) -> list[int]:
    """The rows of the k nearest by brute force, nearest first; `vectors` (rows, dimensions) and `query` are unit vectors."""
    import numpy as np

    similar = vectors @ query
    best = np.argpartition(-similar, k - 1)[:k]
    return [int(at) for at in best[np.argsort(-similar[best])]]


def resident() -> float:
    """MiB of memory that this process holds now."""
    return int(next(found[1] for line in STATUS.open() if (found := RESIDENT.match(line)))) / KIBIBYTES


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Does what is asked for; the clock runs from here, before anything of the product is imported."""
    started = time.perf_counter()
    queries, folder = json.load(sys.stdin), sys.argv[1:]
    asked = shelf(started, queries, Path(folder[0])) if folder else handbook(started, queries)
    print(json.dumps(asdict(asked)))


if __name__ == "__main__":
    main()
