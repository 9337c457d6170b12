"""The formats that are read, as `archive formats` says them."""

from archive.documents.document import Document, Entry, Paragraph
from archive.documents.words import Span
from archive.importers import Format


def document(formats: tuple[Format, ...]) -> Document:
    """What is read, and what each format loses."""
    entries = (Entry(Span(f.name, "strong"), (Paragraph(f.reads), Paragraph(f"loses: {f.loses}"))) for f in formats)
    return Document(sort="Formats", blocks=tuple(entries))


def plain(formats: tuple[Format, ...]) -> list[dict[str, str]]:
    """For programs."""
    return [{"name": f.name, "reads": f.reads, "loses": f.loses} for f in formats]
