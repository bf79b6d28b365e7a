"""What a page's own styles do to a piece of text, as far as it is needed to tell whether an eye sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Declarations = Mapping[str, str]

SMALLEST = 4.0
"""Pixels: below this nobody reads a letter."""
FAR_OUT = -200.0
"""Pixels beyond the edge at which text is put to be out of sight."""
LEAST_CONTRAST = 1.25
"""Contrast ratio between text and its ground below which the text cannot be seen; 21 is black on white."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_MEDIA = re.compile(r"@media([^{}]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}", re.IGNORECASE)
_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_LENGTH = re.compile(r"^([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|%|vw|vh|)", re.IGNORECASE)
_HEX = re.compile(r"^#([0-9a-f]{3,8})$")
_RGB = re.compile(r"^rgba?\(([^)]*)\)")
_NAMED = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240), "whitesmoke": (245, 245, 245), "mintcream": (245, 255, 250), "azure": (240, 255, 255),
    "seashell": (255, 245, 238), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "navy": (0, 0, 128), "gray": (128, 128, 128), "grey": (128, 128, 128), "yellow": (255, 255, 0),
}  # fmt: skip
_CLIPPED = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%|circle\(\s*0"
)
_SHRUNK = re.compile(r"scale[xy]?\(\s*0(?:\.0\d*)?\s*[,)]|translate[xy]?\(\s*-\d{3,}")

Colour = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


class Look(NamedTuple):
    """How text looks at one place of a page: its colour, what it stands on, its size in pixels."""

    colour: Colour = BLACK
    ground: Colour = WHITE
    size: float = 16.0

    @property
    def readable(self) -> bool:
        """Whether an eye can tell the text from its ground."""
        return self.size >= SMALLEST and contrast(self.colour, self.ground) >= LEAST_CONTRAST


def rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Selector and declarations of each rule that holds on a screen of any size, in order."""
    plain = _MEDIA.sub(lambda m: m[2] if m[1].strip().lower() in ("screen", "all", "") else "", _COMMENT.sub("", sheet))
    for rule in _RULE.finditer(plain):
        yield rule[1].strip(), declarations(rule[2])


def declarations(text: str) -> dict[str, str]:
    """`name: value` pairs, both in lower case."""
    pairs = (part.partition(":") for part in _COMMENT.sub("", text).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def hides(style: Declarations) -> bool:
    """Whether these declarations take an element and all in it out of sight."""
    return (
        style.get("display", "").startswith("none")
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or _number(style.get("opacity"), 1.0) < 0.1
        or _pixels(style.get("text-indent"), 0.0) < FAR_OUT
        or _is_out(style)
        or bool(_CLIPPED.search(style.get("clip", "") + style.get("clip-path", "")))
        or bool(_SHRUNK.search(style.get("transform", "")))
        or _has_no_room(style)
    )


def looked(style: Declarations, before: Look) -> Look:
    """How text looks with these declarations, inside what it stands in."""
    colour = _colour(style.get("color")) or before.colour
    if _is_clear(style.get("color")):
        colour = before.ground
    ground = _colour(style.get("background-color")) or _ground(style.get("background"), before.ground)
    return Look(colour, ground, _pixels(style.get("font-size"), before.size, before.size))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, between 1 and 21, as the guidelines for accessible pages define it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _is_out(style: Declarations) -> bool:
    if style.get("position") not in ("absolute", "fixed"):
        return _pixels(style.get("margin-left"), 0.0) < FAR_OUT or _pixels(style.get("margin-top"), 0.0) < FAR_OUT
    return any(_pixels(style.get(side), 0.0) < FAR_OUT for side in ("left", "top", "right", "bottom"))


def _has_no_room(style: Declarations) -> bool:
    cut = any(style.get(name, "").startswith(("hidden", "clip")) for name in ("overflow", "overflow-x", "overflow-y"))
    return cut and any(_pixels(style.get(name), 99.0) <= 1 for name in ("height", "width", "max-height", "max-width"))


def _ground(value: str | None, before: Colour) -> Colour:
    found = (_colour(part) for part in re.findall(r"rgba?\([^)]*\)|[^\s,]+", value or ""))
    return next((colour for colour in found if colour), before)


def _number(value: str | None, otherwise: float) -> float:
    found = _LENGTH.match(value or "")
    return otherwise if found is None else float(found[1]) / (100 if found[2] == "%" else 1)


def _pixels(value: str | None, otherwise: float, em: float = 16.0) -> float:
    found = _LENGTH.match(value or "")
    if found is None:
        return otherwise
    unit = {"pt": 4 / 3, "em": em, "rem": 16.0, "%": em / 100, "vw": 10.0, "vh": 8.0}.get(found[2].lower(), 1.0)
    return float(found[1]) * unit


def _is_clear(value: str | None) -> bool:
    parts = re.split(r"[\s,/]+", found[1].strip()) if (found := _RGB.match(value or "")) else []
    return value == "transparent" or (len(parts) == 4 and _number(parts[3], 1.0) < 0.1)


def _colour(value: str | None) -> Colour | None:
    if value is None or _is_clear(value):
        return None
    if found := _HEX.match(value):
        digits = "".join(2 * d for d in found[1][:3]) if len(found[1]) < 6 else found[1][:6]
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.match(value):
        parts = re.split(r"[\s,/]+", found[1].strip())[:3]
        shades = [int(255 * _number(p, 0.0) if p.endswith("%") else _number(p, 0.0)) for p in parts]
        return (shades[0], shades[1], shades[2]) if len(shades) == 3 else None
    if value.startswith("hsl"):
        return _by_lightness(value)
    return _NAMED.get(value)


def _by_lightness(value: str) -> Colour | None:
    shares = re.findall(r"(\d+(?:\.\d+)?)%", value)
    grey = int(float(shares[1]) * 2.55) if len(shares) > 1 else None
    return None if grey is None else (grey, grey, grey)


def _luminance(colour: Colour) -> float:
    red, green, blue = (((c / 255 + 0.055) / 1.055) ** 2.4 if c > 10 else c / 255 / 12.92 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
