"""XML from outside as elements, each called by its name alone: no document type, no entity, within bounds."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from archive.errors import Problem, Refused
from archive.wording import shorten

MOST_ELEMENTS, DEEPEST = 2_000_000, 100
_NAMESPACE = "urn:QDA-XML:project:"


def tree(data: bytes, place: str) -> Element:
    """The root of a REFI-QDA project. Raises `Refused`."""
    return _Building(place).read(data)


class _Building:
    """Lives as long as one document is read."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.builder = TreeBuilder()
        self.depth = self.count = 0

    def read(self, data: bytes) -> Element:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._declared
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.builder.data
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # what names an encoding that is none
            raise self._refused(f"XML with a fault: {shorten(str(error), 200)}") from None
        return self.builder.close()

    def _refused(self, found: str) -> Refused:
        return Refused([Problem(self.place, f"expected a REFI-QDA project, found {found}", "export it again")])

    def _declared(self, *_: object) -> None:
        raise self._refused("a document type or an entity of its own")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise self._refused("more elements, or more within each other, than any project has")
        space, _, local = name.rpartition(" ")
        if self.count == 1 and not (local == "Project" and space.startswith(_NAMESPACE)):
            raise self._refused(f"the XML of something else ({shorten(name)})")
        self.builder.start(local, attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(name.rpartition(" ")[2])
