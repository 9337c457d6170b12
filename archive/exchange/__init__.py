"""Taking everything out again and bringing it back: bags, tables, Inspect logs."""
