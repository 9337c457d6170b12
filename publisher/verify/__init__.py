"""Checking what was published as a stranger would, one module a channel; no home is needed."""
