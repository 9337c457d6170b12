"""`publisher`: take in what a model wrote, have it reviewed, send it out unedited, let anyone check it."""

import click

from archive import __version__
from archive.cli.group import Group

DEPLOY = "publisher.cli.deploy"
ESSAYS = "publisher.cli.essays"
ISSUES = "publisher.cli.issues"
MAIL = "publisher.cli.mail"
PREVIEW = "publisher.cli.preview"
SAMPLING = "publisher.cli.sampling"
SETUP = "publisher.cli.setup"
VERIFY = "publisher.cli.verify"
WITNESS = "publisher.cli.witness"

COMMANDS = {
    "Every week": {
        "setup": (SETUP, "Ask what a newsletter needs, and write it down."),
        "sample": (SAMPLING, "Ask a model for essays; how many is logged before the first call."),
        "submit": (ESSAYS, "Log a text before anyone reads it."),
        "problems": (ESSAYS, "Show what a reviewer should look at in a text."),
        "review": (ESSAYS, "Sign a decision about a text."),
        "status": (ISSUES, "Say what is due, what waits for whom, and what to type next."),
        "preview": (PREVIEW, "Show the coming issue in the browser, as it would go out now."),
        "publish": (ISSUES, "Publish this week's issue: pages, mail, feeds, proofs."),
        "deploy": (DEPLOY, "Copy the site to where readers find it, and read it back."),
        "send": (MAIL, "Send an issue to its list by mail, once."),
    },
    "Now and then": {
        "skip": (ISSUES, "Explain a week without an issue."),
        "note": (ESSAYS, "Say something beside an essay, as the editors."),
        "withdraw": (ISSUES, "Take down what was published; a page says so in its place."),
        "revoke": (ESSAYS, "End a reviewer's key: what it signs later does not count."),
        "build": (ISSUES, "Write the whole site again, the same bytes."),
    },
    "Checking": {
        "verify": (VERIFY, "Check a text, a mail, a feed, a page, words, or a whole site."),
        "follow": (WITNESS, "See whether a register only grew since you saw it last."),
    },
    "Witnesses": {
        "cosign": (WITNESS, "Ask the witnesses to cosign the newest checkpoint."),
        "witness": (WITNESS, "Be a witness for other newsletters' registers."),
    },
}


@click.group(cls=Group, sections=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Send what a retired model writes, reviewed and unedited, once a week, with a proof for every reader."""
