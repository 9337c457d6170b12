"""The section `coding`: what is done with the words of a turn, and who sees whose notes on it."""
