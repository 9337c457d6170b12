"""Statements: the frozen bytes of every kind, RFC 8785, and everything that is not one."""

import contextlib
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Malformed
from archive.register import statement
from archive.register.statement import Statement, decode_time, encode_time

A, B, C = "a" * 64, "b" * 64, "c" * 64
KEY = "SHA256:" + "k" * 42 + "0"
TIME = dt.datetime(2026, 11, 15, 10, 0, 4, tzinfo=dt.timezone(dt.timedelta(hours=1)))
PUBLISHED = {"essay.md": B, "essay.toml": C}
INTAKE = statement.intake("E2026-0007", "intake.sums", A, kind="essay", time=TIME)
REVIEW = statement.review(
    "E2026-0007",
    A,
    PUBLISHED,
    decision="publish",
    intake_index=12,
    reviewer=KEY,
    criteria=["personal-data", "harm"],
    time=TIME,
)
ISSUE = statement.issue("2026-W48", A, B, essays=["E2026-0007"], renderer="markdown-it-py 4.3.0", time=TIME)
NOTICE = statement.notice("no-issue", {"issues/2026-W49/notice.toml": A}, reason="holiday", week="2026-W49", time=TIME)
ASKED = statement.asked(A, 5, time=TIME)
CANDIDATE = statement.candidate(A, "E2026-0007", B, time=TIME)

FROZEN = [
    (
        INTAKE,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"kind":"essay","time":"2026-11-15T09:00:04Z"},'
        '"predicateType":"https://emeritus.example/intake/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"E2026-0007/intake.sums"}}]}}',
    ),
    (
        REVIEW,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"criteria":["personal-data","harm"],"decision":"publish","edited":false,"intake":12,'
        f'"reviewer":"{KEY}","time":"2026-11-15T09:00:04Z"}},'
        '"predicateType":"https://emeritus.example/review/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"E2026-0007/intake.sums"}},'
        f'{{"digest":{{"sha256":"{B}"}},"name":"E2026-0007/essay.md"}},'
        f'{{"digest":{{"sha256":"{C}"}},"name":"E2026-0007/essay.toml"}}]}}',
    ),
    (
        ISSUE,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"essays":["E2026-0007"],"renderer":"markdown-it-py 4.3.0","time":"2026-11-15T09:00:04Z",'
        '"week":"2026-W48"},'
        '"predicateType":"https://emeritus.example/issue/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"issues/2026-W48/SHA256SUMS"}},'
        f'{{"digest":{{"sha256":"{B}"}},"name":"SHA256SUMS"}}]}}',
    ),
    (
        NOTICE,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"kind":"no-issue","reason":"holiday","time":"2026-11-15T09:00:04Z","week":"2026-W49"},'
        '"predicateType":"https://emeritus.example/notice/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"issues/2026-W49/notice.toml"}}]}}',
    ),
    (
        ASKED,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"candidates":5,"kind":"asked","reason":"sampling","time":"2026-11-15T09:00:04Z"},'
        '"predicateType":"https://emeritus.example/notice/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"sampling.toml"}}]}}',
    ),
    (
        CANDIDATE,
        '{"_type":"https://in-toto.io/Statement/v1",'
        '"predicate":{"kind":"asked","reason":"candidate","time":"2026-11-15T09:00:04Z"},'
        '"predicateType":"https://emeritus.example/notice/v1",'
        f'"subject":[{{"digest":{{"sha256":"{A}"}},"name":"sampling.toml"}},'
        f'{{"digest":{{"sha256":"{B}"}},"name":"E2026-0007/intake.sums"}}]}}',
    ),
]
"""These bytes may never change: every register holds them."""


@pytest.mark.parametrize(("said", "frozen"), FROZEN, ids=lambda x: x.kind if isinstance(x, Statement) else "")
def test_every_kind_of_statement_has_its_frozen_bytes(said: Statement, frozen: str) -> None:
    assert said.encode().decode() == frozen
    assert Statement.decode(frozen.encode()) == said
    assert said.time == TIME


@pytest.mark.parametrize("decision", ["withhold", "hold"])
def test_a_review_that_does_not_publish_names_no_text(decision: Any) -> None:
    values: dict[str, Any] = {"intake_index": 0, "reviewer": KEY, "criteria": [], "time": TIME, "decision": decision}
    silent = statement.review("E2026-0007", A, {}, **values)
    assert Statement.decode(silent.encode()) == silent
    with pytest.raises(Malformed):
        Statement.decode(statement.review("E2026-0007", A, PUBLISHED, **values).encode())


def canonical(value: Any) -> str:
    """RFC 8785 §3.2 for what statements may hold, written for this test alone."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
        return '"' + "".join(short.get(ord(c), c if ord(c) > 31 else f"\\u{ord(c):04x}") for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=10,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), values), st.dictionaries(texts, st.just(A)))
def test_what_is_written_is_rfc_8785(predicate: Mapping[str, Any], subjects: Mapping[str, str]) -> None:
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()],
        "predicateType": "https://emeritus.example/notice/v1",
        "predicate": predicate,
    }
    assert Statement("notice", subjects, predicate).encode().decode() == canonical(value)


def changed(said: Statement, **predicate: Any) -> bytes:
    return Statement(said.kind, said.subjects, {**said.predicate, **predicate}).encode()


def without(said: Statement, key: str) -> bytes:
    return Statement(said.kind, said.subjects, {k: v for k, v in said.predicate.items() if k != key}).encode()


def about(said: Statement, *names: str) -> bytes:
    return Statement(said.kind, dict.fromkeys(names, A), said.predicate).encode()


LEAF = INTAKE.encode()


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="no keys"),
        pytest.param(b"\xff" + LEAF, id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + LEAF, id="a byte order mark"),
        pytest.param(LEAF.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(LEAF + b"\n", id="a final newline"),
        pytest.param(LEAF.replace(b":", b": "), id="spaces"),
        pytest.param(LEAF.replace(b"essay", b"\\u0065ssay"), id="an escape"),
        pytest.param(LEAF.replace(b"https:/", b"https:\\/"), id="an escaped slash"),
        pytest.param(LEAF.replace(b"essay", b"\\ud800"), id="a lone surrogate"),
        pytest.param(LEAF.replace(b'{"kind"', b'{"kind":"model","kind"'), id="a key twice"),
        pytest.param(LEAF.replace(b'"subject":[', b'"subject":[],"subject":['), id="the subjects twice"),
        pytest.param(LEAF[:-2] + LEAF[LEAF.index(b'[{"digest"') :].replace(b"[", b",", 1), id="a subject twice"),
        pytest.param(LEAF.replace(b'{"_type"', b'{"_tip":1,"_type"'), id="an extra key"),
        pytest.param(LEAF.replace(b'{"sha256"', b'{"sha1":"a","sha256"'), id="another digest"),
        pytest.param(LEAF.replace(b'"%s"' % A.encode(), b"5"), id="a digest that is a number"),
        pytest.param(LEAF.replace(b'"%s"' % A.encode(), b"null"), id="no digest"),
        pytest.param(LEAF.replace(A.encode(), A.upper().encode()), id="upper-case hex"),
        pytest.param(LEAF.replace(A.encode(), A[1:].encode()), id="a short digest"),
        pytest.param(LEAF.replace(b'"E2026-0007/intake.sums"', b"[]"), id="a name that is a list"),
        pytest.param(LEAF.replace(b'"E2026-0007/intake.sums"', b"7"), id="a name that is a number"),
        pytest.param(LEAF.replace(b'{"kind":"essay","time":"2026-11-15T09:00:04Z"}', b"[]"), id="a predicate list"),
        pytest.param(LEAF.replace(b"/intake/v1", b"/intake/v2"), id="another version"),
        pytest.param(LEAF.replace(b"/intake/v1", b"/praise/v1"), id="another kind"),
        pytest.param(LEAF.replace(b"emeritus.example", b"essays.example"), id="another prefix"),
        pytest.param(LEAF.replace(b"Statement/v1", b"Statement/v0.1"), id="another in-toto"),
        pytest.param(b'"' + LEAF + b'"', id="a string"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b"9" * 100_000, id="too large a number"),
        pytest.param(changed(INTAKE, time="2026-11-15T09:00:04"), id="a time without Z"),
        pytest.param(changed(INTAKE, time="2026-02-30T09:00:04Z"), id="a day that never comes"),
        pytest.param(changed(INTAKE, time=1763197204), id="a time that is a number"),
        pytest.param(changed(INTAKE, kind="poem"), id="another kind of intake"),
        pytest.param(changed(INTAKE, kind=None), id="null for a kind"),
        pytest.param(changed(INTAKE, title="Letters"), id="free text"),
        pytest.param(changed(INTAKE, x=1.5), id="a float"),
        pytest.param(changed(INTAKE, x=float("nan")), id="not a number"),
        pytest.param(without(INTAKE, "time"), id="no time"),
        pytest.param(without(INTAKE, "kind"), id="no kind"),
        pytest.param(about(INTAKE), id="no subject"),
        pytest.param(about(INTAKE, "E2026-0007/essay.md"), id="an intake of a text"),
        pytest.param(about(INTAKE, "E2026-0007/intake.sums", "E2026-0008/intake.sums"), id="two intakes"),
        pytest.param(about(INTAKE, "E2026-0007/intake.sums\nx"), id="a name of two lines"),
        pytest.param(about(INTAKE, "E2026-٠٠٠٧/intake.sums"), id="other digits"),
        pytest.param(changed(REVIEW, edited=True), id="an edited text"),
        pytest.param(changed(REVIEW, edited=0), id="a zero for false"),
        pytest.param(changed(REVIEW, edited="false"), id="a string for false"),
        pytest.param(without(REVIEW, "edited"), id="no word on editing"),
        pytest.param(changed(REVIEW, decision="approve"), id="another decision"),
        pytest.param(changed(REVIEW, decision="withhold"), id="a text named that is withheld"),
        pytest.param(about(REVIEW, "E2026-0007/intake.sums"), id="a text published and not named"),
        pytest.param(about(REVIEW, *(f"E2026-0007/{n}" for n in ("essay.md", "essay.toml"))), id="no intake named"),
        pytest.param(
            about(REVIEW, "E2026-0007/intake.sums", "E2026-0008/essay.md", "E2026-0008/essay.toml"),
            id="the text of another essay",
        ),
        pytest.param(changed(REVIEW, intake=-1), id="a negative index"),
        pytest.param(changed(REVIEW, intake=2**53), id="an index that JavaScript rounds"),
        pytest.param(changed(REVIEW, intake=12.0), id="an index that is a float"),
        pytest.param(changed(REVIEW, reviewer="Ada Byron"), id="a name"),
        pytest.param(changed(REVIEW, criteria="harm"), id="criteria that are a string"),
        pytest.param(changed(REVIEW, criteria=["Harm!"]), id="a criterion that is no id"),
        pytest.param(changed(ISSUE, week="2026-W47"), id="the list of another week"),
        pytest.param(changed(ISSUE, essays=[]), id="an issue of nothing"),
        pytest.param(changed(ISSUE, renderer="one\ntwo"), id="a renderer of two lines"),
        pytest.param(about(ISSUE, "issues/2026-W48/SHA256SUMS"), id="no list of the whole site"),
        pytest.param(changed(NOTICE, kind="gossip"), id="another kind of notice"),
        pytest.param(changed(NOTICE, reason="because it was cold"), id="a reason in words"),
        pytest.param(changed(NOTICE, week="2026-48"), id="a week in another form"),
        pytest.param(about(NOTICE, "a\x1b[31mb"), id="a name that moves the cursor"),
        pytest.param(changed(ASKED, candidates=0), id="nothing asked for"),
        pytest.param(changed(ASKED, candidates=1000), id="more asked for than anybody reads"),
        pytest.param(changed(ASKED, candidates="5"), id="a number asked for in words"),
        pytest.param(without(ASKED, "candidates"), id="no number asked for"),
        pytest.param(changed(ASKED, week="2026-W48"), id="asked for in a week"),
        pytest.param(about(ASKED, "other.toml"), id="asked for by another file"),
        pytest.param(changed(CANDIDATE, candidates=5), id="a candidate with a number"),
        pytest.param(about(CANDIDATE, "sampling.toml", "2026-0041/intake.sums"), id="a candidate that is no essay"),
        pytest.param(changed(NOTICE, kind="asked"), id="asked without a sampling"),
    ],
)
def test_anything_else_is_malformed(leaf: bytes) -> None:
    with pytest.raises(Malformed):
        Statement.decode(leaf)


@pytest.mark.parametrize("said", [INTAKE, REVIEW, ISSUE, NOTICE], ids=lambda said: said.kind)
def test_a_flipped_bit_makes_another_statement_or_none(said: Statement) -> None:
    leaf = said.encode()
    for at in range(len(leaf)):
        for bit in range(8):
            flipped = bytearray(leaf)
            flipped[at] ^= 1 << bit
            with contextlib.suppress(Malformed):
                assert Statement.decode(bytes(flipped)) != said


@given(st.binary() | st.text().map(str.encode) | values.map(lambda value: json.dumps(value).encode()))
def test_bytes_of_any_kind_are_malformed_and_nothing_else_is_raised(leaf: bytes) -> None:
    with pytest.raises(Malformed):
        Statement.decode(leaf)


def test_a_statement_longer_than_a_bundle_can_hold_is_refused() -> None:
    subjects = {f"essays/{n}/essay.md": A for n in range(1000)}
    with pytest.raises(Malformed, match="may have 65535 bytes"):
        statement.notice("withdrawn", subjects, reason="law", time=TIME).encode()


@given(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31), timezones=st.just(dt.UTC)))
def test_times_print_what_they_parse(time: dt.datetime) -> None:
    assert decode_time(encode_time(time)) == time.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-15",
        "2026-11-15T09:00:04",
        "2026-11-15T09:00:04+00:00",
        "2026-11-15T09:00:04.5Z",
        "2026-1-5T9:0:4Z",
        "20261115T090004Z",
        "2026-11-15 09:00:04Z",
        "2026-11-15T09:00:60Z",
        "2026-11-15T24:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-11-15T09:00:04Z\n",
        None,
        1763197204,
    ],
)
def test_a_time_in_any_other_form_is_malformed(text: object) -> None:
    with pytest.raises(Malformed, match="expected a time such as 2026-11-15T09:00:04Z"):
        decode_time(text)
