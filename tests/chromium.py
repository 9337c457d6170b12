"""The browser that tests drive."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first is Chromium without the windows around a page, which cost more than most pages do."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


def chromium() -> str | None:
    """Where it lies on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)
