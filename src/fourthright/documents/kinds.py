"""Which kind of document a file is: its ending and its first bytes have to agree."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, get_args

from fourthright.errors import DocumentRefused

Kind = Literal["pdf", "docx", "markdown", "html", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ENDINGS: dict[str, Kind] = {
    ".pdf": "pdf", ".docx": "docx", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text",
}  # fmt: skip
MOST_BYTES = 20_000_000

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = (".doc", ".dot", ".rtf", ".odt", ".pages")
_MACROS = (".docm", ".dotm")
_TEXTS = ("markdown", "html", "text")


def kind_of(name: str, data: bytes) -> Kind:
    """The kind of a file by its ending, where its content is of that kind; else DocumentRefused."""
    ending = PurePath(name).suffix.lower()
    if not data:
        raise DocumentRefused("the file is empty: choose the file with the text in it")
    if len(data) > MOST_BYTES:
        raise DocumentRefused(
            f"the file is larger than {MOST_BYTES // 1_000_000} MB: add the part that matters, or leave pictures out"
        )
    if ending in _MACROS:
        raise DocumentRefused("this Word file carries macros: save it as .docx and add that")
    if _LOCKED in data and data.startswith(_OLE):
        raise DocumentRefused("the document is locked with a password: save it without one and add that")
    if ending in _OLD_WORD:
        raise DocumentRefused(f"{ending} files are not read: save the document as .docx or PDF and add that")
    if ending not in ENDINGS:
        raise DocumentRefused(f"only {', '.join(ENDINGS)} files are read: save the document as one of these")
    _check_content(ENDINGS[ending], ending, data)
    return ENDINGS[ending]


def _check_content(kind: Kind, ending: str, data: bytes) -> None:
    is_pdf, is_zip = b"%PDF-" in data[:1024], data.startswith(_ZIP)
    if kind == "docx" and data.startswith(_OLE):
        raise DocumentRefused("this is an old Word file under a new ending: open it, save it as .docx and add that")
    fits = {"pdf": is_pdf, "docx": is_zip}.get(
        kind, not data.startswith((b"%PDF-", _ZIP, _OLE)) and not _is_binary(data)
    )
    if not fits:
        raise DocumentRefused(
            f"what is in the file does not fit its ending {ending}: save it anew in the program it comes from"
        )


def _is_binary(data: bytes) -> bool:
    return b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff")
