"""Settings, read from the environment (prefix `FOURTHRIGHT_`); nothing is read at import."""

from __future__ import annotations

import getpass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from fourthright.errors import ConfigurationError

EMBEDDED_PREFIX = "embedded/"
DEFAULT_MODEL = f"{EMBEDDED_PREFIX}qwen2.5-coder-1.5b-instruct-q4_k_m"


class Settings(BaseSettings):
    """What an installation can choose. Every field is an environment variable, e.g. FOURTHRIGHT_MODEL."""

    model_config = SettingsConfigDict(
        env_prefix="FOURTHRIGHT_", env_ignore_empty=True, frozen=True, use_attribute_docstrings=True
    )

    model: str = Field(default=DEFAULT_MODEL, min_length=1)
    """A LiteLLM model name; `embedded/…` runs inside this process."""
    api_base: str | None = None
    """Address of the server, for models that need one."""
    allow_hosted: bool = False
    """Consent that text may leave this machine for the configured model."""
    model_path: Path | None = None
    """The local model's file, where it is not in the cache."""
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("fourthright", appauthor=False))
    """Where the local model's file and the vectors of the handbook are kept."""
    data_dir: Path = Field(default_factory=lambda: user_data_path("fourthright", appauthor=False))
    """Where the organisation's own documents are kept."""
    owner: str = Field(default_factory=lambda: _user(), min_length=1, max_length=200)
    """Whose documents they are: each owner finds only their own."""
    timeout_s: float = Field(default=120.0, gt=0, le=600)
    """Seconds one call to the model may take."""
    port: int = Field(default=8501, ge=1, le=65535)
    """Port of the app, on the loopback address."""

    @property
    def embedded(self) -> bool:
        """Whether the configured model runs inside this process."""
        return self.model.startswith(EMBEDDED_PREFIX)


def _user() -> str:
    """The name the operating system knows the person by; a system without accounts has one owner."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "owner"


def settings() -> Settings:
    """The settings as the environment has them now; ConfigurationError in one line."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"FOURTHRIGHT_{str(first['loc'][0]).upper()}"
        raise ConfigurationError(f"{name}: {first['msg']}. Change or unset it.") from error
