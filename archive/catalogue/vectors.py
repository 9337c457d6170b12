"""Words as PostgreSQL indexes them, made to agree with SQLite's."""

from archive.catalogue.schema import SEARCHED


def vector(table: str, prefix: str = "") -> str:
    """The words of a row as PostgreSQL indexes them; not of a whole book, because its vectors end at a megabyte."""
    columns = " || chr(10) || ".join(f"coalesce({prefix}{column}, '')" for column in SEARCHED[table])
    # Marks are taken out, or PostgreSQL would keep addresses and hyphenated words whole, unlike SQLite.
    return (
        f"to_tsvector('simple', regexp_replace({unaccented(f'left({columns}, 200000)')}, '[!-/:-@[-`{{-~]', ' ', 'g'))"
    )


def unaccented(expression: str) -> str:
    """SQL for a text without its accents."""
    return f"regexp_replace(normalize({expression}, NFD), '[\\u0300-\\u036f]', '', 'g')"
