"""`fourthright guidance …`: the handbook's notes and the organisation's own documents, from the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fourthright import config, terminal
from fourthright.errors import DocumentRefused, ManagerError

if TYPE_CHECKING:
    from fourthright.engine import Engine
    from fourthright.shelf import Held, Passage, Shelf

guidance = typer.Typer(help="The handbook's notes and your organisation's own documents.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `guidance list` shows it.", show_default=False)]
REFUSED = 2


@guidance.command()
def search(
    query: str,
    count: Annotated[int, typer.Option("-k", min=1, max=50, help="How many at most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """The notes and own passages that fit a query, best first; none when nothing fits."""
    from fourthright import bootstrap

    engine = bootstrap.engine(config.settings(), with_model=False)
    found = sorted([*_notes(engine, query, count), *_own(engine, query, count)], key=lambda one: -one["score"])[:count]
    readable = "\n\n".join(f"{one['title']} ({one['score']:.2f})\n{one['text']}\n[{one['source']}]" for one in found)
    _tell(found, readable or "Nothing fits.", as_json)


@guidance.command()
def add(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="PDF, DOCX, Markdown, HTML or text.")],
    as_json: AsJson = False,
) -> None:
    """Keep documents on this machine, to be found and cited by name."""
    shelf, owner = _shelf()
    held = []
    for file in files:
        try:
            held.append(shelf.add(owner, PurePath(file).name, _read(file)))
        except DocumentRefused as error:
            terminal.note(f"fourthright: {file}: {error}")
        except ManagerError as error:
            terminal.note(f"fourthright: {error}")
    _tell([one.model_dump(mode="json") for one in held], _table(held), as_json)
    if len(held) < len(files):
        raise typer.Exit(REFUSED)


@guidance.command("list")
def list_documents(as_json: AsJson = False) -> None:
    """The documents that are kept, the latest first."""
    shelf, owner = _shelf()
    held = shelf.documents(owner)
    _tell([one.model_dump(mode="json") for one in held], _table(held) or "No documents yet.", as_json)


@guidance.command()
def show(document_id: Id, as_json: AsJson = False) -> None:
    """A document as it is kept, passage by passage."""
    shelf, owner = _shelf()
    passages = shelf.passages(owner, document_id)
    readable = "\n\n".join(f"{passage.title}\n{passage.text}" for passage in passages)
    _tell([_as_dict(passage) for passage in passages], readable, as_json)


@guidance.command()
def replace(document_id: Id, file: str, as_json: AsJson = False) -> None:
    """Put a file in the place of a document, which stays when the file is refused."""
    shelf, owner = _shelf()
    held = shelf.replace(owner, document_id, PurePath(file).name, _read(file))
    _tell(held.model_dump(mode="json"), _table([held]), as_json)


@guidance.command()
def remove(document_id: Id) -> None:
    """Remove a document with its text and vectors, for good."""
    shelf, owner = _shelf()
    shelf.remove(owner, document_id)
    terminal.note("Removed.")


def _shelf() -> tuple[Shelf, str]:
    from fourthright import bootstrap, embedding

    settings = config.settings()
    return bootstrap.shelf(settings, embedding.MiniLM(settings.cache_dir)), settings.owner


def _read(file: str) -> bytes:
    from fourthright.documents import MOST_BYTES

    with terminal.opened(file) as stream:
        return stream.read(MOST_BYTES + 1)


def _notes(engine: Engine, query: str, count: int) -> list[dict[str, Any]]:
    notes = {note.id: note for note in engine.knowledge.notes}
    works = {work.id: f"{work.title}, {work.by}" for work in engine.knowledge.works}
    return [
        {
            "id": hit.id,
            "title": notes[hit.id].title,
            "score": hit.score,
            "text": notes[hit.id].text,
            "source": "; ".join(works[source] for source in notes[hit.id].sources),
        }
        for hit in engine.index.notes(query, count)
    ]


def _own(engine: Engine, query: str, count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": found.passage.id,
            "title": found.passage.title,
            "score": found.score,
            "text": found.passage.text,
            "source": found.passage.document,
        }
        for found in engine.shelf.search(engine.owner, query, count)
    ]


def _as_dict(passage: Passage) -> dict[str, Any]:
    return passage.model_dump(mode="json") | {"title": passage.title}


def _table(held: Iterable[Held]) -> str:
    return "\n".join(
        f"{one.id}  {one.name}: {one.passages} passages"
        + (f", {one.pages} pages" if one.pages else "")
        + (f"; {one.left_out} hidden passages were left out" if one.left_out else "")
        for one in held
    )


def _tell(data: object, readable: str, as_json: bool) -> None:
    if text := json.dumps(data, ensure_ascii=False, indent=2) if as_json else readable:
        terminal.out(text)
