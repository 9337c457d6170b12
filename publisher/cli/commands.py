"""`publisher`: take in what a model wrote, have it reviewed, send it out unedited, let anyone check it."""

import click

from archive import __version__
from archive.cli.group import Group

DEPLOY = "publisher.cli.deploy"
ESSAYS = "publisher.cli.essays"
ISSUES = "publisher.cli.issues"
MAIL = "publisher.cli.mail"
PREVIEW = "publisher.cli.preview"
SETUP = "publisher.cli.setup"
VERIFY = "publisher.cli.verify"
WITNESS = "publisher.cli.witness"

COMMANDS = {
    "setup": (SETUP, "Ask what a newsletter needs, and write it down; makes a home where there is none."),
    "submit": (
        ESSAYS,
        "Log a text before anyone reads it: essay.md, an API response, or a folder of both with essay.toml.",
    ),
    "problems": (
        ESSAYS,
        "Show what a reviewer should see: hidden characters, hidden Markdown, wrapper tags, links, missing making-of.",
    ),
    "review": (ESSAYS, "Sign a decision about a text."),
    "revoke": (ESSAYS, "End a reviewer's key: what it signs later does not count, what it signed before stands."),
    "status": (ISSUES, "Say what is due, what waits for whom, what failed, and what to type next."),
    "preview": (
        PREVIEW,
        "Show the coming issue in the browser as it would go out now: pages, mail, feed, and what is in its way.",
    ),
    "publish": (ISSUES, "Publish this week's issue: pages, mail, feeds, proofs."),
    "send": (MAIL, "Send an issue to its list by mail, once: the frozen bytes, logged before they are handed over."),
    "skip": (ISSUES, "Explain a week without an issue."),
    "note": (ESSAYS, "Say something beside an essay, as the editors: a note, an erratum."),
    "withdraw": (ISSUES, "Take down what was published; a page says so in its place."),
    "build": (ISSUES, "Write the whole site again, the same bytes."),
    "deploy": (
        DEPLOY,
        "Copy the site to where readers find it: a folder, over rsync, a branch, or object storage.",
    ),
    "verify": (
        VERIFY,
        "Check a text, a mail, a feed, a saved page, turns of an interview, words you read, or a whole site.",
    ),
    "cosign": (WITNESS, "Ask the witnesses of archive.toml to cosign the newest checkpoint."),
    "witness": (
        WITNESS,
        "Be a witness for other newsletters' registers: cosign what only grew, refuse all else.",
    ),
    "follow": (WITNESS, "See whether a register only grew since you saw it last, and keep its checkpoint."),
}


@click.group(cls=Group, families=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Send what a retired model writes, reviewed and unedited, once a week, with a proof for every reader."""
