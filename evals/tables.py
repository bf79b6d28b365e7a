"""Markdown tables and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; every row has as many cells as the head. Bars in cells are escaped."""
    lines = [list(head), ["---"] * len(head), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(title: str, items: Iterable[str]) -> str:
    """A titled list; empty where there is nothing to list. Line breaks inside an item become blanks."""
    lines = [f"- {' '.join(item.split())}" for item in items]
    return f"**{title}** ({len(lines)})\n\n" + "\n".join(lines) if lines else ""


def sections(parts: Iterable[str]) -> str:
    """The parts that say something, with a blank line between."""
    return "\n\n".join(part for part in parts if part)
