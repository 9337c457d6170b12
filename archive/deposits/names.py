"""What the files of a filed folder are called: those that were received, those of people, those of the program."""

import re

RECEIVED = re.compile(r"received(\.(request|response))?(\.[A-Za-z0-9]+)*")
COPY = "turns.redacted.json"
"""The copy of ``turns.jsonl`` that anyone may have, where words of it are covered."""
OWN = re.compile(r"turns\.(jsonl|redacted\.json)|redaction\.(seed|root)|(nonce|private|intake)(-\d+)?(\.(nonce|sums))?")
"""Files that the program writes."""
VERSIONED = ("protocols", "codebooks")
"""The folders of ``transcripts/`` that are no model's; see `archive.deposits.shelf`."""
SIDECARS = re.compile(r"(deposit|export|redactions)\.toml|notes/[^/]+\.toml|analyses/[^/]+\.(md|toml)")
