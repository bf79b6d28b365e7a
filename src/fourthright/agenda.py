"""The meeting in order: the seven INSPIRE steps, what to say in each, and the questions of the four dimensions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fourthright.domain import (
    CLOSING_QUESTION,
    DIMENSIONS,
    INSPIRE,
    Agenda,
    Dimension,
    Observation,
    Question,
    Step,
    StepName,
)
from fourthright.drafting import Drafter
from fourthright.entries import BankQuestion, Card, Trigger
from fourthright.figures import figures, today
from fourthright.finding import Theme, only_counts
from fourthright.knowledge import Knowledge
from fourthright.spoken import to_you
from fourthright.wording import listed, sentence, shortened

PER_DIMENSION = 2
MINUTES: dict[int, tuple[int, ...]] = {
    0: (2, 0, 0, 8, 2, 1, 2),
    1: (2, 2, 2, 8, 6, 3, 2),
    2: (2, 2, 3, 10, 8, 3, 2),
    3: (2, 3, 4, 13, 11, 4, 3),
    4: (3, 3, 5, 14, 12, 4, 4),
}
"""Minutes for each INSPIRE step by the number of concerns: most of the time goes to listening."""
SAY_WORDS, EARLIER_WORDS, STRENGTH_WORDS = 14, 12, 11
_WORKED_OUT = re.compile(r" \([^()]*computed\)$")
_SPOKEN = re.compile(r"\b(?:i|i've|ive|we)\b", re.IGNORECASE)
_UNSPOKEN = re.compile(r"\b(?:(?:have|had|did|do|does)(?: not|n['’]?t)|never|nothing|not spoken)\b", re.IGNORECASE)
"""No talk was held: nothing to remind the employee of."""
SHORT_QUESTION = {1: 10, 2: 10, 3: 7, 4: 7}
"""By the number of concerns: words from which a question is too long for a page with more than one concern, where the bank has a shorter one."""
NAMED_GAPS = 2
"""Concerns that Notice names; with more of them the page has no room for it."""
HEARD_WORDS = {1: 6, 2: 4, 3: 3, 4: 2}
"""Words of what to listen for, by the number of concerns: a page has 450 words for all of them."""


class Bank:
    """The question bank, handing out questions by purpose; the same situation gets the same questions."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._all = knowledge.questions

    def of(
        self, *, step: StepName | None = None, dimension: Dimension | None = None, when: str = "general"
    ) -> list[BankQuestion]:
        """The questions for a step or dimension, and an occasion."""
        return [
            q for q in self._all if q.when == when and q.dimension == dimension and (step is None or q.step == step)
        ]


def _short(questions: Sequence[BankQuestion], concerns: int) -> list[BankQuestion]:
    """The shorter ones: a full page has less room for them."""
    return sorted(questions, key=lambda q: len(q.text.split()))[: max(1, len(questions) // min(concerns, 3))]


def _brief(questions: Sequence[BankQuestion], room: int) -> list[BankQuestion]:
    """Those that a full page has room for and that need no blank filled."""
    return [q for q in questions if "{work}" not in q.text and len(q.text.split()) <= room]


def pick(questions: Sequence[BankQuestion], key: str) -> BankQuestion:
    """One of them, the same for the same key, so that pages differ and a page made again does not."""
    return questions[sum(map(ord, key)) % len(questions)]


def questions(
    themes: Sequence[Theme], drafter: Drafter, knowledge: Knowledge, *, relapsed: bool
) -> Iterator[tuple[Dimension, list[Question]]]:
    """Two questions for each dimension, one dimension after another, the concerns taking turns."""
    bank = Bank(knowledge)
    for turn, dimension in enumerate(DIMENSIONS):
        made: list[Question] = []
        for n in range(PER_DIMENSION):
            theme = themes[(turn + n) % len(themes)] if len(themes) > PER_DIMENSION else themes[n % len(themes)]
            question = _question(
                f"q-{dimension}-{n + 1}", dimension, theme, n, drafter, bank, relapsed, min(len(themes), 4)
            )
            heard = _heard(question.listen_for, HEARD_WORDS[min(len(themes), 4)])
            made.append(question.model_copy(update={"listen_for": heard}))
        yield dimension, made


def _question(
    question_id: str,
    dimension: Dimension,
    theme: Theme,
    n: int,
    drafter: Drafter,
    bank: Bank,
    relapsed: bool,
    concerns: int,
) -> Question:
    note = f"question-{dimension}"
    relapse = bank.of(dimension=dimension, when="relapse")
    if relapsed and n == 1 and relapse:
        chosen = pick(relapse, theme.id + theme.text)
        text = chosen.text.format(work=theme.card.fill(theme.card.work, theme.slots))
        return Question(
            id=question_id, dimension=dimension, purpose="explore", text=text, listen_for=chosen.listen_for,
            origin="bank", sources=(chosen.id, "relapse"),
        )  # fmt: skip
    seeds = sorted(theme.card.questions[dimension], key=lambda s: len(s.text.split()))
    seed = seeds[n if concerns == 1 else 0]
    room = SHORT_QUESTION[concerns]
    if (
        n == 1
        and concerns > 1
        and len(seed.text.split()) > room
        and (brief := _brief(bank.of(dimension=dimension), room))
    ):
        return _fixed(question_id, pick(brief, theme.text))
    # The first question of a dimension may be drafted from the manager's words; the second is the card's own.
    asked = drafter.question(dimension, theme, seed) if n == 0 else drafter.from_card(theme, seed)
    return Question(
        id=question_id, dimension=dimension, purpose="explore", text=asked.text, listen_for=asked.listen_for,
        origin=asked.origin, sources=(theme.card.id, note),
    )  # fmt: skip


def for_employee(
    themes: Sequence[Theme],
    asked: Sequence[Question],
    observations: Sequence[Observation],
    names: Sequence[str],
    knowledge: Knowledge,
) -> Agenda:
    """The meeting with the employee: what to say, what to ask, and the commitment at the end."""
    bank = Bank(knowledge)
    key = themes[0].text
    work = _fill_work(themes[0].card, themes[0]) if len(themes) == 1 else "what we agreed"
    opener, fix, check, commit = (
        _fixed(question_id, pick(_short(pool, len(themes)), key), work)
        for question_id, pool in (
            ("q-open", bank.of(step="Probe")),
            ("q-fix", bank.of(step="Invite")),
            ("q-check", bank.of(step="Review")),
            ("q-commit", bank.of(step="Review", when="commitment")),
        )
        for pool in (pool if len(themes) == 1 else [q for q in pool if "{work}" not in q.text],)
    )
    strength = _strength(observations, names, knowledge, STRENGTH_WORDS - len(themes))
    say: dict[StepName, str] = {
        "Initiate": "I need your help with something.",
        "Notice": _notice(themes),
        "Specific support": " ".join(
            (*_evidence(themes, names), *_earlier(observations, names, 1 if len(themes) < 3 else 0))
        ),
        "Probe": "",
        "Invite": "Read them out.",
        "Review": "",
        "Enforce": f"{themes[0].card.fill(themes[0].card.payoff, themes[0].slots)} {strength} We look again in a week (proposed).",
    }
    placed: dict[StepName, tuple[str, ...]] = {
        "Probe": (opener.id, *(q.id for q in asked if q.dimension in ("clarity", "conflicts"))),
        "Invite": (fix.id, *(q.id for q in asked if q.dimension in ("confidence", "conviction"))),
        "Review": (check.id, commit.id),
    }
    steps = tuple(
        Step(name=name, minutes=minutes, say=say[name], question_ids=placed.get(name, ()))
        for name, minutes in zip(INSPIRE, MINUTES[min(len(themes), 4)], strict=True)
    )
    return Agenda(
        with_="employee", steps=steps, questions=(opener, *asked, fix, check, commit), closing=CLOSING_QUESTION
    )


def to_learn(knowledge: Knowledge, key: str) -> Agenda:
    """The meeting when nothing has been seen yet: clarity questions only, nothing to commit to."""
    bank = Bank(knowledge)
    pool = bank.of(dimension="clarity", when="no_evidence")
    start = sum(map(ord, key)) % len(pool)
    asked = [_fixed(f"q-clarity-{n + 1}", pool[(start + n) % len(pool)]) for n in range(min(4, len(pool)))]
    say: dict[StepName, str] = {
        "Initiate": "I would like to hear how the work looks from your side.",
        "Notice": "Nothing yet: leave this step out.",
        "Specific support": "Nothing yet: leave this step out.",
        "Probe": "Ask, then listen. The other three questions wait for facts.",
        "Invite": "What would you like me to come and see?",
        "Review": "What are you taking away from this? Nothing is agreed today.",
        "Enforce": "I will come and see the work, and then we talk again.",
    }
    steps = tuple(
        Step(
            name=name,
            minutes=minutes,
            say=say[name],
            question_ids=tuple(q.id for q in asked) if name == "Probe" else (),
        )
        for name, minutes in zip(INSPIRE, MINUTES[0], strict=True)
    )
    return Agenda(with_="employee", steps=steps, questions=tuple(asked), closing=CLOSING_QUESTION)


def for_hr(trigger: Trigger) -> Agenda:
    """The talk with HR when the page is withheld: what to say, hand over and ask."""
    steps = (
        Step(name="Say", minutes=3, say=trigger.say or ""),
        Step(name="Hand over", minutes=5, say=" ".join(f"{sentence(item)}" for item in trigger.hand_over)),
        Step(name="Ask", minutes=5, say=" ".join(trigger.ask)),
    )
    return Agenda(with_="HR", steps=steps, questions=(), closing=trigger.meanwhile or "")


def _fixed(question_id: str, question: BankQuestion, work: str = "this") -> Question:
    return Question(
        id=question_id, dimension=question.dimension, purpose=question.purpose, text=question.text.format(work=work),
        listen_for=question.listen_for if question.dimension else "", origin="bank", sources=(question.id,),
    )  # fmt: skip


def gaps_counted(count: int) -> str:
    """What Notice says where the page has no room to name the gaps."""
    return f"I have noticed {count} gaps."


def _notice(themes: Sequence[Theme]) -> str:
    if len(themes) > NAMED_GAPS:
        return gaps_counted(len(themes))
    return f"I have noticed gaps in {listed([_fill_work(t.card, t) for t in themes])}."


def _fill_work(card: Card, theme: Theme) -> str:
    return card.fill(card.work, theme.slots)


def _heard(text: str, room: int) -> str:
    """What to listen for in a few words: cut at a comma or colon, never in the middle of a phrase that fits."""
    if len(text.split()) <= room:
        return text
    first = re.split(r"[,:;]| and | or ", text)[0]
    return first if len(first.split()) <= room + 1 else shortened(first, room)


def _evidence(themes: Sequence[Theme], names: Sequence[str]) -> Iterable[str]:
    for theme in themes[:1]:
        best = max(
            theme.observations,
            key=lambda o: (bool(figures(o.quote)) and not only_counts(o.quote), min(len(o.quote.split()), SAY_WORDS)),
        )
        now = today([best], SAY_WORDS)
        said = _WORKED_OUT.sub("", now.text) if now else best.quote
        yield sentence(to_you(said, names))
    if len(themes) > 1:
        yield "Show the rest."


def _earlier(observations: Sequence[Observation], names: Sequence[str], most: int) -> Iterable[str]:
    talks = [
        o for o in observations if o.kind == "history" and _SPOKEN.search(o.quote) and not _UNSPOKEN.search(o.quote)
    ]
    for talk in talks[:most]:
        yield sentence(to_you(shortened(talk.quote, EARLIER_WORDS), names))


def _strength(observations: Sequence[Observation], names: Sequence[str], knowledge: Knowledge, room: int) -> str:
    strengths = [o.quote for o in observations if o.kind == "strength"]
    if not strengths:
        return "I believe you can do this, because … (your text names nothing yet)."
    praise = knowledge.word_list("sort-praise").regex, knowledge.word_list("sort-praise-word").regex

    def worth(quote: str) -> tuple[bool, int]:
        return any(words.search(quote) for words in praise), min(len(quote.split()), room)

    best = shortened(max(strengths, key=worth), room)
    verb = knowledge.word_list("say-verbs").regex.match(best)
    said = to_you(f"he {best[:1].lower()}{best[1:]}" if verb else best, names)
    return f"{sentence(said).rstrip('.')}: you can do this."
