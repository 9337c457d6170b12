"""Where a home's catalogue lies."""

from pathlib import Path

from archive.home.home import Home

SCHEMA = "emeritus"
"""Where a database server keeps the tables: nobody else's are touched."""


def sqlite_file(home: Home) -> Path | None:
    """Its file, if it is one of SQLite's; else archive.toml names a database server."""
    url = home.configuration.database.url
    if not url:
        return home.hidden / "catalogue.db"
    return home.root / url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else None
