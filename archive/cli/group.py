"""A program that starts like a shell tool: its help is written from a table, its commands are loaded when they run."""

from collections.abc import Mapping
from typing import Any

import click


class Group(click.Group):
    """The commands of a program by families: a family is a module, imported when one of its commands is called for.

    ``sections`` says of each command its module and the first sentence of its help, under headings, in the order of the
    work; a sentence of at most 63 characters stands on a line of 80 columns.
    """

    def __init__(self, *arguments: Any, sections: Mapping[str, Mapping[str, tuple[str, str]]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sections = sections
        self.families = {name: said for section in sections.values() for name, said in section.items()}

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.families)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from importlib import import_module

        if name not in self.families:
            return None
        family = vars(import_module(self.families[name][0])).values()
        return next(thing for thing in family if isinstance(thing, click.Command) and thing.name == name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(len(name) for name in self.families)
        for heading, section in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), said) for name, (_, said) in section.items()])

    def invoke(self, context: click.Context) -> Any:
        import gc
        import os

        from archive.cli.errors import errors_shown

        # What a command loads stays until it ends: to look through all of it for garbage again and again finds none.
        gc.set_threshold(10_000)
        gc.enable()
        # Else pydantic reads what every installed distribution says of itself, in search of plugins; we have none.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        with errors_shown():
            return super().invoke(context)
