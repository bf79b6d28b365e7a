"""The handbook as one value, read from `knowledge/`.

Pure: it reads files and checks them. A broken file is one `KnowledgeError` that names the file, the place and the fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Protocol, Self, TypeVar

import yaml
from pydantic import ValidationError, model_validator

from fourthright.domain import Frozen
from fourthright.entries import (
    BankQuestion,
    Card,
    Entry,
    Label,
    Meaning,
    Note,
    Rule,
    Said,
    SourceWork,
    Trigger,
    WordList,
)
from fourthright.errors import KnowledgeError

# The C parser where libyaml is there: the handbook is read at every start.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

EntryT = TypeVar("EntryT", bound=Entry)


class Named(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


_WORD = re.compile(r"[^\W_][\w'’-]*")


def lower_case_words(text: str) -> frozenset[str]:
    """The words of a text that stand in lower case."""
    return frozenset(re.findall(r"(?<![\w'’-])[a-z]{2,}(?![\w'’-])", text))


class Knowledge(Frozen):
    """The whole handbook."""

    cards: tuple[Card, ...]
    said: tuple[Said, ...]
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
        if loose := [card.id for card in self.cards if card.unlike.card not in cards - {card.id}]:
            raise ValueError(f"{loose[0]} is unlike a card that is not there, or unlike itself")
        return self

    @model_validator(mode="after")
    def _something_is_said_about_each_card_and_beside_them(self) -> Self:
        cards, said = [card.id for card in self.cards], [each.card for each in self.said]
        if unknown := [name for name in said if name and name not in cards]:
            raise ValueError(f"words are said about {unknown[0]}, which is no card")
        if silent := [name for name in (*cards, None) if name not in said]:
            raise ValueError(f"nothing is said about {silent[0] or 'what no card answers'}")
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
            said=tuple(_all(root, "said", Said)),
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
        name = item.get("id", item.get("card", "?")) if isinstance(item, dict) else "?"
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
