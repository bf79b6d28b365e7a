"""What the commands say: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from fourthright.domain import Progress
from fourthright.errors import BadInput

PIPE_CLOSED = 141
"""What a shell reports for a program whose reader went away."""


def download_progress() -> Callable[[str, int, int], None]:
    """Says each new thing that is done, and every tenth of the way."""
    said: tuple[str, int] = ("", -1)

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // total if total else 0
        if (doing, tenth) != said:
            said = (doing, tenth)
            note(f"{doing} [{10 * tenth} %]")

    return tell


def progress() -> Callable[[Progress], None]:
    """Says each new thing that is done to a page."""
    said = ""

    def tell(step: Progress) -> None:
        nonlocal said
        if step.doing != said:
            said = step.doing
            note(f"[{step.done}/{step.total}] {said}")

    return tell


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to read, or standard input for `-`. Raises BadInput where it cannot be opened."""
    if file == "-":
        if sys.stdin.isatty():
            note("Type the text and end it with Ctrl-D on a line of its own.")
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None


def out(text: str) -> None:
    """A result, on standard output."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the flush at exit has somewhere to go
        raise typer.Exit(PIPE_CLOSED) from None


def note(text: str) -> None:
    """A word to the person, on standard error."""
    print(text, file=sys.stderr, flush=True)


def fail(line: str, code: int) -> int:
    """One line about what went wrong, on standard error; gives the code back."""
    note(f"fourthright: {' '.join(line.split())}")
    return code
