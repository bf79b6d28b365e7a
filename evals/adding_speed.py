"""Adding a long PDF to one's own guidance: how long it takes, and how much of it goes into reading the file."""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from evals.rows import Row, plain
from evals.timing import Timing, seconds
from fourthright import documents, knowledge
from fourthright.embedding import MiniLM
from fourthright.knowledge import Knowledge
from fourthright.nearest import Nearest
from fourthright.shelf import AT_ONCE, Shelf

PAGES = 300
PARAGRAPHS = 8
"""On a page, of four sentences each."""
OWNER = "bench"


def measure(pages: int = PAGES) -> Iterator[Row]:
    """One PDF, added once with everything loaded."""
    data = pdf(knowledge.load(), pages)
    embedder = MiniLM()
    embedder.embed(["loaded"])
    name = f"adding a PDF of {pages} pages"
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "shelf.sqlite", embedder)
        Nearest("loaded")
        reading = seconds(lambda: documents.read("policy.pdf", data))
        whole = seconds(lambda: shelf.add(OWNER, "policy.pdf", data))
        passages = [passage.text for held in shelf.documents(OWNER) for passage in shelf.passages(OWNER, held.id)]
    words = sum(len(text.split()) for text in passages)
    vectors = sum(math.ceil(len(documents.sentences(text)) / AT_ONCE) for text in passages)
    size = f"{words:,} words, {len(passages):,} passages, {vectors:,} vectors"
    yield plain(f"{name} ({size})", Timing(samples=(whole,)), "s")
    yield plain("of it reading the file, the rest mostly embedding it", Timing(samples=(reading,)), "s")


def pdf(handbook: Knowledge, pages: int) -> bytes:
    """A policy of so many pages with a heading on each, in the handbook's own sentences."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    cards = cycle(handbook.cards)
    story: list[Flowable] = []
    for page in range(1, pages + 1):
        story.append(Paragraph(f"Rule {page}", styles["Heading1"]))
        for card in islice(cards, PARAGRAPHS):
            said = (card.behaviour, card.measure, card.target, card.first_step)
            lines = [card.fill(text).rstrip(".") for text in said]
            story.append(Paragraph(f"{'. '.join(lines)}.", styles["BodyText"]))
        story.append(PageBreak())
    written = io.BytesIO()
    SimpleDocTemplate(written, pagesize=A4).build(story)
    return written.getvalue()
