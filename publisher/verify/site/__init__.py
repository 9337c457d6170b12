"""Checking a whole site: opened with its register, every file held against that, and all of it made again."""
