"""The process that parses one document: bytes on standard input, blocks as JSON on standard output, then it ends."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from fourthright.documents import marked, pdf, web, word
from fourthright.documents.blocks import Content
from fourthright.documents.kinds import Kind
from fourthright.errors import ManagerError

MOST_MEMORY = 2_000_000_000
"""Bytes of address space; a large PDF with pictures needs a quarter of it."""
MOST_SECONDS = 90
"""Of processor time, in case whoever started this process is gone."""
REFUSED = 3

READERS: dict[Kind, Callable[[bytes], Content]] = {
    "pdf": pdf.pdf,
    "docx": word.docx,
    "markdown": marked.markdown,
    "html": web.html,
    "text": marked.text,
}


def main() -> int:
    """Reads standard input as the kind of document named by the only argument."""
    kind: Any = sys.argv[1]
    limit()
    try:
        answer, code = READERS[kind](sys.stdin.buffer.read()).model_dump_json(), 0
    except ManagerError as refused:
        answer, code = str(refused), REFUSED
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))
    return code


def limit() -> None:
    """Caps memory and processor time, and forbids writing files, on systems that can; elsewhere only the clock holds."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows
        return
    for name, most in (
        ("RLIMIT_AS", MOST_MEMORY),
        ("RLIMIT_CPU", MOST_SECONDS),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError):  # a system that knows the limit and does not take it, such as macOS
            continue


if __name__ == "__main__":
    sys.exit(main())
