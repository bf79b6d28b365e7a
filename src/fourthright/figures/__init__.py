"""Numbers in text: what they are, what they count, what code can work out from them, and where they came from."""

from fourthright.figures.baseline import Today, today, worked_figures
from fourthright.figures.numbers import Figure, FigureKind, figures
from fourthright.figures.origins import Mention, mentions, origins, proposed, same
from fourthright.figures.rates import Rate, goal
from fourthright.figures.reckoning import proportions, reckoned

__all__ = [
    "Figure",
    "FigureKind",
    "Mention",
    "Rate",
    "Today",
    "figures",
    "goal",
    "mentions",
    "origins",
    "proportions",
    "proposed",
    "reckoned",
    "same",
    "today",
    "worked_figures",
]
