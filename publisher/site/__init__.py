"""From records to bytes, pure: a `Site` as values, and its pages, feeds and mails."""
