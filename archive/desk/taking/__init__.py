"""Taking in: logs that were dropped on the desk, what would be filed of them, and their setting, field by field."""
