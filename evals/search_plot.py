"""The search at size as a picture: SVG that takes its ink from the reader's light or dark page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evals.search_child import Asked

INK = "#010203"
"""Stands for the reader's own text colour, and is no other colour of the picture."""
STYLE = "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>"
INDEX, EXACT = "#2f81c7", "#cf6a17"
"""Blue and orange that stand out from white and from black."""
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "search",
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": INK,
    "grid.alpha": 0.15,
}


def draw(measured: Sequence[Asked], path: Path) -> None:
    """Query time and memory over the number of passages, both axes in powers of ten."""
    import matplotlib

    with matplotlib.rc_context(SETTINGS):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.6, 4.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        sizes = [one.passages for one in measured]
        _times(left, sizes, measured)
        _memory(right, sizes, measured)
        for axes in (left, right):
            axes.set(xscale="log", yscale="log", xlabel="passages")
            axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
            axes.set_xticks([], minor=True)
            axes.yaxis.set_major_formatter("{x:g}")
            axes.grid(visible=True)
            axes.legend(frameon=False)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Title": "Search at size"})
    inked = text.getvalue().replace(INK, "currentColor").replace("<defs>", f"{STYLE}\n <defs>", 1)
    path.write_text(inked, "utf-8")


def _times(axes: Axes, sizes: Sequence[int], measured: Sequence[Asked]) -> None:
    for name, colour, samples in (
        ("Chroma", INDEX, [one.index_ms for one in measured]),
        ("exact, numpy", EXACT, [one.numpy_ms for one in measured]),
    ):
        p50, p95 = np.percentile(samples, (50, 95), axis=1)
        axes.plot(sizes, p50, color=colour, marker="o", label=f"{name}, p50")
        axes.plot(sizes, p95, color=colour, marker="^", linestyle="--", label=f"{name}, p95")
    axes.set(title="One query", ylabel="milliseconds")


def _memory(axes: Axes, sizes: Sequence[int], measured: Sequence[Asked]) -> None:
    axes.plot(sizes, [one.grown_mib for one in measured], color=INDEX, marker="o", label="Chroma with its library")
    axes.plot(sizes, [one.vectors_mib for one in measured], color=EXACT, marker="o", label="the vectors alone")
    axes.set(title="Memory", ylabel="MiB")
