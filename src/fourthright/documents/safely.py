"""Parses a document in a process of its own, with limits of time and memory: a hostile file harms nothing but that process.

The process gets the file's bytes and gives back its blocks. It has no settings, no keys and no way to write a file.
"""

from __future__ import annotations

import os
import subprocess
import sys

from pydantic import ValidationError

from fourthright.documents.blocks import Content
from fourthright.documents.child import REFUSED
from fourthright.documents.kinds import Kind
from fourthright.errors import DocumentRefused

SECONDS = 60
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LD_LIBRARY_PATH")


def read(kind: Kind, data: bytes, *, seconds: float = SECONDS) -> Content:
    """What is in a file of this kind. DocumentRefused where it cannot be read, takes too long or too much memory."""
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    surroundings["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    surroundings["OPENBLAS_NUM_THREADS"] = "1"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "fourthright.documents.child", kind],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=surroundings,
        )
    except subprocess.TimeoutExpired:
        raise DocumentRefused(
            f"reading the file took more than {seconds:.0f} seconds: save it anew as .docx or text, or add it in parts"
        ) from None
    if done.returncode == REFUSED:
        raise DocumentRefused(done.stdout.decode("utf-8", "replace").strip())
    if done.returncode != 0:
        raise DocumentRefused(
            "the file is damaged or too much to read: open it, save it anew and add that, or add it in parts"
        )
    try:
        return Content.model_validate_json(done.stdout)
    except ValidationError:
        raise DocumentRefused("the file is damaged: open it, save it anew and add that") from None
