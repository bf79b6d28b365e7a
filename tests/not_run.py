"""The last word of `make test`: what could not be run here, and a failure where that may not be (CI)."""

from __future__ import annotations

import os
import shutil
import sys

from fourthright import weights
from fourthright.config import settings
from fourthright.errors import WeightsMissing


def missing() -> list[str]:
    """What the tests need and this machine lacks, in words; the model last."""
    lacks = [] if shutil.which("chromium") else ["real browser (no chromium)"]
    try:
        weights.locate(settings())
    except WeightsMissing:
        lacks.append("real model (no weights)")
    return lacks


if __name__ == "__main__":
    lacking = missing()
    for what in lacking:
        print(f"NOT RUN: {what}")
    sys.exit(1 if lacking and os.environ.get("CI") else 0)
