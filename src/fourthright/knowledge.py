"""The handbook as typed values: cards, questions, notes, rules, triggers, labels, meanings and word lists, read from `knowledge/`.

Pure: it reads files and checks them. A broken file is one `KnowledgeError` that names the file, the place and the fault.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fourthright.domain import DIMENSIONS, Dimension, Frozen, Level, Purpose, Severity, StepName, Text
from fourthright.errors import KnowledgeError

# The C parser where libyaml is there: the handbook is read at every start.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SlotName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Kind = Literal["office", "floor", "field", "care"]


def slots_in(text: str) -> tuple[str, ...]:
    """The `{slot}` names in a template, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


class Entry(BaseModel):
    """A piece of a knowledge file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EntryT = TypeVar("EntryT", bound=Entry)


class Named(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


def _whole_words(words: Iterable[str], patterns: Iterable[str] = ()) -> re.Pattern[str]:
    escaped = (re.escape(word).replace("\\ ", "[ -]") for word in sorted(words, key=len, reverse=True))
    return re.compile("|".join((*(rf"\b{word}\b" for word in escaped), *patterns)) or "(?!)", re.IGNORECASE)


class Slot(Entry):
    """A hole in a card's wording, filled with the manager's own words or else with `default`."""

    default: Text
    ask: Text
    """What the words in the hole name, as the model reads it."""


class Seed(Entry):
    """A question of a card, with what to listen for in the answer."""

    text: Text
    listen_for: Text


class Card(Entry):
    """One observable behaviour: what people call its absence, how it is measured, where to start, what to ask."""

    id: Id
    title: Text
    work: Text
    """A gerund phrase that fits after "What gets in the way of"."""
    slots: dict[SlotName, Slot] = Field(default_factory=dict)
    labels: Annotated[tuple[Text, ...], Field(min_length=2)]
    phrases: Annotated[tuple[Text, ...], Field(min_length=5)]
    """How managers put it, typos and anger included; what retrieval matches."""
    behaviour: Text
    measure: Text
    target: Text
    target_why: Text
    by_when: Text
    first_step: Text
    payoff: Text
    """Why it matters to others, as one sentence the manager can say in Enforce."""
    safety: bool = False
    """One failure risks life, injury, security or great loss: a full-marks target is fair."""
    questions: dict[Dimension, Annotated[tuple[Seed, ...], Field(min_length=2)]]
    find_out: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    reaction: Text
    jobs: Annotated[tuple[Kind, ...], Field(min_length=1)]
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_slot_is_declared(self) -> Self:
        if missing := set(DIMENSIONS) - set(self.questions):
            raise ValueError(f"no questions for {', '.join(sorted(missing))}")
        used = {name for text in self.templates() for name in slots_in(text)}
        if used != set(self.slots):
            raise ValueError(f"slots used {sorted(used)} and slots declared {sorted(self.slots)} differ")
        return self

    def templates(self) -> Iterator[str]:
        """Every text of the card that may hold a slot."""
        yield from (self.title, self.work, self.behaviour, self.measure, self.target, self.by_when)
        yield from (self.first_step, self.payoff, self.reaction, *self.find_out)
        for seeds in self.questions.values():
            for seed in seeds:
                yield from (seed.text, seed.listen_for)

    def fill(self, template: str, values: dict[str, str] | None = None) -> str:
        """A template of this card with its slots filled from `values`, else from the defaults."""
        filled = template.format_map({name: slot.default for name, slot in self.slots.items()} | (values or {}))
        return filled[:1].upper() + filled[1:] if template[:1] in "{" or template[:1].isupper() else filled


class BankQuestion(Entry):
    """A question of the bank; `{work}` takes a card's gerund phrase."""

    id: Id
    dimension: Dimension | None
    step: StepName
    purpose: Purpose = "explore"
    when: Literal["general", "relapse", "strength", "no_evidence", "commitment", "HR"] = "general"
    text: Text
    listen_for: str
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _only_the_work_slot(self) -> Self:
        if extra := set(slots_in(self.text)) - {"work"}:
            raise ValueError(f"unknown slots {sorted(extra)}; a bank question may only use {{work}}")
        return self


class Note(Entry):
    """A passage of the method in our own words: Markdown with front matter."""

    id: Id
    title: Text
    dimension: Dimension | None = None
    step: StepName | None = None
    ask: tuple[Text, ...] = ()
    """How a manager would look for it."""
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    text: Text


class Rule(Entry):
    """A named criterion as the manager reads it."""

    id: Id
    applies_to: Literal["expectation", "question", "page"]
    severity: Severity
    text: Text
    reason: Text
    source: Id


class Trigger(Entry):
    """A safeguard: the words that fire it, the reason and the route that are shown."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    level: Level
    title: Text
    reason: Text
    route: Text
    cues: tuple[Text, ...] = ()
    """Regular expressions, matched without regard to case."""
    spared: tuple[Text, ...] = ()
    """Regular expressions for ordinary talk that only looks like a cue."""
    examples: tuple[Text, ...] = ()
    """Whole sentences that a text is compared with by meaning."""
    say: Text | None = None
    """What the manager says to HR (or the emergency route) when the page is withheld."""
    hand_over: tuple[Text, ...] = ()
    ask: tuple[Text, ...] = ()
    find_out: tuple[Text, ...] = ()
    meanwhile: Text | None = None
    """What goes on as usual until the route has answered."""
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _a_withheld_page_has_words(self) -> Self:
        for pattern in (*self.cues, *self.spared):
            try:
                re.compile(pattern, re.IGNORECASE)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        if self.level != "FLAG" and not (self.say and self.hand_over and self.ask and self.meanwhile):
            raise ValueError(f"a {self.level} trigger needs say, hand_over, ask and meanwhile")
        return self


class Label(Entry):
    """A vague phrase and what to look at instead of it."""

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    look_at: Text
    becomes: Text
    """The phrase translated: a behaviour a camera would show."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Any of its words, whole, in any case."""
        return _whole_words(self.words)


class Meaning(Entry):
    """What people say of a kind of behaviour, and the cards that it may stand for."""

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    cards: tuple[Id, ...]
    """The likeliest first; none where the words say too little about any one card."""


class WordList(Entry):
    """Words or patterns of the language that code sorts and checks with, and where they come from."""

    id: Id
    origin: Text
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Regular expressions, matched without regard to case."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All words (whole words, any case) and patterns as one alternation."""
        return _whole_words(self.words, self.patterns)


class SourceWork(Entry):
    """A publication that knowledge rests on."""

    id: Id
    title: Text
    by: Text
    year: int | None = None
    where: str | None = None


_WORD = re.compile(r"[^\W_][\w'’-]*")


def lower_case_words(text: str) -> frozenset[str]:
    """The words of a text that stand in lower case."""
    return frozenset(re.findall(r"(?<![\w'’-])[a-z]{2,}(?![\w'’-])", text))


class Knowledge(Frozen):
    """The whole handbook."""

    cards: tuple[Card, ...]
    questions: tuple[BankQuestion, ...]
    notes: tuple[Note, ...]
    rules: tuple[Rule, ...]
    triggers: tuple[Trigger, ...]
    labels: tuple[Label, ...]
    meanings: tuple[Meaning, ...]
    words: tuple[WordList, ...]
    works: tuple[SourceWork, ...]
    families: dict[str, tuple[str, ...]]
    """Family title -> ids of its cards."""

    @model_validator(mode="after")
    def _ids_are_unique_and_links_resolve(self) -> Self:
        works, ids = {work.id for work in self.works}, set[str]()
        named: list[tuple[str, tuple[str, ...]]] = [
            *((card.id, card.sources) for card in self.cards),
            *((question.id, question.sources) for question in self.questions),
            *((note.id, note.sources) for note in self.notes),
            *((trigger.id, trigger.sources) for trigger in self.triggers),
            *((rule.id, (rule.source,)) for rule in self.rules),
            *((words.id, ()) for words in self.words),
        ]
        for entry_id, sources in named:
            if entry_id in ids:
                raise ValueError(f"id {entry_id} is used twice")
            ids.add(entry_id)
            if unknown := [name for name in sources if name not in works]:
                raise ValueError(f"{entry_id} names unknown sources: {', '.join(unknown)}")
        cards = {card.id for card in self.cards}
        for meaning in self.meanings:
            if unknown := [name for name in meaning.cards if name not in cards]:
                raise ValueError(f"meaning '{meaning.words[0]}' names unknown cards: {', '.join(unknown)}")
        return self

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that the handbook writes in lower case: ordinary words, and no names."""
        everything = self.model_dump_json(include={"cards", "questions", "notes", "labels", "rules"})
        return lower_case_words(everything.replace("\\n", " "))

    @cached_property
    def card_words(self) -> frozenset[str]:
        """The words in lower case of the cards' own lines, without the phrases that managers type."""
        own = (text for c in self.cards for text in (*c.templates(), *(slot.ask for slot in c.slots.values())))
        return frozenset(word for text in own for word in _WORD.findall(text) if word.islower())

    def card(self, card_id: str) -> Card:
        """The card with this id; KeyError when there is none."""
        return _by_id(self.cards, card_id)

    def word_list(self, list_id: str) -> WordList:
        """The word list with this id; KeyError when there is none."""
        return _by_id(self.words, list_id)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; KeyError when there is none."""
        return _by_id(self.rules, rule_id)

    def trigger(self, trigger_id: str) -> Trigger:
        """The trigger with this id; KeyError when there is none."""
        return _by_id(self.triggers, trigger_id)


def _by_id(entries: Iterable[NamedT], entry_id: str) -> NamedT:
    for entry in entries:
        if entry.id == entry_id:
            return entry
    raise KeyError(entry_id)


def data_folder(name: str) -> Path:
    """`knowledge/` or `prompts/`: of the checkout, or as built into an installed wheel."""
    packaged = Path(str(resources.files("fourthright"))) / "_data" / name
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / name


def load(folder: Path | None = None) -> Knowledge:
    """Reads and checks every file of a knowledge folder; KnowledgeError names the first broken one."""
    root = folder or data_folder("knowledge")
    families: dict[str, tuple[str, ...]] = {}
    cards: list[Card] = []
    for path in _files(root / "behaviours", "yaml"):
        raw = _yaml(path)
        found = [_entry(Card, item, path) for item in _list(raw, "cards", path)]
        families[str(raw.get("title", path.stem))] = tuple(card.id for card in found)
        cards += found
    try:
        return Knowledge(
            cards=tuple(cards),
            questions=tuple(_all(root, "questions", BankQuestion)),
            notes=tuple(_note(path) for path in _files(root / "guidance", "md")),
            rules=tuple(_all(root, "rules", Rule)),
            triggers=tuple(_all(root, "triggers", Trigger)),
            labels=tuple(_all(root, "labels", Label)),
            meanings=tuple(_all(root, "meanings", Meaning)),
            words=tuple(_all(root, "words", WordList)),
            works=tuple(_all(root, "sources", SourceWork)),
            families=families,
        )
    except ValidationError as error:
        raise KnowledgeError(f"{root}: {_fault(error)}") from error


def _all(root: Path, name: str, kind: type[EntryT]) -> Iterable[EntryT]:
    for path in _files(root / name, "yaml"):
        yield from (_entry(kind, item, path) for item in _list(_yaml(path), name, path))


def _files(folder: Path, ending: str) -> list[Path]:
    found = sorted(folder.glob(f"*.{ending}"))
    if not found:
        raise KnowledgeError(f"{folder}: no .{ending} file here; restore the folder from the release")
    return found


def _yaml(path: Path, text: str | None = None) -> dict[str, object]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8") if text is None else text, Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise KnowledgeError(f"{path}: the file must be a mapping at the top")
    return raw


def _list(raw: dict[str, object], key: str, path: Path) -> list[object]:
    items = raw.get(key)
    if not isinstance(items, list) or not items:
        raise KnowledgeError(f"{path}: needs a list under '{key}'")
    return items


def _entry(kind: type[EntryT], item: object, path: Path) -> EntryT:
    try:
        return kind.model_validate(item)
    except ValidationError as error:
        name = item.get("id", "?") if isinstance(item, dict) else "?"
        raise KnowledgeError(f"{path}: entry '{name}': {_fault(error)}") from error


def _note(path: Path) -> Note:
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise KnowledgeError(f"{path}: needs front matter between two lines of ---")
    return _entry(Note, _yaml(path, parts[1]) | {"text": parts[2].strip()}, path)


def _fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place + ': ' if place else ''}{first['msg']}"
