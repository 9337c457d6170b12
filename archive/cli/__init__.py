"""The command line of `archive`, and what both programs share of it."""
