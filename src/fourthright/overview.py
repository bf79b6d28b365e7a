"""What is to say about questions as a whole: how they spread over the four, their order, doubles, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fourthright.agenda_text import Placed
from fourthright.domain import DIMENSIONS, Dimension, Finding
from fourthright.embedding import Embedder, Vectors
from fourthright.knowledge import Knowledge
from fourthright.reviewed import Note
from fourthright.wording import listed

ALIKE = 0.87
"""Cosine similarity from which two questions of one dimension ask the same; those about one thing are near anyway."""
OPENS = 0.6
"""Cosine similarity to the bank's opening questions from which a question opens the talk."""
ENOUGH = 12
"""Two questions for each of the four, one to open, one for the fix, a check and the commitment."""
A_TALK = 4
"""Questions from which a list counts as a whole talk, with an opening and an order."""
FOUR, INSPIRE = "four-questions-article", "inspire-framework"


class Overview:
    """Looks at the questions of one text together; all sequences have one entry a question, in the order of the text."""

    def __init__(
        self,
        questions: Sequence[Placed],
        dimensions: Sequence[Dimension | None],
        findings: Sequence[Sequence[Finding]],
        knowledge: Knowledge,
        embedder: Embedder,
    ) -> None:
        self._questions, self._dimensions, self._findings = questions, dimensions, findings
        self._knowledge = knowledge
        self._vectors = embedder.embed([question.text for question in questions])
        openers = [q.text for q in knowledge.questions if q.dimension is None and q.step == "Probe"]
        self._openers: Vectors = embedder.shelved("openers", openers)

    def notes(self) -> tuple[Note, ...]:
        """Everything there is to say, in the order in which a manager would mend it."""
        checks = (self._private(), self._too_many(), self._doubles(), self._commitments(), self._opening(),
                  self._order(), self._spread())  # fmt: skip
        return tuple(note for found in checks for note in found)

    def _private(self) -> Iterator[Note]:
        at = [n for n, found in enumerate(self._findings) if any(f.rule == "no-private-matters" for f in found)]
        if at:
            offer = next(
                q for q in self._knowledge.questions if q.id in self._knowledge.word_list("reword-support").words
            )
            text = (
                f"Leave out {_numbers(at)}: private matters are theirs to raise. To offer support, ask “{offer.text}”"
            )
            yield Note(id="private", text=text, questions=tuple(at), source=offer.sources[0])

    def _too_many(self) -> Iterator[Note]:
        count = len(self._questions)
        if count > ENOUGH:
            text = (
                f"{count} questions are too many for one talk. {ENOUGH} do: two for each of the four, one to open, one "
                "for their idea, a check and the commitment. More leave no time to listen."
            )
            yield Note(id="too-many", text=text, source=FOUR)

    def _doubles(self) -> Iterator[Note]:
        alike = self._vectors @ self._vectors.T
        for n in range(len(self._questions)):
            first = next((m for m in range(n) if alike[m, n] >= ALIKE and self._same_kind(m, n)), None)
            if first is not None:
                text = f"Questions {first + 1} and {n + 1} ask the same. Keep one."
                yield Note(id="duplicate", text=text, questions=(first, n))

    def _same_kind(self, one: int, other: int) -> bool:
        dimensions = {self._dimensions[one], self._dimensions[other]} - {None}
        return len(dimensions) < 2 and self._questions[one].purpose == self._questions[other].purpose

    def _commitments(self) -> Iterator[Note]:
        at = [n for n, question in enumerate(self._questions) if question.purpose == "commitment"]
        if len(at) > 1:
            text = f"One commitment check is enough: keep the last of {_numbers(at)}."
            yield Note(id="one-commitment", text=text, questions=tuple(at), source=INSPIRE)
        last_open = max((n for n in range(len(self._questions)) if n not in at), default=-1)
        early = [n for n in at if n < last_open and not self._closes(last_open)]
        if early:
            text = f"Ask for the commitment last: {_numbers(early)} comes before the talk has been held."
            yield Note(id="commitment-last", text=text, questions=tuple(early), source=INSPIRE)

    def _closes(self, at: int) -> bool:
        """Whether the last open question is one that may follow a commitment: an offer of help, the next meeting."""
        return self._knowledge.word_list("review-closers").regex.search(self._questions[at].text) is not None

    def _opening(self) -> Iterator[Note]:
        if len(self._questions) < A_TALK:
            return
        near = (self._vectors @ self._openers.T).max(axis=1)
        opens = [n for n, score in enumerate(near) if score >= OPENS]
        if opens and opens[0] > 0:
            text = f"Begin with question {opens[0] + 1}: it lets them tell it first."
            yield Note(id="opener-first", text=text, questions=(opens[0],), source=INSPIRE)
        elif not opens:
            yield Note(
                id="opener-first", text="Begin with “How do you see it?”, so that they tell it first.", source=INSPIRE
            )

    def _order(self) -> Iterator[Note]:
        first = {d: self._dimensions.index(d) for d in DIMENSIONS if d in self._dimensions}
        seen = sorted(first, key=lambda d: first[d])
        if len(self._questions) >= A_TALK and seen != list(first):
            text = f"Take the four in their order: {listed(list(first))}. You begin with {seen[0]}."
            yield Note(id="order", text=text, questions=tuple(first[d] for d in first), source=FOUR)

    def _spread(self) -> Iterator[Note]:
        counts = {d: self._dimensions.count(d) for d in DIMENSIONS}
        most = max(DIMENSIONS, key=lambda d: counts[d])
        if len(self._questions) >= A_TALK and counts[most] > len(self._questions) / 2:
            at = tuple(n for n, d in enumerate(self._dimensions) if d == most)
            text = f"{counts[most]} of {len(self._questions)} questions are about {most}. Two for each of the four show more."
            yield Note(id="uneven", text=text, questions=at, source=FOUR)


def _numbers(at: Sequence[int]) -> str:
    return f"{'question' if len(at) == 1 else 'questions'} {listed([str(n + 1) for n in at])}"
