"""One card, its concern and drafts about it, made by hand: tests of the drafting do not hang on the handbook's wording."""

from __future__ import annotations

from collections.abc import Sequence

from fourthright.domain import Observation, ObservationKind
from fourthright.entries import Card
from fourthright.finding import Theme

CARD = Card.model_validate(
    {
        "id": "scan-before-shelving",
        "title": "Scanning {item} before shelving",
        "work": "scanning {item} before shelving",
        "slots": {"item": {"default": "each item", "ask": "what is scanned"}},
        "labels": ["sloppy", "disorganised"],
        "phrases": [
            "parcels on the shelf without a scan",
            "shelves things before scanning them",
            "half of it is not in the scan log",
            "never scans anything",
            "the log and the shelf do not match",
        ],
        "behaviour": "Scans {item} before it goes on the shelf",
        "measure": "Counted in the scan log at close, shelf by shelf",
        "measure_too": "Seen at ten shelves picked at random, in the scan log",
        "target": "at least 9 of 10 scanned",
        "target_why": "A scanner fails now and then.",
        "by_when": "within 3 weeks",
        "first_step": "scans the next trolley with you beside it",
        "payoff": "What is scanned can be found while the customer waits.",
        "questions": {
            "clarity": [
                {"text": "What does a shelf that is done look like to you?", "listen_for": "scanned, or only shelved"},
                {"text": "Which of {item} would you scan first?", "listen_for": "an order of their own"},
            ],
            "conflicts": [
                {"text": "What gets in your way of scanning {item}?", "listen_for": "the printer, the queue"},
                {"text": "What else waits while you scan?", "listen_for": "other work"},
            ],
            "confidence": [
                {"text": "When did scanning {item} go well for you?", "listen_for": "a past success"},
                {"text": "What would make a scan easier for you?", "listen_for": "a small change"},
            ],
            "conviction": [
                {"text": "Who relies on you for the scan log?", "listen_for": "people"},
                {"text": "What does a full scan log do for you?", "listen_for": "their own reason"},
            ],
        },
        "find_out": ["Who else shelves at close?", "Since when is the scan log kept?"],
        "obstacles": ["one scanner for two people", "the printer is out of paper by noon"],
        "unlike": {
            "card": "stock-refilled-in-time",
            "because": "There it counts whether the shelf is full, not what the log says.",
        },
        "reaction": "The printer was down. Ask what happened then.",
        "jobs": ["warehouse"],
        "sources": ["opm-standards"],
    }
)
SEEN = "On Monday 34 of 40 parcels were not scanned at close"
GOOD_LINE = {
    "behaviour": "Scans the parcels before they go on the shelf",
    "measure": "Counted in the scan log at close",
    "first_step": "scans the next trolley with you beside it",
}
GOOD_QUESTION = {"question": "What gets in your way of scanning the parcels at close?", "listen_for": "the printer"}


def observed(*pieces: str | tuple[str, ObservationKind]) -> tuple[Observation, ...]:
    """Observations o1, o2, … one behind another in one text; seen, where no kind is given."""
    made, start = [], 0
    for number, piece in enumerate(pieces, 1):
        quote, kind = (piece, "seen") if isinstance(piece, str) else piece
        end = start + len(quote)
        made.append(Observation(id=f"o{number}", quote=quote, start=start, end=end, kind=kind))
        start = end + 2
    return tuple(made)


def theme(
    observations: Sequence[Observation] | None = None, *, theme_id: str = "c1", card: Card = CARD, score: float = 0.7
) -> Theme:
    """A concern about scanning, its blank filled with the manager's parcels."""
    return Theme(
        id=theme_id,
        observations=tuple(observations or observed(SEEN)),
        card=card,
        fits=True,
        slots={"item": "the parcels"} if "item" in card.slots else {},
        score=score,
    )
