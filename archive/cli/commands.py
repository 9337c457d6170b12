"""`archive`: file what retired models said, say what shaped it, find it again."""

import click

from archive import __version__
from archive.cli.group import Group

FILING = "archive.cli.filing"
FORMS = "archive.cli.forms"
READING = "archive.cli.reading"
REDACTION = "archive.cli.redaction"
RESEARCH = "archive.cli.research"
UPKEEP = "archive.cli.upkeep"
KEYS = "archive.cli.keys"
INTERVIEWS = "archive.cli.interviews"
DESK = "archive.cli.desk"

COMMANDS = {
    "In a browser": {
        "desk": (DESK, "Do the same work in a browser, on this machine alone."),
    },
    "Filing": {
        "init": (UPKEEP, "Make a new home: configuration, register key, collections."),
        "file": (FILING, "File logs in any format, prepared folders, or folders again."),
        "interview": (INTERVIEWS, "Ask a model what a protocol asks, in contexts varied on purpose."),
        "formats": (FILING, "Print what can be read, and what each format loses."),
        "new": (FORMS, "Write a prefilled sidecar and open it in the editor."),
        "amend": (FILING, "Change values of a sidecar in place."),
        "facts": (FILING, "Take lifecycle dates and availability from a model-eol feed."),
    },
    "Reading": {
        "list": (READING, "List deposits, and how much of their context was recorded."),
        "show": (READING, "Show an interview, a deposit, a turn, a model, a preference."),
        "search": (READING, 'Search turns, notes and analyses: words, "phrases", prefix*.'),
        "cite": (READING, "Print how to cite a deposit, an interview or a turn."),
        "vocabulary": (READING, "Print every field and code with its definition and values."),
    },
    "Research": {
        "compare": (RESEARCH, "Put the answers to one question side by side."),
        "coverage": (RESEARCH, "Tell apart what was not asked, touched and probed."),
        "agreement": (RESEARCH, "Measure how far coders agree, per code."),
        "timeline": (RESEARCH, "Print or draw models' lives, with all that is dated."),
        "ledger": (RESEARCH, "List preferences and what was done about them."),
        "keeping": (RESEARCH, "Say what keeping the models costs, and how that grows."),
        "plan": (RESEARCH, "Say what is due when a model is retired, and what is done."),
        "report": (RESEARCH, "Write the post-deployment report of a model."),
    },
    "What others may see": {
        "redact": (REDACTION, "Cover words of turns wherever others see them."),
        "release": (REDACTION, "Open deposits to everybody, whatever kept them closed."),
        "excerpt": (REDACTION, "Put turns of an interview into a file that proves itself."),
    },
    "Upkeep": {
        "check": (UPKEEP, "Account for every file of the home, as it was logged."),
        "restore": (UPKEEP, "Bring a version of what was filed back into its folder."),
        "keys": (KEYS, "Show the register's keys and the reviewers', and since when."),
        "store": (UPKEEP, "Move copies of what was filed into object storage, or back."),
        "reindex": (UPKEEP, "Rebuild the catalogue from the files."),
        "export": (UPKEEP, "Write the archive into an empty folder."),
        "import": (UPKEEP, "Make a home again from a bag: all but the keys."),
    },
}


@click.group(cls=Group, sections=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Keep what retired models said: the exact bytes, the setting that shaped them, what was made of them."""
