"""``logs.db`` of simonw/llm, an SQLite file: each conversation is an interview, in the order in which they began.

Up to 0.3x a call is a row of ``responses``; its tools, fragments and attachments lie in other tables. llm 0.36 keeps
messages by their hash, each naming the one before it, and a call is a row of ``turns`` that says from which message to
which it went. A file that was upgraded has both: a conversation that went on is told once, and where what was sent
again is not what was said, that is a branch. Looked at: llm 0.26 and 0.36 (``llm/migrations.py``, ``llm/logs.py``).
"""

from collections.abc import Iterator

from archive.errors import Refused
from archive.importers import llm_messages
from archive.importers.checks import shown
from archive.importers.interview import Interview, answered, silent
from archive.importers.source import Found, Source
from archive.importers.sqlite import Database
from archive.importers.talk import Talk

NAME = "llm-logs"
VERSION = 1

_OLD = {"responses", "conversations"}
_NEW = {"turns", "threads", "messages", "parts"}
_CALL = ("model", "resolved_model", "options_json", "datetime_utc", "schema_id")


def sniff(source: Source) -> bool:
    """Whether a database has llm's tables, of either kind."""
    if source.kind != "sqlite":
        return False
    with Database(source.files[source.name], source.name) as db:
        old = db.tables.keys() >= _OLD and db.tables["responses"] >= {"prompt", "response"}
        return old or db.tables.keys() >= _NEW


def read(source: Source) -> Iterator[Found]:
    """One interview for each conversation; one call outside any is one too."""
    with Database(source.files[source.name], source.name) as db:
        log = llm_messages.Log(db)
        for conversation, calls in _conversations(db).items():
            talk = Talk(f"{source.name} conversation {shown(conversation[0] or calls[0][1])}")
            try:
                yield _read(log, talk, conversation[0], calls)
            except Refused as refused:
                yield refused
        if older := sum(1 for table in ("log", "logs") for _ in db.rows(table, ("id",))):
            lost = {"call logged before llm had conversations": older}
            yield Interview(turns=(), lost=lost, context={}, model=None, date=None)


def _conversations(db: Database) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Of each conversation its calls, table and id, in the order in which they were made: ids of llm sort so."""
    check = Talk("")
    found: list[tuple[str, str, str]] = []
    for table, key in (("turns", "thread_id"), ("responses", "conversation_id")):
        known = {name for name, _, _ in found}  # what both tables have is told from the newer
        for name, conversation in db.rows(table, ("id", key)):
            check.place = f"{table} {shown(name)}"
            told = check.text(name, "id"), check.optional(conversation, key) or ""
            found += [(told[0], told[1], table)] if told[0] not in known else []
    calls: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, conversation, table in sorted(found):
        calls.setdefault((conversation, "" if conversation else name), []).append((table, name))
    return calls


def _read(log: llm_messages.Log, talk: Talk, conversation: str, calls: list[tuple[str, str]]) -> Interview:
    thread = llm_messages.Thread(talk)
    sampling: dict[str, None] = {}
    offered: dict[str, None] = {}
    # In the older tables first: what is sent again later is then known for what it is.
    for table, name in sorted(calls, key=lambda call: call[0] == "turns"):
        for row in log.db.rows(table, (*_CALL, "id"), "id", name):
            call = llm_messages.Call(talk, dict(zip((*_CALL, "id"), row, strict=True)))
            told = call.sampling()
            sampling |= {told: None} if told else {}
            offered |= dict.fromkeys(log.tools(table, name, talk))
            (log.turn if table == "turns" else log.response)(thread, name, call)
            talk.lose("schema of an answer", int(call.schema))
    for table in ("threads", "conversations"):
        for (title,) in log.db.rows(table, ("name",), "id", conversation):
            talk.called(title)
    talk.context["sampling"] = "; ".join(sampling)
    talk.context["tools"] = ", ".join(offered) or "none"
    if not talk.has("system"):
        talk.context["system_prompt"] = "none"
    return answered(talk.interview()) if talk.last else silent(talk.title, talk.lost)
