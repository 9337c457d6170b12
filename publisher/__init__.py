"""Sends what a retired model writes, reviewed and unedited, once a week, with a proof for every reader."""
