"""The terminal: `fourthright prepare note.txt` and the checks that scripts use.

Heavy parts are imported inside the commands that need them, so that `--help` and the checks start at once.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import BaseModel, ConfigDict

from fourthright import config, terminal
from fourthright.cli_guidance import guidance
from fourthright.domain import Purpose
from fourthright.errors import ConfigurationError, FourthrightError, ModelUnavailable, PortInUse

if TYPE_CHECKING:
    from fourthright.engine import Engine

WITHHELD = 3
INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
check = typer.Typer(
    help="Check expectations or questions against the rules, one JSON object a line.", no_args_is_help=True
)
models = typer.Typer(help="The configured model, and whether it can be used.", invoke_without_command=True)
app.add_typer(check, name="check")
app.add_typer(guidance, name="guidance")
app.add_typer(models, name="models")

File = Annotated[
    str, typer.Argument(metavar="[FILE or -]", help="A file, or - for standard input.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


class TextLine(BaseModel):
    """A text to screen."""

    model_config = ConfigDict(frozen=True)

    id: str | int
    text: str


class QuestionLine(BaseModel):
    """A question to check."""

    model_config = ConfigDict(frozen=True)

    id: str | int
    text: str
    purpose: Purpose = "explore"


class ExpectationLine(BaseModel):
    """An expectation to check; numbers are checked against `situation` where it is given."""

    model_config = ConfigDict(frozen=True)

    id: str | int
    behaviour: str
    measure: str
    target: str
    by_when: str
    first_step: str | None = None
    situation: str | None = None


def main() -> NoReturn:
    """Runs the command line and exits: 0, 2 bad input, 3 withheld, 4 no model, 130 interrupted, 1 a bug."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One command; what goes wrong is one line on stderr, without the text it was about."""
    try:
        code = int(app(arguments, prog_name="fourthright", standalone_mode=False) or 0)
        return terminal.fail("interrupted", code) if code == INTERRUPTED else code
    except FourthrightError as error:
        return terminal.fail(str(error), error.exit_code)
    except typer.TyperException as error:
        return terminal.fail(error.format_message(), 2)
    except Exception as error:  # a bug: its message may hold the manager's text, its place does not
        place = traceback.extract_tb(error.__traceback__)[-1]
        return terminal.fail(f"this is a bug ({type(error).__name__} at {Path(place.filename).name}:{place.lineno})", 1)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Prepare one honest performance conversation, on your own machine."""
    if version:
        terminal.out(f"fourthright {metadata.version('fourthright')}")
    elif context.invoked_subcommand is None:
        terminal.out(context.get_help())


@app.command()
def prepare(
    file: File = "-",
    role: Annotated[str | None, typer.Option(help="Their role.")] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A name in the text, the person first; may be repeated.")
    ] = None,
    history: Annotated[str | None, typer.Option(help="What was said or tried before, and what it changed.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="The handbook alone, in seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """A situation in, one page out."""
    from fourthright import intake

    with terminal.opened(file) as stream:
        situation = intake.situation(intake.read_text(stream), role, name or (), history)
    from fourthright import bootstrap
    from fourthright import prepare as use_case
    from fourthright.export import markdown

    settings = config.settings()
    engine = bootstrap.engine(settings, with_model=not no_model)
    if not no_model:
        _say_what_leaves(settings, lambda recording: use_case.prepare(situation, recording), engine)
    prep = use_case.prepare(situation, engine, on_progress=terminal.progress())
    terminal.out(prep.model_dump_json(by_alias=True, indent=2) if as_json else markdown.page(prep).rstrip("\n"))
    if prep.status == "withheld":
        raise typer.Exit(WITHHELD)


@app.command()
def rewrite(
    file: File = "-",
    context: Annotated[str | None, typer.Option(help="The job it is about, and the place.")] = None,
    column: Annotated[str | None, typer.Option(help="The column of a CSV or XLSX with the phrases.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="The handbook alone, in seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Vague phrases in, measurable expectations out."""
    from fourthright import sheets

    with terminal.opened(file) as stream:
        phrases = sheets.phrases(stream, file, column)
    from fourthright import bootstrap, rewriting
    from fourthright.export import tables

    settings = config.settings()
    engine = bootstrap.engine(settings, with_model=not no_model)
    if not no_model:
        _say_what_leaves(settings, lambda recording: rewriting.rewrite(phrases, recording, context=context), engine)
    found = rewriting.rewrite(
        phrases, engine, context=context, on_progress=lambda done, total: terminal.note(f"[{done}/{total}] phrases")
    )
    answer = {"rewrites": [one.model_dump(mode="json", by_alias=True) for one in found]}
    readable = tables.markdown(rewriting.table(found, engine.knowledge))
    terminal.out(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else readable)
    if any(one.withheld for one in found):
        raise typer.Exit(WITHHELD)


@app.command()
def review(
    file: File = "-",
    situation: Annotated[str | None, typer.Option(metavar="FILE", help="The situation the questions are for.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="The handbook alone, in seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Questions or an agenda in, the same better asked out."""
    from fourthright import intake

    with terminal.opened(file) as stream:
        text = intake.read_text(stream)
    about = None
    if situation:
        with terminal.opened(situation) as stream:
            about = intake.situation(intake.read_text(stream))
    from fourthright import bootstrap, reviewing
    from fourthright.export import review as markdown

    settings = config.settings()
    engine = bootstrap.engine(settings, with_model=not no_model)
    if not no_model:
        _say_what_leaves(settings, lambda recording: reviewing.review(text, recording, about), engine)

    def tell(doing: str, done: int, total: int) -> None:
        terminal.note(f"[{done}/{total}] {doing}")

    made = reviewing.review(text, engine, about, on_progress=tell)
    terminal.out(made.model_dump_json(indent=2) if as_json else markdown.page(made).rstrip("\n"))
    if made.withheld:
        raise typer.Exit(WITHHELD)


@check.command()
def expectations(file: File = "-") -> None:
    """In {id, behaviour, measure, target, by_when, first_step?, situation?}; out {id, findings}."""
    from fourthright import checks, knowledge

    handbook = knowledge.load()

    def answer(line: ExpectationLine) -> dict[str, Any]:
        findings = checks.check_expectation(checks.ExpectationText(**line.model_dump(exclude={"id"})), handbook)
        return {"id": line.id, "findings": [finding.model_dump() for finding in findings]}

    _stream(file, ExpectationLine, answer)


@check.command()
def questions(file: File = "-") -> None:
    """In {id, text, purpose: "explore" or "commitment"}; out {id, dimension, findings}."""
    from fourthright import checks, embedding, knowledge
    from fourthright.checks.dimension import Dimensions

    handbook = knowledge.load()
    dimension_of = Dimensions(handbook, embedding.MiniLM(config.settings().cache_dir))

    def answer(line: QuestionLine) -> dict[str, Any]:
        findings = checks.check_question(line.text, line.purpose, handbook)
        found = dimension_of(line.text, line.purpose)
        return {
            "id": line.id,
            "dimension": found.dimension if found else None,
            "findings": [finding.model_dump() for finding in findings],
        }

    _stream(file, QuestionLine, answer)


@app.command()
def screen(file: File = "-") -> None:
    """Safeguards on texts. In {id, text}; out {id, level, flags}."""
    from fourthright import embedding, knowledge, screening

    screener = screening.Screen(knowledge.load(), embedding.MiniLM(config.settings().cache_dir))

    def answer(line: TextLine) -> dict[str, Any]:
        flags = screener(line.text)
        return {"id": line.id, "level": screening.level(flags), "flags": [flag.model_dump() for flag in flags]}

    _stream(file, TextLine, answer)


@app.command()
def serve(port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port on this machine.")] = None) -> None:
    """Start the app in the browser."""
    chosen = port or config.settings().port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", chosen))
        except OSError:
            raise PortInUse(f"port {chosen} is in use: stop what runs there, or choose another with --port") from None
    flags = ["--server.port", str(chosen), "--server.address", "127.0.0.1"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(_entry()), *flags])


@models.callback()
def show_models(context: typer.Context, as_json: AsJson = False) -> None:
    """The configured model, its file, and whether it can be used."""
    if context.invoked_subcommand:
        return
    settings = config.settings()
    found = {"model": settings.model, "file": None, "verified": None, "problem": None}
    if settings.embedded:
        found |= _local_file(settings)
    terminal.out(
        json.dumps(found, ensure_ascii=False)
        if as_json
        else "\n".join(f"{key}: {value}" for key, value in found.items() if value is not None)
    )


@models.command()
def pull() -> None:
    """Download the local model, saying its size first."""
    from fourthright import weights

    settings = config.settings()
    if not settings.embedded:
        raise ConfigurationError(
            f"{settings.model} does not run on this machine; unset FOURTHRIGHT_MODEL to use the local model"
        )
    terminal.out(str(weights.pull(settings, terminal.download_progress())))


def _local_file(settings: config.Settings) -> dict[str, Any]:
    from fourthright import weights

    try:
        return {"file": str(weights.locate(settings)), "verified": True}
    except ModelUnavailable as error:
        return {"verified": False, "problem": str(error)}


def _entry() -> Path:
    """The app as the wheel carries it, beside its settings; in a checkout the app.py at the top."""
    packaged = Path(__file__).parent / "ui" / "app.py"
    return packaged if (packaged.parent / ".streamlit").is_dir() else packaged.parents[3] / "app.py"


def _say_what_leaves(settings: config.Settings, use: Callable[[Engine], object], engine: Engine) -> None:
    """Says on stderr who gets which text, word for word, before the first call to a model that runs elsewhere."""
    if settings.embedded:
        return
    from fourthright import consent, llm

    if text := consent.first_text(use, engine):
        terminal.note(f"This text goes to {llm.provider(settings)}:\n\n{text}\n")


def _stream(file: str, kind: type[Any], answer: Callable[[Any], dict[str, Any]]) -> None:
    from fourthright import jsonl

    good = True
    with terminal.opened(file) as stream:
        for line, fine in jsonl.answers(stream, kind, answer):
            terminal.out(json.dumps(line, ensure_ascii=False))
            good = good and fine
    if not good:
        raise typer.Exit(2)
