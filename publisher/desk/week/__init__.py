"""The week in a browser: what is due, what would go out, and everything that goes out to readers."""
