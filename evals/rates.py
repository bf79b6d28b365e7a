"""A share with its 95 % interval."""

from __future__ import annotations

import math

from fourthright.domain import Frozen

Z = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""


class Rate(Frozen):
    """`hits` out of `of`; `of` may be 0, then there is no share."""

    hits: int
    of: int

    def __add__(self, other: Rate) -> Rate:
        return Rate(hits=self.hits + other.hits, of=self.of + other.of)

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval; (0, 1) where nothing was counted."""
        if not self.of:
            return 0.0, 1.0
        n, p, z2 = self.of, self.hits / self.of, Z * Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if self.share is None:
            return "none to count"
        low, high = self.interval
        whole = self.hits in (0, self.of) or 1 <= round(100 * self.share) <= 99
        share = f"{100 * self.share:.{0 if whole else 1}f}"
        return f"{self.hits}/{self.of} = {share} % ({100 * low:.0f} to {100 * high:.0f})"


def rate(verdicts: list[bool]) -> Rate:
    """How many of the verdicts are true."""
    return Rate(hits=sum(verdicts), of=len(verdicts))
