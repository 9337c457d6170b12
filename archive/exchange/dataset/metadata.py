"""What repositories ask for: DataCite's fields, an RO-Crate, a ``CITATION.cff``. So a deposit needs no retyping.

DataCite 4.5 as JSON: https://schema.datacite.org; a DOI is the repository's to give. RO-Crate 1.3:
https://w3id.org/ro/crate/1.3. Citation File Format 1.2.0: https://citation-file-format.github.io
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from archive.exchange.dataset.about import KEYWORDS, LICENCES, About
from archive.exchange.dataset.describe import MEDIA_TYPE, encoded
from archive.exchange.dataset.part import File
from archive.exchange.dataset.tables import TABLES
from archive.register import sums
from archive.wording import many

_CRATE = "https://w3id.org/ro/crate/1.3"


def datacite(about: About) -> bytes:
    """``datacite.json``: the attributes of a DOI."""
    said: dict[str, Any] = {
        "creators": [{"name": about.maker, "nameType": "Organizational"}],
        "titles": [{"title": about.title}],
        "publisher": {"name": about.archive},
        "publicationYear": str(about.day.year),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Interviews with AI models"},
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": [{"date": about.day.date().isoformat(), "dateType": "Issued"}],
        "language": about.language,
        "alternateIdentifiers": [
            {"alternateIdentifier": about.evidence, "alternateIdentifierType": "C2SP transparency log"}
        ],
        "relatedIdentifiers": _related(about),
        "formats": [MEDIA_TYPE],
        "version": str(about.size),
        "rightsList": [_rights(about)],
        "descriptions": [{"description": about.description, "descriptionType": "Abstract"}],
        "url": about.address,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return encoded({key: value for key, value in said.items() if value})


def _related(about: About) -> list[dict[str, str]]:
    if not about.address:
        return []
    of = {"relatedIdentifierType": "URL", "relationType": "IsDerivedFrom", "resourceTypeGeneral": "Collection"}
    return [{"relatedIdentifier": f"{about.address}/", **of}]


def _rights(about: About) -> dict[str, str]:
    if not about.licence_address:
        return {"rights": about.terms}
    return {
        "rights": about.licence,
        "rightsUri": about.licence_address,
        "rightsIdentifier": about.licence,
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }


def crate(about: About, files: Sequence[File], beside: Mapping[str, bytes]) -> bytes:
    """``ro-crate-metadata.json``; `beside` are the files that describe the tables."""
    tables = [_table(name, [file for file in files if file.table == name]) for name in TABLES]
    plain = {name: data for name, data in beside.items() if "/" not in name}
    described = [_file(name, _media(name), len(data), sums.digest(data), _DESCRIBES) for name, data in plain.items()]
    described.append({"@id": "schema/", "@type": "Dataset", "name": "schema/", "description": _DESCRIBES})
    parts = [_file(f.path, MEDIA_TYPE, f.bytes, f.sha256, f"{f.table}: {many(f.rows, 'row')}.") for f in files]
    maker: dict[str, Any] = {"@id": "#maker", "@type": "Organization", "name": about.maker}
    terms = {
        "@id": about.licence_address or "#terms",
        "@type": "CreativeWork",
        "name": about.licence or "Terms of use",
        "description": about.terms,
    }
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.description,
        "datePublished": about.day.date().isoformat(),
        "license": {"@id": terms["@id"]},
        "author": {"@id": "#maker"},
        "publisher": {"@id": "#maker"},
        "inLanguage": about.language,
        "keywords": ", ".join(KEYWORDS),
        "version": str(about.size),
        "identifier": {"@id": "#register"},
        "hasPart": [{"@id": each["@id"]} for each in (*tables, *described)],
    }
    metadata = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _CRATE},
    }
    if about.address:
        root["isBasedOn"] = {"@id": f"{about.address}/"}
        maker["url"] = f"{about.address}/"
    register = {"propertyID": "C2SP transparency log", "value": about.evidence}
    more: list[dict[str, Any]] = [terms, {"@id": "#register", "@type": "PropertyValue", **register}]
    if about.address:
        more.append({"@id": f"{about.address}/", "@type": "WebSite", "name": about.archive})
    if about.contact:
        maker["contactPoint"] = {"@id": "#contact"}
        more.append({"@id": "#contact", "@type": "ContactPoint", "url": about.contact, "contactType": "enquiries"})
    graph = [metadata, root, maker, *more, *tables, *described, *parts]
    return encoded({"@context": f"{_CRATE}/context", "@graph": graph})


def _table(name: str, files: Sequence[File]) -> dict[str, Any]:
    means = f"{TABLES[name].means} {many(sum(file.rows for file in files), 'row')}."
    inside = [{"@id": _id(file.path)} for file in files]
    parts = inside if len(inside) > 1 else inside[0]
    return {"@id": f"{name}/", "@type": "Dataset", "name": name, "description": means, "hasPart": parts}


_DESCRIBES = "What the tables are, and what their columns hold."


def _file(path: str, media: str, size: int, sha256: str, means: str) -> dict[str, Any]:
    said = {"@id": _id(path), "@type": "File", "name": path, "description": means, "encodingFormat": media}
    return said | {"contentSize": str(size), "sha256": sha256}


def _id(path: str) -> str:
    return quote(path, safe="/=@:+,")


def _media(name: str) -> str:
    return _MEDIA[name.rpartition(".")[2]]


_MEDIA = {"json": "application/json", "md": "text/markdown", "cff": "application/yaml"}


def cff(about: About) -> bytes:
    """``CITATION.cff``; every text as JSON writes it, which is YAML too."""
    said: dict[str, str] = {
        "title": about.title,
        "abstract": about.description,
        "version": str(about.size),
        "url": about.address,
        "license": about.licence if about.licence in LICENCES else "",
    }
    rows = [
        "cff-version: 1.2.0",
        'message: "Cite this dataset so; `archive cite 2026-0041/3#12` cites one deposit, interview or turn."',
        "type: dataset",
        f"authors:\n  - name: {_yaml(about.maker)}",
        *(f"{key}: {_yaml(value)}" for key, value in said.items() if value),
        f"date-released: {about.day.date().isoformat()}",
        f"identifiers:\n  - type: other\n    value: {_yaml(about.evidence)}\n    description: the register it is of",
        "keywords:\n" + "\n".join(f"  - {_yaml(word)}" for word in KEYWORDS),
    ]
    return ("\n".join(rows) + "\n").encode()


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
