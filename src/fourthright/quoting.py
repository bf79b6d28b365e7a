"""What the organisation's own documents say about a concern, quoted word for word beside what is expected.

Their words are shown and never put into a prompt: a small model obeys what it reads.
"""

from __future__ import annotations

from fourthright.domain import Source
from fourthright.finding import Theme
from fourthright.shelf import Found, Shelf

SURE = 0.42
"""Similarity from which a passage is cited: a page that cites what is beside the point is worse than one that cites less."""
MOST_WORDS = 60


def quoted(theme: Theme, shelf: Shelf, owner: str) -> Source | None:
    """The passage of this owner that fits a concern best, as a source; None where none surely fits."""
    card = theme.card if theme.fits else None
    other = f"{card.fill(card.title, theme.slots)}: {card.fill(card.behaviour, theme.slots)}" if card else None
    found = shelf.search(owner, theme.text, 1, also=other)
    if not found or found[0].score < SURE:
        return None
    return Source(id=found[0].passage.id, title=found[0].passage.title, text=excerpt(found[0]))


def excerpt(found: Found) -> str:
    """The sentences that fit best, at most 60 words, verbatim, with … where something is left away."""
    words = found.words.split()
    starts = found.passage.text.startswith(found.words)
    ends = found.passage.text.endswith(found.words) and len(words) <= MOST_WORDS
    return f"{'' if starts else '… '}{' '.join(words[:MOST_WORDS])}{'' if ends else ' …'}"
