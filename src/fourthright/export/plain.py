"""Text from a manager or a model as harmless Markdown: it reads as typed, and nothing in it is markup or a link."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S+|[^\s@]+@[^\s@]+\.[^\s@]+", re.IGNORECASE)
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~$]|&(?=[#\w])")
_LINE_OPENER = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)])(?=\s|$))")
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn")
"""Unicode categories without a visible sign: controls, direction overrides, zero-width marks."""


def visible(text: str) -> str:
    """The text on one line, without characters that cannot be seen."""
    shown = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    return " ".join("".join(shown).split())


def escape(text: str) -> str:
    """One line of Markdown that renders as exactly this text; addresses become code, so that no viewer links them."""
    line, at, parts = visible(text), 0, []
    for address in _ADDRESS.finditer(line):
        parts += [
            _escaped(line[at : address.start()]),
            "`" + address.group().replace("`", "'").replace("|", "\\|") + "`",
        ]
        at = address.end()
    return _LINE_OPENER.sub(_opener, "".join((*parts, _escaped(line[at:]))))


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda mark: "\\" + mark.group(), text)


def _opener(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"
