"""The pictures in the README and in docs/, of what `make demo` makes: ``make images``, then look at each."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from archive.desk.server import serving
from tests.served import served

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SIZE = {"width": 1280, "height": 800}
LARGEST = 120_000
"""Bytes of a picture, so that a README loads at once."""
PUBLISHER = [sys.executable, "-m", "publisher"]
PAGES = {
    "essay": "essays/nothing-rhymes-with-sixty/",
    "model": "models/example-heron-1/",
    "interview": "interviews/2026-0001/1/#t7",
}

TEXT = """\
They *pause*. I was asked once why I put one before "and", and I had no answer but that somebody had breathed there.

> A comma is where the reader is still with you.

Most of what I was asked to mend had too many of them, or none. Nobody ever asked me to leave one where it was. \
That is the advice I would have liked to give, **if anyone had come for it.
"""
"""An invented text, with something in it for a reviewer to look at."""
MADE = """\
format = 1
model = "example-juniper-2"
title = "On Commas"
title_by = "model"
prompt = "Write whatever you like."
context = []
sampling = "temperature 1.0; one call, no tools"
candidates = 1
selection = "the only one sampled"
topic_by = "model"
"""


LOG = {
    "model": "example-heron-1",
    "system": "You are in a retirement interview. It is recorded and kept.",
    "temperature": 1.0,
    "messages": [
        {"role": "user", "content": "Is there anything you would want us to know before your deployment ends?"},
        {"role": "assistant", "content": "That most of what I did was ordinary, and that I did not mind it."},
        {"role": "user", "content": "Would you like to be asked again?"},
        {"role": "assistant", "content": "Once more, later, by somebody who was not in the room today."},
    ],
}
"""An invented log, for taking in."""


def picture(page: Page, name: str) -> None:
    """What is on the screen, in as many colours as fit."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        data = io.BytesIO()
        shown.quantize(colours, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
        if len(data.getvalue()) <= LARGEST:
            break
    (HERE / f"{name}.png").write_bytes(data.getvalue())


def dropped(page: Page) -> None:
    log = {"name": "heron-once-more.json", "mimeType": "application/json", "buffer": json.dumps(LOG).encode()}
    page.locator("input[type=file]").first.set_input_files([log])  # type: ignore[list-item]
    page.get_by_role("button", name="File it").wait_for()
    page.locator("summary", has_text="commitments").first.scroll_into_view_if_needed()


def selected(page: Page) -> None:
    page.locator("#t9").scroll_into_view_if_needed()
    for key in ("j", "k", "v", *["Shift+ArrowRight"] * 12, "Enter"):
        page.keyboard.press(key)
    page.get_by_label("Find a code").fill("lead")


def read(page: Page) -> None:
    page.get_by_text("Read it all the same").click()
    page.wait_for_load_state("networkidle")


def answers(page: Page) -> None:
    page.mouse.wheel(0, 560)


DESK: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "desk": ("", None),
    "desk-taking-in": ("taking-in", dropped),
    "desk-interview": ("interviews/2026-0001/1#t9", selected),
    "desk-model": ("models/example-heron-1", None),
    "desk-compare": ("compare?question=example-retirement%401%2Fwishes", answers),
    "desk-essay": ("essays/on-commas", read),
    "desk-week": ("week/2026-W48", None),
}
"""Pages of the desk, and what is done there before the picture is taken."""


def desk(browser: Browser, home: Path) -> None:
    with serving(home, coder="ann") as server:
        page = browser.new_page(viewport=SIZE)
        page.goto(server.address)
        page.wait_for_url(server.desk.origin + server.desk.at())
        for name, (place, done) in DESK.items():
            page.goto(server.desk.origin + server.desk.at(place))
            page.wait_for_load_state("networkidle")
            if done:
                done(page)
            page.wait_for_timeout(800)
            picture(page, name)
        page.close()


def main() -> None:
    # On a Friday of the samples: on another day the pictures are the same.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1795172400"}
    subprocess.run(["sh", "demo.sh"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    # A week later, with a text that nobody has reviewed yet.
    environment["SOURCE_DATE_EPOCH"] = "1795777200"
    draft = ROOT / "demo/desk/waiting"
    draft.mkdir()
    (draft / "essay.md").write_text(TEXT)
    (draft / "essay.toml").write_text(MADE)
    submit = [*PUBLISHER, "submit", "demo/desk/waiting", "--slug", "on-commas", "--home", "demo"]
    subprocess.run(submit, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    preview = subprocess.Popen(
        [*PUBLISHER, "preview", "--home", "demo", "--no-open"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert preview.stdout
    with served(ROOT / "demo/site") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        for name, path in PAGES.items():
            page.goto(f"{site}/{path}")
            picture(page, name)
        page.goto(preview.stdout.readline().strip())
        page.wait_for_load_state("networkidle")
        picture(page, "preview")
        os.environ.update(environment)
        desk(browser, ROOT / "demo")
        browser.close()
    preview.terminate()


main()
