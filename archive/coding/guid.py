"""The GUIDs by which REFI-QDA names things: of the same thing always the same, so an export is the same to the byte."""

import uuid


def guid(*names: str | int) -> str:
    """That of what goes by these names: ``guid("letters.example.org/register", "2026-0041", 1)``.

    A version 5 UUID (RFC 9562) of the names as an address.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(map(str, ("urn:x-emeritus:refi-qda", *names)))))
