"""Interviews that the archive itself holds: to a protocol, in contexts that are varied on purpose, with Inspect."""
