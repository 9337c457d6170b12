"""Keeps what retired models said: exact bytes, the context that shaped them, and what was made of them."""

__version__ = "0.1.0"
