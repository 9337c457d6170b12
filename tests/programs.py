"""The programs and the people who use them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from archive.home.home import Home


@dataclass(frozen=True)
class Reviewer:
    """Somebody with an SSH key."""

    name: str
    key: Path

    @property
    def line(self) -> str:
        """For allowed_signers."""
        kind, key, *_ = self.key.with_suffix(".pub").read_text().split()
        return f'{self.name} namespaces="review@letters.example.org",valid-after="20260101000000Z" {kind} {key}\n'


@dataclass(frozen=True)
class Programs:
    """`archive` and `publisher`, as a person runs them."""

    home: Home | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def archive(self, *arguments: object) -> Result:
        from archive.cli.commands import main

        return self._run(main, arguments)

    def publisher(self, *arguments: object) -> Result:
        from publisher.cli.commands import main

        return self._run(main, arguments)

    def _run(self, main: object, arguments: tuple[object, ...]) -> Result:
        environment = {**self.environment, **({"ARCHIVE_HOME": str(self.home.root)} if self.home else {})}
        result = CliRunner(env=environment).invoke(main, [str(a) for a in arguments])  # type: ignore[arg-type]
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result
