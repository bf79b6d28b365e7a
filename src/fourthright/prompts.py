"""Prompts as data: one Markdown file each, with front matter (name, version, inputs) and a body with `$variables`.

A variable that is declared and not used, used and not declared, or not given when rendering is an error, never a blank.
"""

from __future__ import annotations

import hashlib
import string
from functools import cached_property
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fourthright.errors import KnowledgeError
from fourthright.knowledge import data_folder


class Prompt(BaseModel):
    """One prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int = Field(ge=1)
    inputs: tuple[str, ...] = ()
    body: str

    @model_validator(mode="after")
    def _inputs_match_the_body(self) -> Self:
        template = string.Template(self.body)
        if not template.is_valid() or set(template.get_identifiers()) != set(self.inputs):
            raise ValueError(f"inputs {sorted(self.inputs)} and $variables {sorted(template.get_identifiers())} differ")
        return self

    @cached_property
    def digest(self) -> str:
        """Hash of the body; a test pins it to the version."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:12]

    def render(self, **values: str) -> str:
        """The body with every variable filled; KeyError when one is missing, TypeError when one is unknown."""
        if extra := set(values) - set(self.inputs):
            raise TypeError(f"prompt {self.name} has no inputs {sorted(extra)}")
        return string.Template(self.body).substitute(values)


class Prompts(BaseModel):
    """All prompts, by name."""

    model_config = ConfigDict(frozen=True)

    by_name: dict[str, Prompt]

    def __getitem__(self, name: str) -> Prompt:
        """The prompt with this name; KeyError when there is none."""
        return self.by_name[name]

    @property
    def versions(self) -> dict[str, str]:
        """Name -> version, as recorded with each page."""
        return {name: str(prompt.version) for name, prompt in sorted(self.by_name.items())}


def load(folder: Path | None = None) -> Prompts:
    """Reads and checks every prompt; KnowledgeError names the first broken file."""
    root = folder or data_folder("prompts")
    return Prompts(by_name={prompt.name: prompt for prompt in (_read(path) for path in sorted(root.glob("*.md")))})


def _read(path: Path) -> Prompt:
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise KnowledgeError(f"{path}: needs front matter between two lines of ---")
    try:
        prompt = Prompt.model_validate(yaml.safe_load(parts[1]) | {"body": parts[2].strip()})
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        raise KnowledgeError(f"{path}: {' '.join(str(error).split())[:200]}") from error
    if prompt.name != path.stem:
        raise KnowledgeError(f"{path}: name '{prompt.name}' differs from the file's name")
    return prompt
