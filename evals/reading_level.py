"""`python -m evals.reading_level`: how hard the handbook is to read, as Flesch-Kincaid grades (years of school).

Syllables are counted by rule and not looked up, so the grade of a single short line can be two years off.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping

from evals.tables import sections, table
from fourthright import knowledge
from fourthright.entries import Card
from fourthright.knowledge import Knowledge

Grades = Mapping[str, float]
"""Id of an entry -> its grade."""

SHOWN = 3
"""How many of each kind the report names."""
_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)*", re.IGNORECASE)
_END = re.compile(r"[.!?]+[\"”'*)]*(?:\s+|$)|\n+")
_VOICED = re.compile(r"[aeiouy]+|\d")
_SILENT = re.compile(
    r"(?<=^som)e(?=.)|(?<=^ev)e(?=ry)|(?<![aeiouy])(?:(?<!l)e|(?<![csxzgh])es|(?<![td])ed)$|(?<=[aeiouyr]l)e$|ely$"
)
_SPLIT = re.compile(r"ia(?!l|n)|(?<![cgnst])io|[aeiouy](?:ing|er)|ua[^lr]|eo(?!p)|iet|ism$")


def grade(text: str) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59; the end of a line ends a sentence. 0 where no word is."""
    sentences = [words for part in _END.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """About how many are heard: groups of vowels, with the usual silent endings and split pairs; a digit counts as one."""
    low = word.lower().replace("’", "'").removesuffix("'s")
    return max(1, len(_VOICED.findall(low)) - len(_SILENT.findall(low)) + len(_SPLIT.findall(low)))


def cards(handbook: Knowledge) -> Grades:
    """Each card as the page and the handbook show it: every text in a line of its own."""
    return {card.id: grade("\n".join(_lines(card))) for card in handbook.cards}


def card_questions(handbook: Knowledge) -> Grades:
    """Each question of a card, by its own words."""
    asked = [card.fill(seed.text) for card in handbook.cards for seeds in card.questions.values() for seed in seeds]
    return {text: grade(text) for text in asked}


def questions(handbook: Knowledge) -> Grades:
    """Each question of the bank, about a card's work as short as most are."""
    return {question.id: grade(question.text.format(work="closing the shop")) for question in handbook.questions}


def notes(handbook: Knowledge) -> Grades:
    """Each note without its front matter."""
    return {note.id: grade(note.text) for note in handbook.notes}


def report(handbook: Knowledge) -> str:
    """The section on the handbook's reading level."""
    kinds = {
        "cards": cards(handbook),
        "questions of the cards": card_questions(handbook),
        "questions of the bank": questions(handbook),
        "notes": notes(handbook),
    }
    return sections(
        [
            "## Reading level of the handbook, Flesch-Kincaid grades",
            table(["", "entries", "median", "worst", "the hardest"], [_row(name, of) for name, of in kinds.items()]),
        ]
    )


def _lines(card: Card) -> Iterator[str]:
    yield from map(card.fill, card.templates())
    yield from (card.target_why, card.unlike.because)


def _row(name: str, grades: Grades) -> list[object]:
    hardest = sorted(grades, key=grades.__getitem__, reverse=True)[:SHOWN]
    named = ", ".join(f"{each} ({grades[each]:.1f})" for each in hardest)
    return [name, len(grades), f"{statistics.median(grades.values()):.1f}", f"{grades[hardest[0]]:.1f}", named]


if __name__ == "__main__":
    print(report(knowledge.load()))
