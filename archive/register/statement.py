"""Statements: the leaves of the register, each one step in the life of a text (in-toto Statement v1).

The bytes are RFC 8785 JSON: UTF-8, sorted keys, no spaces; only objects, arrays, ASCII keys, strings, integers and
booleans. They hold hashes, accession numbers, times and enumerations, never text::

    {"_type":"https://in-toto.io/Statement/v1","predicate":{"kind":"essay","time":"2026-11-15T09:00:04Z"},
     "predicateType":"https://emeritus.example/intake/v1",
     "subject":[{"digest":{"sha256":"aaaa…"},"name":"E2026-0007/intake.sums"}]}

Verifiers hash the bytes they are given and never write them anew.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from archive.errors import Malformed

from .tile import MAX_LEAF

PREFIX = "https://emeritus.example/"
"""Of every predicateType, the same in every home: a name, not a place."""
_TYPE = "https://in-toto.io/Statement/v1"
_HEX = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)

Kind = Literal["intake", "review", "issue", "notice"]
IntakeKind = Literal["deposit", "essay", "model", "protocol", "codebook"]
"""What may arrive. Accession numbers begin with nothing, E, M, P, C; the kind is said by the statement."""

_ID, _WEEK, _CODE, _PATH = r"[CEMP]?\d{4}-\d{4,}", r"\d{4}-W\d\d", r"[a-z0-9]+(?:-[a-z0-9]+)*", r"[^\x00-\x1f\x7f]+"
_AT = f'"time":"{_TIME.pattern}"'
_FORMS = {
    "intake": rf'{{"kind":"(?:deposit|essay|model|protocol|codebook)",{_AT}}}\n{_ID}/intake(?:-[1-9]\d*)?\.sums',
    "review": (
        rf'{{"criteria":\[(?:"{_CODE}"(?:,"{_CODE}")*)?\],"decision":"(?:(publish)|withhold|hold)","edited":false,'
        rf'"intake":(?:0|[1-9]\d{{0,14}}),"reviewer":"SHA256:[A-Za-z0-9+/]{{43}}",{_AT}}}\n'
        rf"({_ID})/intake\.sums(?(1)\n\2/essay\.md\n\2/essay\.toml)"
    ),
    "issue": (
        rf'{{"essays":\["{_ID}"(?:,"{_ID}")*\],"renderer":"[ !#-\[\]-~]+",{_AT},"week":"({_WEEK})"}}\n'
        r"issues/\1/SHA256SUMS\nSHA256SUMS"
    ),
    "notice": (
        r'{"kind":"(?:site|no-issue|withdrawn|released|redacted|keys|sent|verifier)",'
        rf'"reason":"{_CODE}",{_AT}(?:,"week":"{_WEEK}")?}}\n{_PATH}(?:\n{_PATH})*'
        rf'|{{"candidates":[1-9]\d{{0,2}},"kind":"asked","reason":"sampling",{_AT}}}\nsampling\.toml'
        rf'|{{"kind":"asked","reason":"candidate",{_AT}}}\nsampling\.toml\nE\d{{4}}-\d{{4,}}/intake\.sums'
    ),
}
"""Frozen. Kind → its predicate as JSON, then the names of its subjects, a line each."""
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def encode_time(time: dt.datetime) -> str:
    """UTC with ``Z``, to the second: ``2026-11-15T09:00:04Z``."""
    return f"{time.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def decode_time(text: object) -> dt.datetime:
    """Raises `Malformed`."""
    if isinstance(text, str) and _TIME.fullmatch(text):
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Malformed(f"expected a time such as 2026-11-15T09:00:04Z, found {text!r}")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said (`kind`, `predicate`) about which bytes (`subjects`: name → SHA-256 in hex)."""

    kind: Kind
    subjects: Mapping[str, str]
    predicate: Mapping[str, Any]

    @property
    def time(self) -> dt.datetime:
        return decode_time(self.predicate["time"])

    def encode(self) -> bytes:
        """The leaf's bytes."""
        value = {
            "_type": _TYPE,
            "predicate": dict(self.predicate),
            "predicateType": f"{PREFIX}{self.kind}/v1",
            "subject": [{"digest": {"sha256": digest}, "name": name} for name, digest in self.subjects.items()],
        }
        leaf = _encode(value).encode()
        if len(leaf) > MAX_LEAF:
            raise Malformed(f"a statement may have {MAX_LEAF} bytes; this one has {len(leaf)}")
        return leaf

    @classmethod
    def decode(cls, leaf: bytes) -> "Statement":
        """Strict: exactly the bytes that `encode` writes, of one of the four kinds. Raises `Malformed`."""
        try:
            value = json.loads(leaf)
            kind = value["predicateType"].removeprefix(PREFIX).removesuffix("/v1")
            subjects = {subject["name"]: subject["digest"]["sha256"] for subject in value["subject"]}
            statement = cls(kind, subjects, value["predicate"])
            if statement.encode() != leaf or kind not in _FORMS or not all(map(_HEX.fullmatch, subjects.values())):
                raise ValueError
            said = "\n".join([_encode(statement.predicate), *subjects])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Malformed(
                f"expected a statement {PREFIX}intake|review|issue|notice/v1 in canonical JSON, found other bytes"
            ) from None
        if not re.fullmatch(_FORMS[kind], said, re.ASCII):
            raise Malformed(f"expected the predicate and subjects of a statement {kind}/v1, found {said[:300]!r}")
        decode_time(statement.predicate["time"])
        return statement


def intake(accession: str, sums: str, digest: str, *, kind: IntakeKind, time: dt.datetime) -> Statement:
    """Something arrived; `sums` is the list's name: ``intake.sums``, and ``intake-2.sums`` after refiling."""
    return Statement("intake", {f"{accession}/{sums}": digest}, {"kind": kind, "time": encode_time(time)})


def review(
    accession: str,
    sums: str,
    published: Mapping[str, str],
    *,
    decision: Literal["publish", "withhold", "hold"],
    intake_index: int,
    reviewer: str,
    criteria: Sequence[str],
    time: dt.datetime,
) -> Statement:
    """A decision. `published`: SHA-256 of essay.md and essay.toml, and only when the decision is publish."""
    subjects = {f"{accession}/intake.sums": sums} | {f"{accession}/{name}": d for name, d in published.items()}
    predicate = {
        "decision": decision,
        "edited": False,
        "intake": intake_index,
        "reviewer": reviewer,
        "criteria": list(criteria),
        "time": encode_time(time),
    }
    return Statement("review", subjects, predicate)


def issue(
    week: str, week_sums: str, site_sums: str, *, essays: Sequence[str], renderer: str, time: dt.datetime
) -> Statement:
    """A week went out: the SHA-256 of its list and of the whole site's."""
    subjects = {f"issues/{week}/SHA256SUMS": week_sums, "SHA256SUMS": site_sums}
    predicate = {"week": week, "essays": list(essays), "renderer": renderer, "time": encode_time(time)}
    return Statement("issue", subjects, predicate)


def notice(
    kind: Literal["site", "no-issue", "withdrawn", "released", "redacted", "keys", "sent", "verifier"],
    subjects: Mapping[str, str],
    *,
    reason: str,
    time: dt.datetime,
    week: str | None = None,
) -> Statement:
    """Anything else that readers must be able to count."""
    predicate: dict[str, Any] = {"kind": kind, "reason": reason, "time": encode_time(time)}
    return Statement("notice", subjects, predicate | ({"week": week} if week else {}))


SAMPLING = "sampling.toml"
"""What was asked for, by its name in the folder of each candidate, and as the subject of notices."""


def asked(digest: str, candidates: int, *, time: dt.datetime) -> Statement:
    """So many texts will be asked for as the file with this SHA-256 says; logged before the first call."""
    predicate = {"candidates": candidates, "kind": "asked", "reason": "sampling", "time": encode_time(time)}
    return Statement("notice", {SAMPLING: digest}, predicate)


def candidate(digest: str, accession: str, listed: str, *, time: dt.datetime) -> Statement:
    """What was taken in with this list is one of them; logged with its intake."""
    predicate = {"kind": "asked", "reason": "candidate", "time": encode_time(time)}
    return Statement("notice", {SAMPLING: digest, f"{accession}/intake.sums": listed}, predicate)
