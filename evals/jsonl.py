"""Files with one JSON object a line, as typed rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evals.rule_labels import fault, lines

RowT = TypeVar("RowT", bound=BaseModel)


def read(path: Path, kind: type[RowT]) -> list[RowT]:
    """The rows of a file. BadInput names the first line that cannot be used."""
    found: list[RowT] = []
    for place, line in lines(path):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            raise fault(place, error) from None
    return found


def write(path: Path, rows: Sequence[BaseModel]) -> None:
    """One row a line, in UTF-8."""
    path.write_text("".join(json.dumps(row.model_dump(), ensure_ascii=False) + "\n" for row in rows), "utf-8")
