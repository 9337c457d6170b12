"""What both programs share on the command line: how a home is named, how results are shown and written."""

import contextlib
import errno
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from archive.errors import Error

if TYPE_CHECKING:
    from archive.documents.document import Document
    from archive.home.home import Home


T = TypeVar("T")

PATH = click.Path(path_type=Path)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--home DIR``, else ``ARCHIVE_HOME``, else the nearest archive.toml upwards."""
    help_text = "The archive to work on; else ARCHIVE_HOME, else the nearest archive.toml upwards."
    return click.option("--home", "home_dir", type=click.Path(path_type=Path), envvar="ARCHIVE_HOME", help=help_text)(
        command
    )


def wait_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--wait SECONDS`` of a command that writes, else ``ARCHIVE_WAIT``: it reaches `find_home` by itself."""

    def keep(context: click.Context, parameter: click.Parameter, seconds: int) -> None:
        context.meta[_WAIT] = seconds

    help_text = "How long to wait for another command that is writing; else ARCHIVE_WAIT."
    return click.option(
        "--wait", type=click.IntRange(0), default=30, show_default=True, metavar="SECONDS", envvar="ARCHIVE_WAIT",
        expose_value=False, callback=keep, help=help_text,
    )(command)  # fmt: skip


_WAIT = "archive.wait"


def find_home(directory: Path | None) -> "Home":
    """The home that a command works on, which waits as long as its `wait_option` says. Raises `NotFound`."""
    from archive.home.home import Home, Patience

    home = Home.find(Path.cwd()) if directory is None else Home.at(directory)
    context = click.get_current_context()
    seconds = context.meta.get(_WAIT, 0)
    home = replace(home, patience=Patience(seconds, lambda: click.echo(_waiting(seconds), err=True)))
    if _WAIT in context.meta:
        before = _head(home)
        context.call_on_close(lambda: _witnessed(home, before))
    return home


def _head(home: "Home") -> object:
    """Of the register as it is now; None where it cannot be read."""
    from archive.register import register

    with contextlib.suppress(Error, OSError):
        return register.head(home.hidden / "register")
    return None


def _witnessed(home: "Home", before: object) -> None:
    """A command that has logged something asks the witnesses to cosign it; whatever they answer, it is done."""
    ended = isinstance(sys.exc_info()[1], SystemExit | click.exceptions.Exit | None)
    if not ended or _head(home) == before or not _has_witnesses(home):
        return
    from archive.home import witnesses

    for said in witnesses.told(home):
        click.echo(f"note: {said}", err=True)


def _has_witnesses(home: "Home") -> bool:
    with contextlib.suppress(Error, OSError):
        return bool(home.configuration.witness)
    return False


def _waiting(seconds: int) -> str:
    return f"waiting for another command that is writing to this archive … (at most {seconds} seconds, --wait)"


@dataclass(frozen=True, slots=True)
class Output:
    """Where what a command found goes, and in which form."""

    to: Path | None
    as_json: bool

    @property
    def printed(self) -> bool:
        """On the terminal, for a person."""
        return not (self.to or self.as_json)


def output_options(command: Callable[..., Any], *, calendar: bool = False) -> Callable[..., Any]:
    """``--to FILE`` and ``--json``, which reach a command that reads as `out`, for `show`; as a `calendar` too."""

    @functools.wraps(command)
    def with_output(*, to: Path | None, as_json: bool, **others: Any) -> Any:
        return command(out=Output(to, as_json), **others)

    last, what = (".ics", "a calendar") if calendar else (".svg", "its drawing")

    def known_form(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
        if path and path.suffix not in (".html", ".md", last):
            raise click.BadParameter(f"expected a name that ends in .html, .md or {last}, found {path.name}")
        return path

    help_text = f"Write it: one page as .html, text as .md, {what} as {last}."
    return click.option("--to", type=PATH, metavar="FILE", callback=known_form, help=help_text)(
        json_option(with_output)
    )


Plain = Callable[[T], object]


def show(out: Output, found: T, document: "Callable[[T], Document]", plain: Plain[T] | None = None) -> None:
    """What a command found: as a document on the terminal or in a file, or as plain data. Raises `Error`."""
    if out.as_json:
        from archive.documents.plain import plain as by_field

        output_json((plain or by_field)(found))
    elif out.to:
        from archive.documents.edition import edition

        write_output(out.to, edition(document(found), str(out.to), out.to.suffix))
    else:
        from archive.documents import terminal

        colour = watched(sys.stdout) and not os.environ.get("NO_COLOR")
        text = terminal.text(document(found), width=width(), colour=colour)
        if interactive() and text.count("\n") >= _size().lines:
            click.echo_via_pager(text, color=colour)
        else:
            click.echo(text, nl=False, color=colour)


def output_json(value: object) -> None:
    """A value for programs, on stdout; written as it is encoded, for it may say much."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    click.echo()


def write_output(path: Path, data: bytes) -> None:
    """A file the person asked for, whole or not at all; its path on stdout. Raises `OSError`, naming it.

    What is a pipe or a device, such as /dev/null, is written to and stays what it is.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            beside = path.with_name(f".{path.name}.part")
            beside.write_bytes(data)
            beside.replace(path)
    except OSError as error:
        said = OSError(error.errno, error.strerror, str(path))
        said.add_note("nothing was written")
        raise said from None
    click.echo(path)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")


def progress(things: Iterator[T]) -> Iterator[T]:
    """The same things one by one, counted on stderr where somebody watches and there is more than one.

    How many there will be is not known: what a zip file or an export holds shows while it is read.
    """
    first = list(islice(things, 2))
    things = chain(first, things)
    if len(first) < 2 or not watched(sys.stderr):
        yield from things
        return
    with click.progressbar(things, file=sys.stderr, label="filing", show_pos=True) as bar:
        yield from bar


@contextlib.contextmanager
def counted(label: str) -> Iterator[Callable[[int, int], None]]:
    """Is told how many are done, and of how many: shows that on stderr where somebody watches."""
    with contextlib.ExitStack() as shown:
        bar: Any = None

        def count(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and watched(sys.stderr):
                bar = shown.enter_context(click.progressbar(length=total, file=sys.stderr, label=label, show_pos=True))
            if bar is not None:
                bar.update(done - bar.pos)

        yield count


def width() -> int:
    """Columns to wrap words at: the terminal's, at most 100; 80 where there is none."""
    return min(_size().columns, 100)


def _size() -> os.terminal_size:
    import shutil  # which loads what packs and unpacks archives

    return shutil.get_terminal_size((80, 24))


def interactive() -> bool:
    """Whether a person sits at both ends."""
    return watched(sys.stdin) and watched(sys.stdout)


def watched(stream: TextIO | None) -> bool:
    """Whether a person sits at the other end; a closed stream is None."""
    return stream is not None and stream.isatty()


def edit(path: Path, kept: str = "nothing was filed") -> None:
    """Open a file in the person's editor and wait. Raises `Error` where that fails; the file stays as it is then.

    `kept` says what became of the command.
    """
    try:
        click.edit(filename=str(path))
    except click.ClickException as error:
        remedy = f"{kept}: set EDITOR to an editor, or fill the form in where it lies"
        raise Error(f"{path}: {error.format_message()}; {remedy}") from None
