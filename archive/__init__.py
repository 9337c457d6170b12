"""Keeps what retired models said: exact bytes, the context that shaped them, and what was made of them."""
