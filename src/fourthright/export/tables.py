"""A table as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from fourthright.export.plain import escape
from fourthright.sheets import Table


def markdown(table: Table) -> str:
    """One row a line; nothing in a cell is markup or a link."""
    rule = "|".join("---" for _ in table.heading)
    return "\n".join((_row(table.heading), f"|{rule}|", *map(_row, table.rows)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(escape, cells))} |"
