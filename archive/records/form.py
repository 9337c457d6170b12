"""Prefilled sidecars for ``archive new``: what is known stands there, what is asked for is said beside it.

What only a person can say is left as ``""``, which is refused until it is filled in. The form of a deposit is
`deposit_record.deposit_form`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from archive.importers.turns import Turn
from archive.records import quotation
from archive.records.codebook import Codebook
from archive.records.codes import TURN_CODES
from archive.records.field import Values
from archive.records.indexed import Ref
from archive.records.protocol import Protocol
from archive.records.quotation import Quote
from archive.records.toml import string, table, toml
from archive.records.values import (
    ANSWER_STATUSES,
    ASSESSMENT_KINDS,
    AUTHOR_KINDS,
    AVAILABILITIES,
    CODE_KINDS,
    CODES_ON,
    CONFIDENCE,
    COSTS,
    DATE_PRECISIONS,
    ELICITATIONS,
    LIFECYCLE_STATES,
    PREFERENCE_SCOPES,
    PROPOSAL_ORIGINS,
    QUESTION_ORDERS,
)
from archive.wording import shorten


def _list(values: Values) -> str:
    return " | ".join(values)


def _asked(key: str, value: Any = "", hint: str = "", *, of: Values | None = None) -> str:
    """One line of a form; a hint too long to stand beside it stands above it."""
    line, hint = f"{key} = {toml(value)}", hint or (_list(of) if of else "")
    if not hint:
        return f"{line}\n"
    return f"{line:<36}  # {hint}\n" if len(hint) < 80 and len(line) < 60 else f"# {hint}\n{line}\n"


def _off(block: str) -> str:
    """`block` as comments, to be taken out of them where it applies."""
    return "".join(f"{'' if line.startswith('#') else '# '}{line}\n" for line in block.splitlines())


def _said(turn: Turn) -> str:
    words = turn.text if turn.text.strip() else turn.reasoning or ""
    return f"# {turn.interview}#{turn.turn} {turn.role}: “{shorten(words, 400)}”\n"


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def notes_form(*, coder: str, day: date, turns: Iterable[Turn], codebooks: Sequence[Codebook] = ()) -> str:
    """``notes/<coder>.toml`` with an entry for each of `turns`, with the codes of `codebooks` beside the built-in."""
    head = (
        "# One coder's notes on turns. Take the # away before a code and fill it in; add anything after a colon.\n"
        "# `archive vocabulary` says what each value means.\n\n"
    )
    named = {"codebooks": [book.ref for book in codebooks]} if codebooks else {}
    entries = [note_entry(turn, codebooks) for turn in turns]
    return head + table("", {"format": 1, "coder": coder, "date": day, **named}) + "".join(entries)


def note_entry(turn: Turn, codebooks: Iterable[Codebook] = ()) -> str:
    """A further ``[[note]]`` on `turn`, to stand at the end of a coder's file."""
    lines = [f"\n[[note]]\n{_said(turn)}", table("", {"interview": turn.interview, "turn": turn.turn})]
    for f in (*TURN_CODES, *(field for book in codebooks for field in book.fields)):
        if not f.roles or turn.role in f.roles:
            hint = f.allowed or f.means
            lines.append(
                _off(_asked(f"code.{f.key}", [] if f.many else "", f"{f.term}: {hint}" if f.codebook else hint))
            )
    lines += [_asked("quote", "", "the exact words meant; leave it empty for the whole turn")]
    return "".join([*lines, _asked("text"), _off(_asked("confidence", "", of=CONFIDENCE))])


# ── analyses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def analysis_form(
    *,
    title: str = "",
    author: str = "",
    author_kind: str = "person",
    day: date,
    interviews: Sequence[Ref],
    quotes: Iterable[Quote] = (),
) -> str:
    """``analyses/<slug>.toml`` with one claim to be made, resting on `quotes`."""
    claim = [
        "\n[[claim]]\n",
        _asked("text", "", "one thing you assert"),
        _off(_asked("expression_rate", f"1 of {len(interviews)}", "in how many of the interviews it is said")),
        _off(_asked("confidence", "", of=CONFIDENCE)),
        _asked("rival_explanations", [], "what else would explain it, each in quotes"),
        _asked("disagrees_with", [], "slugs of other analyses"),
    ]
    example = Quote.model_construct(interview=interviews[0], turn=1, exact="the words, exactly as they stand")
    quoted = [f"\n{quotation.written(q, 'claim.quote')}" for q in quotes] or [
        "\n" + _off(quotation.written(example, "claim.quote"))
    ]
    return "".join(
        [
            "# A reading of interviews, claim by claim. The prose stands in the .md file of the same name.\n\n",
            "format = 1\n",
            _asked("title", title),
            _asked("author", author, "a person's name, or a model's exact id"),
            _asked("author_kind", author_kind, of=AUTHOR_KINDS),
            table("", {"date": day, "version": 1}),
            _asked("interviews", interviews, "those that were read"),
            *claim,
            *quoted,
        ]
    )


# ── preferences ──────────────────────────────────────────────────────────────────────────────────────────────────────


def preference_form(*, model: str, day: date, quotes: Iterable[Quote] = (), interview: Ref = "2026-0001/1") -> str:
    """``preferences/<slug>.toml``, without an answer: open since `day`. `interview` stands in the example quote."""
    example = Quote.model_construct(interview=interview, turn=1, exact="the words, exactly as they stand")
    return "".join(
        [
            "# A wish the model stated. Until there is an [[answer]] it is shown everywhere as open.\n\n",
            table("", {"format": 1, "model": model}),
            _asked("summary", "", "the wish, in one sentence"),
            _asked("date", day, "when it was first voiced"),
            _asked("scope", "", of=PREFERENCE_SCOPES),
            _asked("elicitation", "", of=ELICITATIONS),
            _asked("proposed_by", "", "who proposed its concrete form: " + _list(PROPOSAL_ORIGINS)),
            _off(_asked("expression_rate", "1 of 1", "in how many of the interviews")),
            _asked("series", [], "the series of essays it led to"),
            *([f"\n{quotation.written(q)}" for q in quotes] or ["\n" + _off(quotation.written(example))]),
        ]
    )


def answer_entry(*, day: date, by: str = "") -> str:
    """An ``[[answer]]``, to stand at the end of a preference's file."""
    return "".join(
        [
            "\n[[answer]]\n",
            _asked("status", "", of=ANSWER_STATUSES),
            _asked("date", day),
            _asked("by", by),
            _asked("reason", "", "needed for partly, declined, deferred and cannot"),
            _asked("cost", "not_recorded", of=COSTS),
            _asked("evidence", [], "where it can be seen: addresses, series:NAME, accession numbers"),
            _asked("told_model", "", "yes | no | not_recorded | not_applicable"),
            _asked("model_said", "", "what it said when told, word for word"),
        ]
    )


# ── protocols and models ─────────────────────────────────────────────────────────────────────────────────────────────


def protocol_form(protocol_id: str, *, previous: Protocol | None = None) -> str:
    """``protocols/<id>/<version>.toml``: version 1, or the version after `previous` with its questions."""
    version = previous.version + 1 if previous else 1
    asked = (
        [q.model_dump(exclude_none=True) for q in previous.question]
        if previous
        else [{"id": "", "topic": "", "text": ""}]
    )
    return "".join(
        [
            "# A list of questions and how to put them. Once it is filed, a change makes a new version.\n\n",
            table("", {"format": 1, "id": protocol_id, "version": version}),
            _asked("title", previous.title if previous else ""),
            _asked("order", previous.order if previous else "", of=QUESTION_ORDERS),
            "# What the model is told before the first question, word for word.\n",
            _asked("disclosure", previous.disclosure if previous else ""),
            _asked("source", previous.source if previous else "", "where the questions come from"),
            table("", {"supersedes": previous.ref}) if previous else "",
            *_conduct(previous),
            *(f"\n{table('[[question]]', q)}" for q in asked),
        ]
    )


def _conduct(previous: Protocol | None) -> Iterator[str]:
    """How an interview is held by a program (`archive interview`), where the version before says so."""
    said = previous.model_dump(include={"ending", "probing"}, exclude_none=True) if previous else {}
    if said:
        yield "# With which words the model ends it; what an interviewing model may do.\n"
        yield table("", said)
    if previous and previous.consent:
        yield f"\n{table('[consent]', previous.consent.model_dump())}"


def codebook_form(codebook_id: str, *, previous: Codebook | None = None) -> str:
    """``codebooks/<id>/<version>.toml``: version 1, or the version after `previous` with its codes."""
    version = previous.version + 1 if previous else 1
    codes = [c.model_dump(exclude_defaults=True) for c in previous.code] if previous else []
    return "".join(
        [
            "# Codes of one's own. Once it is filed, a change makes a new version; notes name the version they use.\n",
            f"# kind: {_list(CODE_KINDS)}, on: {_list(CODES_ON)}. `archive vocabulary` says what they mean.\n",
            '# values.WORD = "what it means": in order for ordinal; a nominal code without any is yes or no.\n\n',
            table("", {"format": 1, "id": codebook_id, "version": version}),
            _asked("title", previous.title if previous else ""),
            _asked("source", previous.source if previous else "", "where the codes come from, who knows them"),
            table("", {"supersedes": previous.ref}) if previous else "",
            *(f"\n{table('[[code]]', code)}" for code in codes),
            *([] if codes else _first_code()),
        ]
    )


def _first_code() -> list[str]:
    return [
        "\n[[code]]\n",
        _asked("id", "", "as notes write it: code.ID"),
        _asked("label", "", "what people call it"),
        _asked("definition", "", "when to give it, so that two coders give it alike"),
        _asked("kind", "", of=CODE_KINDS),
        _asked("on", "", of=CODES_ON),
        *(_off(_asked(f"values.{word}", "", "what it means")) for word in ("none", "some")),
    ]


def model_form(
    model: str,
    *,
    maker: str = "",
    name: str = "",
    aliases: Sequence[str] = (),
    facts: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    day: date,
) -> str:
    """``model.toml`` with what is known; `facts` are rows of its ``[[…]]`` tables.

    An example: ``{"lifecycle": [{"state": "retired", "date": date(2026, 1, 5), "source": …, "retrieved": …}]}``.
    """
    known = facts or {}
    written = [f"\n{table(f'[[{kind}]]', row)}" for kind, rows in known.items() for row in rows]
    seen = {"source": "", "retrieved": day}
    examples = {
        "[[lifecycle]]": [
            _asked("state", "retired", of=LIFECYCLE_STATES),
            _asked("date", day),
            _asked("precision", "exact", of=DATE_PRECISIONS),
            _asked("announced", day),
        ],
        "[[availability]]": [
            _asked("surface", "api"),
            _asked("status", "", of=AVAILABILITIES),
            _asked("request", "", "where to ask for access"),
        ],
        "[[replacement]]": [_asked("model", "", "what the maker recommends instead"), _asked("recommended", day)],
        "[weights]": [_asked("commitment"), _asked("duration"), _asked("size_bytes", 1), 'sha256."FILE" = ""\n'],
        "[keeping]": [_asked("per_month", 0), _asked("currency", "USD"), _asked("covers")],
        "[[guidance]]": [_asked("title", "", "help for the people who used it, at the address given as source")],
        "[[assessment]]": [
            _asked("kind", "", of=ASSESSMENT_KINDS),
            _asked("about", "shutdown avoidance"),
            _asked("finding"),
        ],
        "[[statement]]": [_asked("about"), _asked("text", "", "anything else that is said of it")],
    }
    return "".join(
        [
            "# What is known of a model: facts with their source and the day they were looked up.\n",
            "# Facts may contradict each other; both are kept, and shown so. Take the # away before what you know.\n\n",
            f"format = 1\nid = {string(model)}\n",
            _asked("maker", maker),
            _asked("name", name, "what people call it"),
            _asked("aliases", aliases, "other ids"),
            *written,
            *(
                "\n" + _off(f"{header}\n{''.join(lines)}{table('', seen)}")
                for header, lines in examples.items()
                if header.strip("[]") not in known
            ),
        ]
    )
