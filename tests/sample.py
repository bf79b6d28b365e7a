"""A whole page made by hand from an invented situation, for tests that need one and make none."""

from __future__ import annotations

from fourthright.domain import (
    CLOSING_QUESTION,
    INSPIRE,
    Agenda,
    Baseline,
    Concern,
    Expectation,
    Flag,
    FollowUp,
    Gap,
    LeftOut,
    MadeWith,
    Number,
    Observation,
    ObservationKind,
    OtherConcern,
    Prep,
    Question,
    Situation,
    Source,
    StartWith,
    Step,
    Tokens,
    WatchFor,
)

PIECES: tuple[tuple[str, ObservationKind], ...] = (
    ("Noor trained both temps in June and they still come to her first.", "strength"),
    ("On Monday 34 of 40 parcels were not scanned at close.", "seen"),
    ("On Wednesday 3 customers waited 25 minutes instead of 15 while she tidied the shelf.", "seen"),
    ("I asked her in May to scan before shelving and it held for two weeks.", "history"),
    ("She is just disorganised.", "label"),
    ("One of the drivers says she is looking elsewhere.", "hearsay"),
    ("Her mother is in hospital.", "private"),
    ("The label printer has been jamming since the move.", "seen"),
)
TEXT = " ".join(text for text, _ in PIECES)


def observations(text: str = TEXT) -> tuple[Observation, ...]:
    """The pieces of the sample situation as observations o1 to o8."""
    found = []
    for number, (piece, kind) in enumerate(PIECES, 1):
        start = text.index(piece)
        found.append(Observation(id=f"o{number}", quote=piece, start=start, end=start + len(piece), kind=kind))
    return tuple(found)


SCANNING = Expectation(
    id="e1",
    concern_id="c1",
    replaces="just disorganised",
    behaviour="Scans each parcel before it goes on the shelf",
    measure="Checked in the scan log, against the parcels on the shelf",
    baseline=Baseline(text="34 of 40 not scanned at close on Monday, 85 in 100", observation_ids=("o2",)),
    target="at most 4 of 40 not scanned",
    by_when="within 3 weeks",
    first_step="scans the next trolley with you beside it",
    payoff="A scanned parcel can be found while the customer is still at the desk.",
    numbers=(
        Number(text="34 of 40", origin="situation", from_=("o2",)),
        Number(text="85 in 100", origin="computed", from_=("o2",), formula="34 / 40"),
        Number(text="4 of 40", origin="proposed"),
        Number(text="3 weeks", origin="proposed"),
    ),
    origin="drafted",
    sources=("scan-before-shelving", "target-note"),
)
WAITING = Expectation(
    id="e2",
    concern_id="c2",
    replaces=None,
    behaviour="Serves the customer at the desk before other work",
    measure="Counted by you at the desk, twice a week",
    baseline=Baseline(text="3 customers waited 25 minutes instead of 15 on Wednesday", observation_ids=("o3",)),
    target="nobody waits longer than 15 minutes on 4 of 5 days",
    by_when="within 2 weeks",
    first_step="agrees with you who tidies the shelf",
    payoff="People come back to a desk where they are seen.",
    numbers=(
        Number(text="3", origin="situation", from_=("o3",)),
        Number(text="25 minutes", origin="situation", from_=("o3",)),
        Number(text="15 minutes", origin="situation", from_=("o3",)),
        Number(text="15", origin="situation", from_=("o3",)),
        Number(text="4 of 5 days", origin="proposed"),
        Number(text="twice a week", origin="proposed"),
        Number(text="2 weeks", origin="proposed"),
    ),
    origin="fallback",
    sources=("desk-first",),
)
QUESTIONS = (
    ("q1", "clarity", "What does a trolley that is done look like to you?", "scanned, or only shelved", "drafted"),
    ("q2", "clarity", "What do you understand comes first when a customer arrives?", "mixed messages", "bank"),
    ("q3", "conflicts", "What gets in your way of scanning as you go?", "the printer", "drafted"),
    ("q4", "conflicts", "What happened in the third week after May?", "what made it stop", "repaired"),
    ("q5", "confidence", "How did you teach the temps to scan?", "her own method", "drafted"),
    ("q6", "confidence", "Which part of this could you start with?", "a small start", "bank"),
    ("q7", "conviction", "What makes this desk a good place for you?", "her reason", "bank"),
    ("q8", "conviction", "What would a clear shelf at close change for you?", "less searching", "drafted"),
)
SAY = {
    "Initiate": '"Help me with the desk."',
    "Notice": '"Parcels are shelved without a scan, and customers wait."',
    "Specific support": '"On Monday 34 of 40 were not scanned. On Wednesday 3 customers waited."',
    "Probe": '"What happened, as you saw it?"',
    "Invite": 'Read out both expectations. "How would you fix this?"',
    "Review": '"What have we agreed, in your words?"',
    "Enforce": '"People look for their parcels here. You taught the temps: you can. We look on Friday (proposed)."',
}
ASKED = {"Probe": ("q1", "q2", "q3", "q4"), "Invite": ("q5", "q6", "q7", "q8"), "Review": ("q9",)}
MINUTES = (2, 2, 3, 10, 8, 3, 2)


def _questions() -> tuple[Question, ...]:
    explore = tuple(
        Question.model_validate(
            {
                "id": id_,
                "dimension": dimension,
                "purpose": "explore",
                "text": text,
                "listen_for": heard,
                "origin": origin,
            }
            | {"sources": ("open-questions",) if origin == "bank" else ()}
        )
        for id_, dimension, text, heard, origin in QUESTIONS
    )
    commitment = Question(
        id="q9",
        dimension=None,
        purpose="commitment",
        text="Can you start on Monday?",
        listen_for="",
        origin="bank",
    )
    return (*explore, commitment)


def ready() -> Prep:
    """A page with two expectations, nine questions, gaps, and something left out."""
    steps = tuple(
        Step(name=name, minutes=minutes, say=SAY[name], question_ids=ASKED.get(name, ()))
        for name, minutes in zip(INSPIRE, MINUTES, strict=True)
    )
    return Prep(
        status="ready",
        situation=Situation(text=TEXT, role="returns desk", names=("Noor",)),
        observations=observations(),
        concerns=(
            Concern(id="c1", topic="scanning parcels", observation_ids=("o2", "o4"), card_id="scan-before-shelving"),
            Concern(id="c2", topic="customers waiting", observation_ids=("o3",), card_id="desk-first"),
        ),
        other_concerns=(OtherConcern(id="c3", topic="the printer since the move", observation_ids=("o8",)),),
        start_with=StartWith(
            dimension="conflicts", because="the label printer has been jamming", observation_ids=("o8",)
        ),
        expectations=(SCANNING, WAITING),
        agenda=Agenda(with_="employee", steps=steps, questions=_questions(), closing=CLOSING_QUESTION),
        gaps=(
            Gap(id="g1", text="Who else shelves on Mondays?", concern_id="c1"),
            Gap(id="g2", text="Since when has the printer jammed?"),
        ),
        watch_for=(),
        left_out=(
            LeftOut(observation_id="o6", why="hearsay"),
            LeftOut(observation_id="o7", why="private"),
        ),
        your_part=("Get the label printer repaired", 'Leave "disorganised" outside'),
        likely_reaction='"The printer was down." Ask what she did while it was.',
        flags=(),
        gut_check="Do you believe she can? If not: HR.",
        follow_up=(
            FollowUp(when="Same day", text="send her what you agreed."),
            FollowUp(when="Fridays for 3 weeks (proposed)", text="10 minutes (proposed) with the scan log."),
        ),
        sources=(
            Source(id="scan-before-shelving", title="Scanning before shelving"),
            Source(id="desk-first", title="The customer first"),
            Source(id="target-note", title="A target that can be met"),
            Source(id="open-questions", title="Open questions"),
        ),
        made_with=MadeWith(model="embedded/sample", prompts={"expectation": "1"}, seconds=31.0, tokens=Tokens()),
    )


def about(situation: Situation) -> Prep:
    """The whole page, for whatever was typed: it quotes none of it."""
    page = ready()
    bare = [e.model_copy(update={"baseline": None, "replaces": None, "numbers": ()}) for e in page.expectations]
    concerns = tuple(concern.model_copy(update={"observation_ids": ()}) for concern in page.concerns)
    nothing: dict[str, object] = dict.fromkeys(("observations", "left_out", "other_concerns"), ())
    return page.model_copy(
        update=nothing | {"situation": situation, "expectations": tuple(bare), "concerns": concerns, "start_with": None}
    )


def no_evidence() -> Prep:
    """A page on a situation with nothing seen in it."""
    page = ready()
    return page.model_copy(
        update={
            "status": "no_evidence",
            "expectations": (),
            "concerns": (),
            "other_concerns": (),
            "start_with": None,
            "flags": (
                Flag(
                    trigger="no_evidence", level="FLAG", quote="just disorganised", reason="Only a label.", route="You."
                ),
            ),
            "watch_for": (WatchFor(label="just disorganised", look_at="what lies on the desk at close | and when"),),
            "agenda": page.agenda.model_copy(
                update={
                    "steps": (
                        Step(
                            name="Probe",
                            minutes=8,
                            say='"How does the desk look from your side?"',
                            question_ids=("q1",),
                        ),
                    ),
                    "questions": page.agenda.questions[:1],
                }
            ),
        }
    )


def withheld() -> Prep:
    """A page that is prepared for HR and asks the employee nothing."""
    page = ready()
    steps = (
        Step(name="Say", minutes=3, say='"Please look at this before I do anything."'),
        Step(name="Hand over", minutes=5, say="The facts, as a list."),
        Step(name="Ask", minutes=5, say='Three questions.\n"What happens next?"\n"What do I tell the team?"'),
    )
    flag = Flag(
        trigger="retaliation_risk",
        level="HOLD",
        quote="I asked her in May to scan before shelving",
        reason="The order of events needs other eyes first",
        route="HR or legal, before any talk",
    )
    return page.model_copy(
        update={
            "status": "withheld",
            "expectations": (),
            "other_concerns": (),
            "start_with": None,
            "flags": (flag,),
            "agenda": Agenda(with_="HR", steps=steps, questions=(), closing="What goes on as usual: the desk."),
        }
    )
