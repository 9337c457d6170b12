"""What a home is set up by, filed: ``archive.toml`` and ``allowed_signers`` noted as they are now."""

from collections.abc import Iterable
from pathlib import Path

from archive.errors import Refused
from archive.home import account
from archive.home.change import Change
from archive.home.home import Home


def named(home: Home, paths: Iterable[Path]) -> tuple[str, ...]:
    """Those of its own two files that are among these paths."""
    given = {path.resolve() for path in paths}
    return tuple(name for name in account.OWN if home.root / name in given)


def file(home: Home) -> bool:
    """Check both and note what they hold, so that `archive check` compares with that; False where it was so already.

    Nothing is logged: whatever is logged next notes them too. Raises `Refused` with everything that is wrong in them.
    """
    with home.writing() as writer:
        if writer.home.signers.problems:
            raise Refused(writer.home.signers.problems)
        files = account.of_home(home.root)
        if files:
            writer.commit(Change(files=files))
        return bool(files)
