"""The organisation's own documents, kept for their owner: passages and vectors in one SQLite file on this machine.

Every statement names the owner, and so does every search. What is removed is overwritten in the file.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from fourthright import documents
from fourthright.documents import Document
from fourthright.domain import Frozen
from fourthright.embedding import DIMENSIONS, Embedder, Vectors
from fourthright.errors import ConfigurationError, DocumentRefused
from fourthright.nearest import Nearest

FITS = 0.30
"""Cosine similarity below which no two sentences of a passage have anything to say to a query."""
AT_ONCE = 2
"""Sentences that are compared with a query at once: a whole passage speaks of several things."""
OTHER_WORDS = 0.4
"""What the other words for a matter count for, where there are some."""
TRIED = 8
"""Pairs of sentences that are looked at for each passage wanted: a passage may have many that fit."""

_TABLES = """
CREATE TABLE IF NOT EXISTS documents (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, pages INTEGER, size INTEGER NOT NULL,
  left_out INTEGER NOT NULL, added TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS passages (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
  place INTEGER NOT NULL, page INTEGER, heading TEXT, text TEXT NOT NULL, vectors BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_of ON passages (owner, document, place);
"""
_PASSAGE = """
SELECT passages.id, document, documents.name, page, heading, text
FROM passages JOIN documents ON documents.id = document AND documents.owner = passages.owner
"""


class Passage(Frozen):
    """Words of a document, with where they stand."""

    id: str
    document_id: str
    document: str
    """The file's name as shown."""
    page: int | None
    heading: str | None
    text: str

    @property
    def title(self) -> str:
        """Where to find it: "Attendance policy.pdf, page 3, Lateness"."""
        page = f"page {self.page}" if self.page else None
        return ", ".join(part for part in (self.document, page, self.heading) if part)


class Held(Frozen):
    """A document that is kept; `size` in bytes of the file, `added` in UTC."""

    id: str
    name: str
    pages: int | None
    passages: int
    size: int
    added: datetime
    left_out: int = 0
    """Passages that are hidden from the eye and were not kept."""


class Found(Frozen):
    """A passage that fits a query, its cosine similarity, and the sentences of it that fit best."""

    passage: Passage
    score: float
    words: str


class Shelf:
    """The documents of all owners in one file; nothing is read or written until it is asked for."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._path, self._embedder = path, embedder
        self._indexing = threading.Lock()
        self._indexed: dict[str, set[str]] = {}

    def add(self, owner: str, name: str, data: bytes) -> Held:
        """Keeps a document. DocumentRefused says in one line what to do where it cannot be kept."""
        return self._keep(owner, name, data, instead_of=None)

    def replace(self, owner: str, document_id: str, name: str, data: bytes) -> Held:
        """Puts a document in the place of another, which stays untouched where the new one is refused."""
        self._known(owner, document_id)
        return self._keep(owner, name, data, instead_of=document_id)

    def remove(self, owner: str, document_id: str) -> None:
        """Removes a document with its text and vectors, for good."""
        self._known(owner, document_id)
        with self._opened() as db:
            _delete(db, owner, document_id)
        self._follow(owner)

    def documents(self, owner: str) -> tuple[Held, ...]:
        """What this owner keeps, the latest first."""
        return self._held(owner)

    def passages(self, owner: str, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document in order. DocumentRefused where there is no such document."""
        self._known(owner, document_id)
        with self._opened() as db:
            rows = db.execute(
                f"{_PASSAGE} WHERE passages.owner = ? AND document = ? ORDER BY place", (owner, document_id)
            )
            return tuple(map(_passage, rows))

    def passage(self, owner: str, passage_id: str) -> Passage | None:
        """One passage; None where this owner has none of that id."""
        if not self._path.exists():
            return None
        with self._opened() as db:
            row = db.execute(f"{_PASSAGE} WHERE passages.owner = ? AND passages.id = ?", (owner, passage_id)).fetchone()
        return _passage(row) if row else None

    def search(self, owner: str, query: str, k: int = 3, *, also: str | None = None) -> tuple[Found, ...]:
        """The passages of this owner that fit a query, best first; empty when nothing fits.

        `also` says the same matter in other words; a score is then lower than the query's alone would be.
        """
        if not any(char.isalnum() for char in query) or not self._path.exists():
            return ()
        self._follow(owner)
        if not self._indexed[owner]:
            return ()
        vector, length = self._meant(query, also)
        best: dict[str, tuple[float, int]] = {}
        for near in self._nearest.similar(vector, TRIED * k, {"owner": owner}):
            if near.similarity * length >= FITS:
                passage_id, _, place = near.id.partition("/")
                best.setdefault(passage_id, (round(near.similarity * length, 4), int(place)))
        found = [(self.passage(owner, id_), score, place) for id_, (score, place) in list(best.items())[:k]]
        return tuple(
            Found(passage=passage, score=score, words=_pairs(passage.text)[place])
            for passage, score, place in found
            if passage
        )

    def _meant(self, query: str, also: str | None) -> tuple[Vectors, float]:
        """The unit vector to search with, and what a similarity to it counts for."""
        vector = self._embedder.embed([query])
        if also:
            vector = (1 - OTHER_WORDS) * vector + OTHER_WORDS * self._embedder.embed([also])
        length = float(np.linalg.norm(vector))
        return (vector / length).astype(np.float32), length

    def _keep(self, owner: str, name: str, data: bytes, instead_of: str | None) -> Held:
        id_ = hashlib.sha256(owner.encode() + b"\0" + data).hexdigest()[:12]
        if there := [held for held in self._held(owner) if held.id == id_]:
            raise DocumentRefused(f"the same document is already there as “{there[0].name}”: nothing was added")
        document = documents.read(name, data)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = list(pool.map(self._embedder.embed, map(_embedded, document.pieces)))
        with self._opened() as db:
            if instead_of:
                _delete(db, owner, instead_of)
            _insert(db, owner, id_, document, len(data), vectors)
        self._follow(owner)
        return next(held for held in self._held(owner) if held.id == id_)

    def _held(self, owner: str) -> tuple[Held, ...]:
        if not self._path.exists():
            return ()
        with self._opened() as db:
            rows = db.execute(
                """SELECT id, name, pages, size, added, left_out, (
                     SELECT count(*) FROM passages WHERE passages.owner = ?1 AND document = documents.id
                   ) FROM documents WHERE owner = ?1 ORDER BY added DESC, name""",
                (owner,),
            ).fetchall()
        names = ("id", "name", "pages", "size", "added", "left_out", "passages")
        return tuple(Held(**dict(zip(names, row, strict=True))) for row in rows)

    def _known(self, owner: str, document_id: str) -> Held:
        for held in self._held(owner):
            if held.id == document_id:
                return held
        raise DocumentRefused("there is no document with this id: list the documents to see those there are")

    def _follow(self, owner: str) -> None:
        """Brings what is searched up to what is kept: another process may have added or removed documents."""
        with self._indexing, self._opened() as db:
            kept = {id_ for (id_,) in db.execute("SELECT id FROM documents WHERE owner = ?", (owner,))}
            indexed = self._indexed.setdefault(owner, set())
            for gone in indexed - kept:
                self._nearest.remove({"owner": owner, "document": gone})
                indexed.discard(gone)
            for new in kept - indexed:
                self._index(db, owner, new)
                indexed.add(new)

    def _index(self, db: sqlite3.Connection, owner: str, document_id: str) -> None:
        rows = db.execute(
            "SELECT id, vectors FROM passages WHERE owner = ? AND document = ?", (owner, document_id)
        ).fetchall()
        vectors = [np.frombuffer(kept, dtype=np.float32).reshape(-1, DIMENSIONS) for _, kept in rows]
        ids = [f"{id_}/{place}" for (id_, _), of in zip(rows, vectors, strict=True) for place in range(len(of))]
        self._nearest.add(ids, np.concatenate(vectors), [{"owner": owner, "document": document_id}] * len(ids))

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(f"shelf-{uuid.uuid4().hex}")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one piece of work, which is kept as a whole or not at all."""
        try:
            _prepare(self._path)
            db = sqlite3.connect(self._path, timeout=20)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self._path, error) from None
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA foreign_keys = ON")
            db.executescript(_TABLES)
            with db:
                yield db
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from None
        finally:
            db.close()


def _prepare(path: Path) -> None:
    """The folder and the file, for nobody but the user who runs this."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.touch(mode=0o600)
    path.chmod(0o600)


def _unusable(path: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: the documents cannot be reached ({error}); see to this file, or set FOURTHRIGHT_DATA_DIR to another folder"
    )


def _pairs(text: str) -> list[str]:
    """A passage two sentences at a time."""
    said = documents.sentences(text)
    return [" ".join(said[at : at + AT_ONCE]) for at in range(0, len(said), AT_ONCE)]


def _embedded(piece: documents.Piece) -> list[str]:
    return [f"{piece.heading}: {pair}" if piece.heading else pair for pair in _pairs(piece.text)]


def _insert(
    db: sqlite3.Connection, owner: str, id_: str, document: Document, size: int, vectors: list[Vectors]
) -> None:
    added = datetime.now(UTC).isoformat(timespec="microseconds")
    db.execute(
        "INSERT INTO documents (id, owner, name, pages, size, left_out, added) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (id_, owner, document.name, document.pages, size, document.left_out, added),
    )
    db.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f"own-{id_}-{place}", owner, id_, place, piece.page, piece.heading, piece.text, of.tobytes())
            for place, (piece, of) in enumerate(zip(document.pieces, vectors, strict=True), 1)
        ],
    )


def _delete(db: sqlite3.Connection, owner: str, document_id: str) -> None:
    db.execute("DELETE FROM passages WHERE owner = ? AND document = ?", (owner, document_id))
    db.execute("DELETE FROM documents WHERE owner = ? AND id = ?", (owner, document_id))


def _passage(row: tuple[str, str, str, int | None, str | None, str]) -> Passage:
    id_, document_id, document, page, heading, text = row
    return Passage(id=id_, document_id=document_id, document=document, page=page, heading=heading, text=text)
