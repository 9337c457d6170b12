"""Whether commands can be run under strace here: it is there, and may trace, as in some containers it may not."""

import shutil
import subprocess
from functools import cache


@cache
def can_trace() -> bool:
    """Asked once."""
    return bool(shutil.which("strace")) and not subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode
