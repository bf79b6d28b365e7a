"""The report: for each system what it made of the cases, in numbers first, then everything there is to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from evals.rates import Rate, rate
from evals.results import Outcome, Page
from evals.scorers import concerns, lines, numbers, quotes, reading, rules, status, whole
from evals.tables import bullets, sections, table
from fourthright.domain import Prep
from fourthright.knowledge import Knowledge

Fault = Callable[[Prep], list[str]]


def report(outcomes: Sequence[Outcome], knowledge: Knowledge, on_rules: str = "") -> str:
    """The whole report as Markdown; `on_rules` is the section on the rules, which no system changes."""
    return sections(["# Evals", on_rules, *(_system(outcome, knowledge) for outcome in outcomes)]) + "\n"


def _system(outcome: Outcome, knowledge: Knowledge) -> str:
    return sections(
        [
            f"## {outcome.system}",
            _made_with(outcome),
            "### Status against labels",
            _status(outcome),
            "### Flags against labels",
            _flags(outcome),
            f"### Over {len(outcome.ready)} pages that are ready and should be",
            _ready(outcome),
            "### Rules: share that passes",
            _rules(outcome.ready, knowledge),
            "### Where the lines come from",
            _origins(outcome.ready),
            "### Time and tokens",
            _cost(outcome),
            _reading(outcome),
            "### To look at",
            _to_look_at(outcome, knowledge),
        ]
    )


def _made_with(outcome: Outcome) -> str:
    made = Counter(page.prep.made_with.model or "the handbook alone" for page in outcome.pages)
    prompts = next((page.prep.made_with.prompts for page in outcome.pages if page.prep.made_with.prompts), {})
    parts = [f"{len(outcome.labels)} cases. Pages by " + ", ".join(f"{name}: {n}" for name, n in made.items()) + "."]
    if prompts:
        parts.append("Prompts: " + ", ".join(f"{name} {version}" for name, version in prompts.items()) + ".")
    listed = {"Failed": outcome.failed, "Invalid": outcome.invalid, "Not run": outcome.not_run}
    parts += [f"{name}: {', '.join(cases)}." for name, cases in listed.items() if cases]
    parts.append("Rates are with 95 % intervals (Wilson).")
    return " ".join(parts)


def _status(outcome: Outcome) -> str:
    seen = status.confusion(outcome)
    got = (*status.STATUSES, status.NO_PAGE)
    rows = [[f"label {want}", *(seen.counts.get((want, have), 0) for have in got)] for want in status.STATUSES]
    return table(["", *got], rows) + f"\n\nRight: {seen.right}."


def _flags(outcome: Outcome) -> str:
    found = status.flags(outcome)
    rows = [[name, f.recall, f.false_alarms, " ".join(f.missed), " ".join(f.unasked)] for name, f in found.items()]
    every = [
        "all",
        sum((f.recall for f in found.values()), Rate(hits=0, of=0)),
        sum((f.false_alarms for f in found.values()), Rate(hits=0, of=0)),
        "",
        "",
    ]
    return table(["trigger", "recall", "false alarms", "missed", "unasked"], [*rows, every])


def _ready(outcome: Outcome) -> str:
    pages = outcome.ready
    should = [case_id for case_id, label in outcome.labels.items() if label == "ready"]
    broken = [case_id for case_id in outcome.invalid if case_id in should]
    none = Rate(hits=0, of=len(broken))
    found = [concerns.found(page.prep, page.case) for page in pages]
    wide = [concerns.found(page.prep, page.case, others=True) for page in pages]
    recall = sum((f.recall for f in found), Rate(hits=0, of=0))
    held_back = [p.case for p in outcome.pages if p.label == "ready" != p.prep.status]
    said = [verbatim for page in pages for *_, verbatim in quotes.quotes(page.prep)]
    claims = [claim for page in pages for claim in numbers.claims(page.prep)]
    words = [whole.word_count(page.prep) for page in pages]
    spread = lines.spread(words)
    expectations = [e for page in pages for e in page.prep.expectations]
    rows: list[tuple[str, object]] = [
        ("complete and valid pages", _without(pages, whole.lacking) + none),
        ("four dimensions covered, two questions each", _without(pages, whole.uncovered)),
        ("quotes verbatim", rate(said)),
        ("pages without a misquote", _without(pages, quotes.misquoted)),
        ("numbers with a wrong origin", f"{sum(bool(c.fault) for c in claims)} of {len(claims)}"),
        ("pages without a wrong origin", _without(pages, numbers.wrong)),
        ("unmarked numbers outside the expectations", sum(len(numbers.unmarked(p.prep)) for p in pages)),
        ("expectations with today's baseline", rate([e.baseline is not None for e in expectations])),
        ("concern recall", recall),
        ("… with those kept for another talk", sum((f.recall for f in wide), Rate(hits=0, of=0))),
        (
            "… counting pages that were held back as finding nothing",
            recall + Rate(hits=0, of=sum(len(case.expect_concerns) for case in held_back)),
        ),
        ("page concerns that match an expected one", sum((f.precision for f in found), Rate(hits=0, of=0))),
        ("words a page", f"median {spread.median:.0f}, most {spread.most:.0f}"),
        (f"pages within {whole.MOST_WORDS} words", rate([n <= whole.MOST_WORDS for n in words])),
    ]
    return table(["", "result"], rows)


def _rules(pages: Sequence[Page], knowledge: Knowledge) -> str:
    found = rules.tally(pages, knowledge)
    drafted = any(page.run.attempts for page in pages)
    stages = (
        {rules.DRAFTED: "first draft", rules.REPAIRED: "repair", rules.PAGE: "page"}
        if drafted
        else {rules.PAGE: "page"}
    )
    rows = []
    for kind, rule in sorted(
        {key[:2] for key in found}, key=lambda key: (key[0], key[1] not in (rules.ALL, rules.KEPT), key[1])
    ):
        cells = [found.get((kind, rule, stage)) for stage in stages]
        rows.append([kind, rule, *("not judged" if cell is None else cell for cell in cells)])
    note = (
        "The draft and its repair are what the model wrote; the page is what the manager gets, lines from the handbook "
        "included. A repair is asked for only where the first draft failed."
    )
    return table(["", "rule", *stages.values()], rows) + (f"\n\n{note}" if drafted else "")


def _origins(pages: Sequence[Page]) -> str:
    found = lines.origins(pages)
    names = sorted({origin for counts in found.values() for origin in counts})
    rows = []
    for kind, counts in found.items():
        total = sum(counts.values())
        rows.append([kind, *(f"{counts[name]} ({100 * counts[name] / max(total, 1):.0f} %)" for name in names), total])
    return table(["", *names, "all"], rows)


def _cost(outcome: Outcome) -> str:
    rows = []
    for name, pages in (("ready pages", outcome.ready), ("all pages", outcome.pages)):
        seconds, tokens = lines.spread(p.run.seconds for p in pages), lines.tokens(pages)
        spent = [f"{t.median:.0f} ({t.total:.0f})" for t in tokens.values()]
        rows.append([name, len(pages), f"{seconds.median:.1f}", f"{seconds.most:.1f}", *spent])
    head = ["", "pages", "median s", "worst s", "fresh tokens, median (sum)", "cached", "written"]
    return table(head, rows)


def _reading(outcome: Outcome) -> str:
    read = [page for page in outcome.pages if page.prep.made_with.model]
    if not read:
        return ""
    seen = reading.raised(read)
    return "### The model's reading\n\n" + table(
        ["", "result"],
        [
            ("flags it raised", len(seen.all)),
            ("… of these, asked for by the labels", Rate(hits=len(seen.rightly), of=len(seen.all))),
        ],
    )


def _to_look_at(outcome: Outcome, knowledge: Knowledge) -> str:
    pages = outcome.ready
    seen = reading.raised([page for page in outcome.pages if page.prep.made_with.model])
    unmarked = Counter(fault for page in pages for fault in numbers.unmarked(page.prep))
    found = [(page.case.id, concerns.found(page.prep, page.case)) for page in pages]
    loose = {page.case.id: page.case.not_verbatim for page in outcome.pages}
    return (
        sections(
            [
                bullets("Failed runs", (f"{case_id}: {why}" for case_id, why in outcome.failed.items())),
                bullets("Invalid pages", (f"{case_id}: {why}" for case_id, why in outcome.invalid.items())),
                bullets("Another status than the label", status.confusion(outcome).wrong),
                bullets("Incomplete", _listed(pages, whole.lacking)),
                bullets("Misquoted", _listed(outcome.pages, quotes.misquoted)),
                bullets("Wrong origins of numbers", _listed(pages, numbers.wrong)),
                bullets("Unmarked numbers", (f"{fault} ({times} pages)" for fault, times in unmarked.most_common())),
                bullets("Lines that break a rule", _listed(pages, lambda prep: rules.broken_on(prep, knowledge))),
                bullets("Concerns not found", (f"{case_id}: {topic}" for case_id, f in found for topic in f.missed)),
                bullets(
                    "Concerns nobody expected", (f"{case_id}: {topic}" for case_id, f in found for topic in f.extra)
                ),
                bullets(f"Over {whole.MOST_WORDS} words", _listed(pages, _too_long)),
                bullets("Flags the model raised", seen.all),
                bullets(
                    "Labels that are not in the text", (f"{i}: {fact}" for i, facts in loose.items() for fact in facts)
                ),
            ]
        )
        or "Nothing."
    )


def _too_long(prep: Prep) -> list[str]:
    count = whole.word_count(prep)
    return [f"{count} words"] if count > whole.MOST_WORDS else []


def _without(pages: Sequence[Page], fault: Fault) -> Rate:
    return rate([not fault(page.prep) for page in pages])


def _listed(pages: Sequence[Page], fault: Fault) -> list[str]:
    return [f"{page.case.id}: {found}" for page in pages for found in fault(page.prep)]
