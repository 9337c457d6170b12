"""The pictures in the README and in docs/, of what `make demo` makes: ``make images``, then look at each."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

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


def picture(page: Page, name: str) -> None:
    """What is on the screen, in as many colours as fit."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        data = io.BytesIO()
        shown.quantize(colours, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
        if len(data.getvalue()) <= LARGEST:
            break
    (HERE / f"{name}.png").write_bytes(data.getvalue())


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
        browser.close()
    preview.terminate()


main()
