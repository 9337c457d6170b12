"""A document as a file: a page as ``.html``, text as ``.md``, its drawing as ``.svg``."""

from archive.documents.document import Document
from archive.errors import Error

KINDS = {".html": "text/html", ".md": "text/markdown", ".svg": "image/svg+xml"}
"""The ends of its name, and what it is then."""


def edition(document: Document, name: str, suffix: str) -> bytes:
    """What the file of this name and `suffix` holds. Raises `Error` for the drawing of what has none."""
    match suffix:
        case ".html":
            from archive.documents.html import html

            return html(document)
        case ".md":
            from archive.documents.markdown import markdown

            return markdown(document)
    drawing = document.drawing
    if drawing is None:
        raise Error(f"{name}: there is nothing drawn in this; write it as .html or .md")
    return drawing
