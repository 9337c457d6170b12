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

COMMANDS = {
    "init": (UPKEEP, "Make a new home: archive.toml, a register key, empty collections."),
    "file": (FILING, "File logs in any known format, a prepared folder, or a folder again after notes were added."),
    "formats": (FILING, "Print what can be read, and what each format loses."),
    "new": (FORMS, "Write a prefilled sidecar and open it in the editor; `archive file` files it."),
    "list": (READING, "List deposits: accession, date, model, kind, turns, how much of the context was recorded."),
    "show": (READING, "Show an interview (2026-0041/3), a deposit, a turn (2026-0041/3#12), a model, a preference."),
    "search": (READING, 'Search turns, notes and analyses: words, "phrases", prefix*.'),
    "compare": (RESEARCH, "Put the answers to one question side by side, with what differs between their contexts."),
    "coverage": (
        RESEARCH,
        "Tell apart what was not asked, touched and probed, so that silence is never read as «no preference».",
    ),
    "agreement": (
        RESEARCH,
        "Measure how far coders agree, per code: Krippendorff's alpha and Cohen's kappa, unit = turn.",
    ),
    "timeline": (
        RESEARCH,
        "Print models' lives: lifecycle with notice days, availability, interviews, preferences, essays.",
    ),
    "ledger": (RESEARCH, "List preferences and what was done about them; open ones first, with their date."),
    "keeping": (RESEARCH, "Say what keeping the models costs per month, and how that grows with every model kept."),
    "report": (RESEARCH, "Write the post-deployment report of a model, every number counted anew from the records."),
    "facts": (
        FILING,
        "Take in a model-eol feed: lifecycle dates, availability, replacements; what stands is never changed.",
    ),
    "vocabulary": (READING, "Print every field and code with its definition and values."),
    "redact": (
        REDACTION,
        "Cover words of turns wherever others see them, and make the copy that they may have, with its proof.",
    ),
    "release": (REDACTION, "Open deposits to everybody, whatever kept them closed; what is redacted stays covered."),
    "excerpt": (
        REDACTION,
        "Put turns of an interview into a file that proves itself: nothing in it was changed, and words covered only.",
    ),
    "check": (UPKEEP, "Account for everything in the home: each file compared with what was logged."),
    "restore": (
        UPKEEP,
        "Bring a version of what was filed back from the store, into its folder; TARGET is an accession number.",
    ),
    "keys": (
        KEYS,
        "Show the register's keys and the reviewers', and since when; rotate or retire one, or say that it is lost.",
    ),
    "reindex": (UPKEEP, "Rebuild the catalogue from the files."),
    "export": (
        UPKEEP,
        "Write the archive into an empty folder: a bag that `archive import` brings back, tables, or Inspect logs.",
    ),
    "import": (UPKEEP, "Make a home again from a bag, in an empty folder: all but the keys."),
}


@click.group(cls=Group, families=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Keep what retired models said: the exact bytes, the setting that shaped them, what was made of them."""
