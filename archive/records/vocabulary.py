"""The words this archive uses about interviews, each with a definition: plain data, printed by ``archive vocabulary``.

Fields and values come from COREQ, oral history practice, published system cards and public interview projects; the
`term` of a field names which.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from archive.documents.document import Document, Entry, Facts, Paragraph, Section
from archive.documents.words import Span
from archive.records.codes import TURN_CODES
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.field import Field
from archive.records.values import VOCABULARIES


def listing() -> dict[str, Any]:
    """Everything above as plain data."""
    return {
        "context_bias": [_plain(f) for f in CONTEXT_BIAS],
        "code": [_plain(f) for f in TURN_CODES],
        "values": {name: dict(values) for name, values in VOCABULARIES.items()},
    }


def _plain(f: Field) -> dict[str, Any]:
    return {"key": f.key, "group": f.group, "means": f.means, "term": f.term, "shape": f.shape, "many": f.many,
            "values": dict(f.values)}  # fmt: skip


def document(listing: Mapping[str, Any]) -> Document:
    """The same for a person: fields, codes, and the lists of values used in several places."""
    titles = {"context_bias": "Context bias, on a whole interview", "code": "Codes, on a turn"}
    fields = (Section(title=title, blocks=tuple(_groups(listing[key]))) for key, title in titles.items())
    lists = (Section(title=name, blocks=(Facts(tuple(own.items())),)) for name, own in listing["values"].items())
    return Document(sort="Vocabulary", blocks=(*fields, Section(title="Values", blocks=tuple(lists))))


def _groups(fields: Iterable[Mapping[str, Any]]) -> Iterator[Section]:
    for group, own in groupby(fields, key=lambda field: field["group"]):
        entries = (
            Entry(
                Span(field["key"], "strong"),
                (
                    Paragraph(f"{field['means']}." + (f" [{field['term']}]" if field["term"] else "")),
                    *([Facts(tuple(field["values"].items()))] if field["values"] else []),
                ),
            )
            for field in own
        )
        yield Section(title=group, blocks=tuple(entries))
