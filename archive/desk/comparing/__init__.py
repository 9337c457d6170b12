"""Answers side by side: contexts are columns, notes stand in the cells; what `archive compare` writes."""
