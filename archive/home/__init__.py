"""The folder of one archive: its configuration, store and register, opened as one value, and every change of it."""
