"""How far two labellings agree beyond chance: Cohen's kappa."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from evals.rule_labels import Labelled, LabelledQuestion
from fourthright.domain import Frozen


class Agreement(Frozen):
    """Over some texts: how often both labellings said yes, one of them, or neither; and Cohen's kappa."""

    name: str
    both: int
    only_first: int
    only_second: int
    neither: int
    kappa: float | None
    """None where both labellings gave every text the same verdict: then chance alone would agree too."""


def on_rule(rule: str, texts: Sequence[Labelled]) -> Agreement:
    """On whether a text breaks a rule, over the texts that can be judged by it."""
    pairs = [(rule in text.first, rule in text.second) for text in texts if text.judged_by(rule)]
    seen = Counter(pairs)
    return Agreement(
        name=rule,
        both=seen[True, True],
        only_first=seen[True, False],
        only_second=seen[False, True],
        neither=seen[False, False],
        kappa=kappa(pairs),
    )


def on_dimension(texts: Sequence[LabelledQuestion]) -> float | None:
    """Kappa over the four dimensions and none."""
    return kappa([(text.first_dimension, text.second_dimension) for text in texts])


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of pairs of verdicts; None where chance alone would always agree, or without pairs."""
    total = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    same = sum(a == b for a, b in pairs)
    by_chance = sum(first[verdict] * second[verdict] for verdict in first)
    if by_chance == total * total:
        return None
    return (same * total - by_chance) / (total * total - by_chance)
