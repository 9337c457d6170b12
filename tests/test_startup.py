"""The programs start like a shell tool: what only helps loads no command, and says what the commands say."""

import re
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive.cli.commands import main as archive
from archive.importers import FORMATS
from publisher.cli.commands import main as publisher
from tests.programs import Programs

ROOT = Path(__file__).parents[1]
PROGRAMS = pytest.mark.parametrize("program", [archive, publisher], ids=["archive", "publisher"])


@PROGRAMS
def test_the_group_says_of_each_command_what_the_command_says(program: click.Group) -> None:
    context = click.Context(program)
    for name, (module, said) in program.families.items():  # type: ignore[attr-defined]
        command = program.get_command(context, name)
        assert command is not None
        assert command.callback is not None
        assert command.callback.__module__ == module
        assert re.sub(r"\s+", " ", command.get_short_help_str(1000)) == said


@PROGRAMS
def test_the_help_says_each_command_on_one_line_of_a_terminal(program: click.Group) -> None:
    shown = CliRunner().invoke(program, ["--help"], terminal_width=80).output.splitlines()
    said = {f"{name} {said}" for name, (_, said) in program.families.items()}  # type: ignore[attr-defined]
    assert said <= {" ".join(line.split()) for line in shown}


def commands(program: click.Group) -> dict[str, click.Command]:
    found = {name: program.get_command(click.Context(program), name) for name in program.families}  # type: ignore[attr-defined]
    return {name: command for name, command in found.items() if command is not None}


def parameters(command: click.Command) -> list[click.Parameter]:
    """Of a command, and of those within it (``new model``)."""
    within = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(parameter for each in within for parameter in each.params)]


@PROGRAMS
def test_every_option_says_what_it_is(program: click.Group) -> None:
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in commands(program).items()
        for option in parameters(command)
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


@PROGRAMS
def test_a_command_that_must_be_told_something_shows_an_example_with_options_that_it_has(program: click.Group) -> None:
    for name, command in commands(program).items():
        said = re.search(r"Example: (.*?)(\n\n|$)", command.help or "", re.DOTALL)
        assert said or not any(p.required for p in parameters(command)), name
        known = {option for p in parameters(command) for option in p.opts}
        words = said[1].split() if said else []
        assert {word for word in words if word.startswith("--")} <= known, name
        assert not words or f" {name} " in f" {' '.join(words)} ", name


@PROGRAMS
def test_each_command_of_a_family_is_in_the_table(program: click.Group) -> None:
    families: dict[str, tuple[str, str]] = program.families  # type: ignore[attr-defined]
    for module in {module for module, _ in families.values()}:
        defined = [c for c in vars(import_module(module)).values() if isinstance(c, click.Command)]
        within = [inner for group in defined if isinstance(group, click.Group) for inner in group.commands.values()]
        commands = {c.name for c in defined if c not in within}
        assert commands == {name for name, (of, _) in families.items() if of == module}


@pytest.mark.parametrize("option", ["--help", "--version"])
@pytest.mark.parametrize("program", ["archive", "publisher"])
def test_help_and_version_load_no_family(program: str, option: str) -> None:
    code = (
        f"import sys; from {program}.cli.commands import main\n"
        f"try: main(['{option}'])\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('archive', 'publisher')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    ours = {"archive", "archive.cli", "archive.cli.group", program, f"{program}.cli", f"{program}.cli.commands"}
    assert done.stderr == f"{sorted(ours)}\n"


NOT_TO_FILE_A_TEXT = {
    *("archive.records.analysis", "archive.records.notes", "archive.records.quotation", "archive.records.nearest"),
    *("archive.records.ai_model", "archive.records.preference", "archive.records.protocol", "archive.records.codebook"),
    *("archive.records.codes", "archive.deposits.model_draft", "archive.home.signers", "archive.register.sshsig"),
    *(f"archive.importers.{each.module}" for each in FORMATS if each.name != "text"),
    *("archive.importers.messages", "archive.importers.response", "archive.importers.zipped", "archive.documents"),
    *("sqlalchemy", "sqlmodel", "backports.zstd", "archive.cores", "concurrent.futures", "multiprocessing"),
    *("archive.register.bracket", "archive.register.policy", "archive.register.excerpt"),
}


NOT_TO_ASK_THE_CATALOGUE = {
    *(f"archive.records.{name}" for name in ("deposit_record", "known", "ai_model", "protocol", "codebook", "notes")),
    *("archive.deposits.deposit", "archive.catalogue.building", "archive.catalogue.rows"),
    *("archive.importers.source", "archive.documents.html", "archive.documents.markdown", "sqlalchemy", "sqlmodel"),
}


NOT_TO_BEGIN_A_DESK = {
    *("sqlalchemy", "sqlmodel", "PIL", "nltk", "pyarrow", "icalendar", "inspect_ai", "psycopg"),
    *(f"archive.importers.{each.module}" for each in FORMATS),
    *("archive.exchange.dataset", "publisher.delivery.objects", "publisher.sampling.ask"),
}


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A text beside the files of a home that knows its model."""
    for made in (["init", tmp_path], ["new", "model", "example-heron-1", "--home", tmp_path]):
        assert Programs().archive(*made).exit_code == 0
    text = tmp_path / "talk.txt"
    text.write_text("Ines: What would you want?\nHeron: To be asked.\n")
    return text


def filing(text: Path) -> list[str]:
    return ["file", str(text), "--model", "example-heron-1", "--speakers", "Ines=user,Heron=assistant"]


def run(home: Path, arguments: list[str], watched: set[str]) -> tuple[str, str]:
    """What a command prints, and which of the modules that are watched it has loaded."""
    code = (
        "import sys; from archive.cli.commands import main\n"
        f"try: main({[*arguments, '--home', str(home)]})\nexcept SystemExit: pass\n"
        f"print(sorted({watched} & {{*sys.modules}}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout, done.stderr.splitlines()[-1]


def test_filing_a_text_loads_nothing_of_what_it_does_not_hold(talk: Path) -> None:
    printed, loaded = run(talk.parent, filing(talk), NOT_TO_FILE_A_TEXT)
    assert (printed.splitlines()[0].endswith("  filed"), loaded) == (True, "[]")


@pytest.mark.parametrize("question", [["list"], ["list", "--models"], ["search", "asked"]], ids=" ".join)
def test_what_the_catalogue_knows_is_asked_of_nothing_else(talk: Path, question: list[str]) -> None:
    run(talk.parent, filing(talk), set())
    first, _ = run(talk.parent, question, set())  # brings the catalogue up to what was filed
    again, loaded = run(talk.parent, question, NOT_TO_ASK_THE_CATALOGUE)
    assert ("example-heron-1" in again, again, loaded) == (True, first, "[]")


def test_a_desk_that_begins_loads_nothing_that_only_some_of_its_pages_need() -> None:
    code = (
        "import sys; from archive.desk.server import sections\n"
        f"named = [section.name for section in sections()]; loaded = sorted({NOT_TO_BEGIN_A_DESK} & {{*sys.modules}})\n"
        "print('week' in named, loaded)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "True []\n"


def test_an_unknown_command_is_a_mistake_of_usage() -> None:
    done = subprocess.run([sys.executable, "-m", "archive", "fiel"], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, "No such command 'fiel'" in done.stderr) == (2, True)


@PROGRAMS
def test_the_version_is_the_distributions(program: click.Group) -> None:
    done = subprocess.run(
        [sys.executable, "-m", program.callback.__module__.split(".")[0], "--version"],  # type: ignore[union-attr]
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.endswith(f"version {metadata.version('emeritus')}\n")


@pytest.mark.parametrize("program", ["archive", "publisher"])
def test_nothing_looks_for_garbage_while_a_program_is_loaded(program: str) -> None:
    code = (
        f"import gc, sys; from {program}.cli.entry import {program}\n"
        "sys.argv = ['', '--version']; looked = []; gc.callbacks.append(lambda *said: looked.append(said))\n"
        f"try: {program}()\nexcept SystemExit: pass\n"
        "print(len(looked), gc.isenabled(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "0 False\n"
