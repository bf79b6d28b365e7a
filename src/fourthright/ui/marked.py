"""Words on a coloured ground within a line of somebody's own text, which stays harmless text."""

from __future__ import annotations

from fourthright.ui.components import shown


def plain(part: str) -> str:
    """A part of a line, with the blanks at its ends that `shown` takes off."""
    if not part.strip():
        return " " if part else ""
    return f"{' ' if part[0].isspace() else ''}{shown(part)}{' ' if part[-1].isspace() else ''}"


def ground(part: str) -> str:
    """Marked words; the joiner keeps a colon before them from running into the mark, and an address stays unmarked."""
    line = shown(part)
    return plain(part) if "`" in line else f"\u2060:orange-background[{line}]"
