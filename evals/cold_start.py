"""A cold start, step by step, in a process of its own: `python -m evals.cold_start` prints seconds as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import time


def measure() -> dict[str, float]:
    """Seconds of each step in a fresh process, and of the whole with the interpreter's own start."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "evals.cold_start"], capture_output=True, text=True, check=True)
    whole = time.perf_counter() - started
    steps: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**steps, "all": whole}


def main() -> None:
    """Takes the steps that a new process takes before it can draft, and prints how long each took."""
    steps: dict[str, float] = {}
    before = time.perf_counter()

    def done(step: str) -> None:
        nonlocal before
        now = time.perf_counter()
        steps[step], before = now - before, now

    from fourthright import bootstrap, config, embedded, weights

    settings = config.settings()
    engine = bootstrap.engine(settings, with_model=True)
    done("engine ready")
    embedded.engine(weights.locate(settings)).start()
    done("model loaded")
    bootstrap.warm(engine)
    done("prefix warmed")
    print(json.dumps(steps))


if __name__ == "__main__":
    main()
