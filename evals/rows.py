"""Lines of the benchmark's result."""

from __future__ import annotations

from pydantic import Field

from evals.timing import Timing
from fourthright.domain import Frozen


class Row(Frozen):
    """What was measured; a ratio has an aim and says whether it is met."""

    name: str
    value: str
    aim: str = ""
    met: bool | None = None
    samples: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """In a word; empty where nothing is aimed at."""
        return "" if self.met is None else "met" if self.met else "MISSED"


def plain(name: str, timing: Timing, unit: str) -> Row:
    """A measurement for its own sake."""
    return Row(name=name, value=f"{timing} {unit}", samples={unit: timing.samples})


def ratio(name: str, above: Timing, below: Timing, *, least: float | None = None, most: float | None = None) -> Row:
    """The quotient of two medians, held to at least or at most an aim."""
    quotient = above.median / below.median
    met = (least is None or quotient >= least) and (most is None or quotient <= most)
    aim = f"at least {least:g}" if least is not None else f"at most {most:g}"
    samples = {"above": above.samples, "below": below.samples}
    return Row(name=name, value=f"{quotient:.2f}", aim=aim, met=met, samples=samples)
