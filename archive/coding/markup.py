"""XML as REFI-QDA has it, element by element, as text."""

from xml.sax.saxutils import escape

from archive.characters import carried


def tag(name: str, /, *inner: str, **given: str | None) -> str:
    """An element, whose children are XML already."""
    opened = f"<{name}{attributes(**given)}"
    return f"{opened}>\n{''.join(inner)}</{name}>\n" if inner else f"{opened}/>\n"


def text(name: str, words: str) -> str:
    """An element that holds words; what XML cannot carry is marked in them."""
    return f"<{name}>{escape(carried(words))}</{name}>\n"


def attributes(**values: str | None) -> str:
    """`` key="value"`` for each that is not None, on one line."""
    quoted = {'"': "&quot;", "\n": " ", "\t": " "}
    return "".join(f' {name}="{escape(carried(said), quoted)}"' for name, said in values.items() if said is not None)
