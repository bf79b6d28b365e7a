"""How fast a page is drafted: beside the engine's own time, and beside one prompt for the whole page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from evals import one_prompt
from evals.rows import Row, plain, ratio
from evals.timing import TimedEngine, Timing
from fourthright import bootstrap, config, weights
from fourthright.domain import Prep, Progress, Situation, Tokens
from fourthright.engine import Engine
from fourthright.llm.models import LiteLLMModel
from fourthright.prepare import prepare
from fourthright.talk import opening

SITUATION = Situation(
    text="Nadia runs the parts counter and trained both newcomers last spring, they still go to her first. On Tuesday "
    "12 of 40 orders on the shelf had no label, I checked at closing. She also leaves the workshop's calls for later: "
    "on Friday 5 of 14 calls were returned only the next day, it is on the call list. I asked her in May to label each "
    "order before it goes on the shelf and it held for two weeks. The label printer jams, that is ours to fix. She "
    "needs to be more on top of things."
)
CONCERNS = 2
ENGINE_SHARE, AGAINST_ONE_PROMPT, FIRST_LINE = 0.9, 2.0, 0.9
"""The aims: the engine's own part of the time, the whole page, the first line on the screen."""


@dataclass(frozen=True)
class Drafted:
    """One page of the product, in wall seconds, and how much of that was what."""

    prep: Prep
    wall: float
    engine: float
    """What llama.cpp reports for reading and writing."""
    calls: float
    """What the calls to it took, with templates, grammars and turns."""
    first: float
    """Until the first expectation could be seen."""


def measure(runs: int, say: Callable[[str], None]) -> Iterator[Row]:
    """Product and plain way in turns, each with its own beginning warm. Raises ModelUnavailable."""
    settings = config.settings()
    timed = TimedEngine(weights.locate(settings))
    model = LiteLLMModel(settings, timed)
    handbook = bootstrap.engine(settings, with_model=False)
    prepare(SITUATION, handbook)  # the first page of a process pays for what is built once
    engine = replace(handbook, model=model)
    product: list[Drafted] = []
    whole: list[tuple[float, one_prompt.Plain]] = []
    for number in range(1, runs + 1):
        model.warm(opening(engine.prompts))
        product.append(draft(engine, timed))
        model.warm(one_prompt.OPENING)
        started = time.perf_counter()
        answer = one_prompt.ask(SITUATION.text, model)
        whole.append((time.perf_counter() - started, answer))
        say(f"drafting {number}/{runs}: prepare {product[-1].wall:.1f} s, one prompt {whole[-1][0]:.1f} s")
    yield from _rows(product, whole)


def draft(engine: Engine, timed: TimedEngine) -> Drafted:
    """One page, watched as the app watches it."""
    seen: list[float] = []
    own, calls, started = timed.own_seconds, timed.call_seconds, time.perf_counter()

    def watch(progress: Progress) -> None:
        if progress.page and progress.page.expectations and not seen:
            seen.append(time.perf_counter() - started)

    prep = prepare(SITUATION, engine, on_progress=watch)
    wall = time.perf_counter() - started
    first = seen[0] if seen else wall
    return Drafted(prep, wall, timed.own_seconds - own, timed.call_seconds - calls, first)


def _rows(product: list[Drafted], whole: list[tuple[float, one_prompt.Plain]]) -> Iterator[Row]:
    wall, own = _timing(p.wall for p in product), _timing(p.engine for p in product)
    first, one = _timing(p.first for p in product), _timing(seconds for seconds, _ in whole)
    yield ratio("llama.cpp's own time / prepare", own, wall, least=ENGINE_SHARE)
    yield ratio("prepare / one prompt for the whole page", wall, one, most=AGAINST_ONE_PROMPT)
    yield ratio("first checked expectation / one prompt for the whole page", first, one, most=FIRST_LINE)
    yield plain("prepare", wall, "s")
    yield plain("… in calls to the engine, beside its own time", _timing(p.calls - p.engine for p in product), "s")
    yield plain("… outside of calls to the engine", _timing(p.wall - p.calls for p in product), "s")
    yield plain("first checked expectation", first, "s")
    yield plain("one prompt for the whole page", one, "s")
    yield Row(name="tokens of prepare", value=_tokens(product[-1].prep.made_with.tokens))
    yield Row(name="tokens of one prompt", value=_tokens(whole[-1][1].tokens))
    kept = sum(answer.page is not None for _, answer in whole)
    yield Row(name="one-prompt answers in the form asked for", value=f"{kept} of {len(whole)}")
    counts = {len(p.prep.concerns) for p in product}
    yield Row(name="concerns on the page", value=_listed(counts), aim=f"{CONCERNS}", met=counts == {CONCERNS})


def _timing(samples: Iterator[float]) -> Timing:
    return Timing(samples=tuple(samples))


def _listed(counts: set[int]) -> str:
    return ", ".join(map(str, sorted(counts)))


def _tokens(tokens: Tokens) -> str:
    return f"{tokens.fresh} fresh, {tokens.cached} cached, {tokens.written} written"
