"""What the files of a filed folder are called: those that were received, those of people, those of the program."""

import re

RECEIVED = re.compile(r"received(\.(request|response))?(\.[A-Za-z0-9]+)*")
OWN = re.compile(r"turns\.jsonl|redaction\.(seed|root)|(nonce|private|intake)(-\d+)?(\.(nonce|sums))?")
"""Files that the program writes."""
VERSIONED = ("protocols", "codebooks")
"""The folders of ``transcripts/`` that are no model's; see `archive.deposits.shelf`."""
SIDECARS = re.compile(r"(deposit|export)\.toml|notes/[^/]+\.toml|analyses/[^/]+\.(md|toml)")
