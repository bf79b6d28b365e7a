"""JSON Lines in and out, one line in memory at a time; a bad line is answered in its place and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeVar

from pydantic import BaseModel, ValidationError

from fourthright.errors import BadInput, FourthrightError

MAX_LINE_BYTES = 1_000_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

InputT = TypeVar("InputT", bound=BaseModel)


def answers(
    stream: BinaryIO, kind: type[InputT], answer: Callable[[InputT], dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], bool]]:
    """For each line that is not blank: the answer and True, or `{"id": null, "line": n, "error": …}` and False.

    BadInput when the stream holds no line at all.
    """
    some = False
    for number, raw in enumerate(_lines(stream), 1):
        if raw is not None and not raw.strip():
            continue
        some = True
        try:
            yield answer(_read(raw, kind)), True
        except FourthrightError as error:
            yield {"id": None, "line": number, "error": str(error)}, False
    if not some:
        raise BadInput("there is nothing to read: send one JSON object a line")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream; None for one that is too long, of which no more than the limit is held."""
    first = True
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        if first:
            raw, first = raw.removeprefix(BYTE_ORDER_MARK), False
        if len(raw) <= MAX_LINE_BYTES or raw.endswith(b"\n"):
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(MAX_LINE_BYTES)
        yield None


def _read(raw: bytes | None, kind: type[InputT]) -> InputT:
    if raw is None:
        raise BadInput(f"the line is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput("the line is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise BadInput("the line is not JSON") from None
    if not isinstance(value, dict):
        raise BadInput("the line is not a JSON object")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"{place}: {first['msg']}" if place else first["msg"]) from None
