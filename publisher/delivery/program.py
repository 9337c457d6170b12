"""Programs of the system that copying asks, where it asks one."""

import os
import shutil

from archive.errors import Error
from publisher.delivery.server import PASSWORD


def needed(program: str, otherwise: str) -> str:
    """Where it lies. Raises `Error`."""
    found = shutil.which(program)
    if not found:
        raise Error(f"the program {program} is needed for this, and is not on this machine: install it, or {otherwise}")
    return found


def environment(*, apart: bool = False) -> dict[str, str]:
    """Ours, in which programs speak English, know of no repository that we happen to be in, and of no password.

    `apart`, where nobody types to them: what ssh and git must ask they ask in a window, or not at all.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_DIR") and name != PASSWORD}
    window = any(kept.get(name) for name in ("SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY"))
    silent = {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "force" if window else "never"}
    return kept | {"LC_ALL": "C"} | (silent if apart else {})
