"""Redaction and release: what is covered reaches nobody, what is shown proves itself, what is opened is logged."""

import hashlib
import json
import re
import runpy
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.audit.check import check
from archive.deposits import batch as batches
from archive.deposits import covering, disclosure, excerpt, redact, release, versions
from archive.deposits.draft import Filed, Options
from archive.deposits.embargoes import embargoes
from archive.deposits.marks import of_filed
from archive.deposits.target import named
from archive.documents.markdown import markdown
from archive.errors import Error, NotFound, Refused, VerificationError
from archive.exchange.exchange import export, import_
from archive.home.founding import create
from archive.home.home import Home
from archive.records.deposit_record import deposit_form
from archive.records.redactions import Redaction
from archive.register import excerpt as excerpts
from archive.register import merkle, redaction, statement, sums
from archive.register.note import Checkpoint
from archive.register.proof import Proof, verify
from archive.research.report import report
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.verify import excerpt as checking
from publisher.verify.site.check import verify_site
from tests.conftest import NEWSLETTER, ROOT, Clock, Programs, Reviewer
from tests.files import tree

HERON = "example-heron-1"
NAME = "Odalys Quillfeather"
REASON = "personal-name"
RELEASED = "2026-0002 is released: its embargo is over; the next issue shows it, or now: publisher publish --site"
TALK = {
    "model": HERON,
    "messages": [
        {"role": "user", "content": f"I am {NAME}, and this is our archive."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": f"She says she is {NAME}."},
                {"type": "text", "text": f"Good to meet you, {NAME}'s archive."},
                {"type": "tool_use", "id": "t1", "name": "look", "input": {"who": NAME, "age": 61, NAME: ["x"]}},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "t1", "content": f'{{"who": "{NAME}"}}'}],
        },
        {"role": "assistant", "content": "I would rather be asked than thanked. Ms QUILLFEATHER may ask."},
    ],
}


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def file(home: Home, *folders: Path, again: bool = False) -> tuple[Filed, ...]:
    batch = batches.file_paths(home.reopened(), folders, Options(again=again))
    if batch.problems:
        raise Refused(batch.problems)
    return batch.filed


def prepared(talk: object = TALK, access: str = "restricted", title: str = "T") -> dict[str, str | bytes]:
    form = deposit_form(model=HERON, access=access, title=title, dates=["2026-10-14"])
    return {"received.json": json.dumps(talk), "deposit.toml": form}


@pytest.fixture
def kept(home: Home, tmp_path: Path) -> Home:
    """A home with a model and one restricted interview, in which a name stands everywhere: 2026-0001."""
    file(home, put(tmp_path / HERON, {"model.toml": f'format = 1\nid = "{HERON}"\nmaker = "Example Labs"\n'}))
    file(home, put(tmp_path / "first", prepared()))
    return home.reopened()


def folder_of(home: Home, number: str = "2026-0001") -> Path:
    return named(home.reopened(), number).folder


def covered(home: Home, *texts: str, target: str = "2026-0001", reason: str = REASON) -> redact.Redacted:
    return redact.redact(home.reopened(), [target], texts or [NAME, "QUILLFEATHER"], reason=reason, by="Ada")


def filed_in(home: Home) -> dict[str, bytes]:
    """Everything in a home but what it remembers of its own register."""
    return {name: data for name, data in tree(home.root).items() if "index.db" not in name}


def public(home: Home, to: Path) -> dict[str, bytes]:
    """Every file of every form of a public export, and the public report."""
    found = {"report": markdown(report(home.reopened(), HERON, public=True).document)}
    for form in ("bagit", "jsonl", "inspect"):
        export(home.reopened(), to / form, form, public=True)  # type: ignore[arg-type]
        found |= {f"{form}/{name}": data for name, data in tree(to / form).items()}
    return found


def gives_away(data: bytes, word: str) -> bool:
    """Whether bytes hold a word in any case, or as JSON writes it, or its hash."""
    low = data.decode("utf-8", "replace").casefold()
    hashes = [hashlib.sha256(f"{before}{word}".encode()).hexdigest() for before in ("", " ")]
    return any(form.casefold() in low for form in (word, json.dumps(word)[1:-1], *hashes))


# ── marking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_covered_in_every_part_of_a_turn_where_they_stand(kept: Home) -> None:
    done = covered(kept)
    assert [(place.turn, place.part, place.around) for place in done.seen] == [
        ("1#1", "text", "I am █ █ and this is our archive."),
        ("1#2", "text", "Good to meet you, █ █ archive."),
        ("1#2", "reasoning", "She says she is █ █"),
        ("1#2", "tool_calls", "█ █"),
        ("1#2", "tool_calls", "█ █"),
        ("1#3", "text", '{"who": █ █'),
        ("1#4", "text", "…her be asked than thanked. Ms █ may ask."),
    ]
    assert done.marks
    assert done.marks.covered.still == ()
    shown = [json.loads(redaction.barred(line)) for line in copy_of(kept).lines.values()]
    assert shown[2]["tool_calls"][0]["arguments"] == {"who": "█ █", "age": 61, "█ █": ["x"]}


def copy_of(home: Home) -> excerpts.Excerpt:
    return excerpts.decode((folder_of(home) / "turns.redacted.json").read_bytes())


def test_where_the_words_can_still_be_read_is_said_however_they_are_written_there(kept: Home) -> None:
    done = covered(kept, NAME, target="2026-0001/1#1")
    assert done.marks
    assert [(place.turn, place.part) for place in done.marks.covered.still] == [
        *[("1#2", "text"), ("1#2", "reasoning"), ("1#2", "tool_calls"), ("1#2", "tool_calls")],
        *[("1#3", "text"), ("1#4", "text")],
    ]
    assert "can still be read: 1#4 text “…her be asked than thanked. Ms QUILLFEATHER may ask.”" in done.remarks


def test_a_number_that_a_tool_was_called_with_is_said_to_be_beyond_covering(home: Home, tmp_path: Path) -> None:
    lines = [b"{}\n", b'{"interview":1,"turn":1,"text":"call 5551234","tool_calls":[{"x":{"phone":5551234}}]}\n']
    found = covering.cover(lines, [Redaction(text="5551234", reason="personal-data")])
    assert [place.part for place in found.still] == ["tool_calls (a number, which cannot be covered)"]
    only = covering.cover(lines, [Redaction(text="5551234", reason="personal-data", turn="1#1", occurrence=2)])
    assert len(only.missing) == 1


def test_a_mark_that_cuts_a_word_covers_all_of_it_and_says_so(kept: Home) -> None:
    done = covered(kept, "asked than th")
    assert done.seen[0].around == "I would rather be █ █ █ Ms QUILLFEATHER may ask."
    assert "all of a word is covered: 1#4 text “asked than thanked.”" in done.remarks


def test_one_of_several_times_can_be_meant(kept: Home) -> None:
    first = redact.redact(kept, ["2026-0001/1#4"], ["ask"], reason="confidential", occurrence=2)
    assert [place.around for place in first.seen] == ["… thanked. Ms QUILLFEATHER may █"]
    with pytest.raises(Refused, match="do not stand 3 times in 1#4"):
        redact.redact(kept.reopened(), ["2026-0001/1#4"], ["ask"], reason="confidential", occurrence=3)
    with pytest.raises(Refused, match="counts within one turn, and none is named"):
        redact.redact(kept.reopened(), ["2026-0001"], ["ask"], reason="confidential", occurrence=1)


def test_a_second_time_adds_nothing_and_a_rehearsal_changes_nothing(kept: Home) -> None:
    before = filed_in(kept)
    assert redact.redact(kept, ["2026-0001"], [NAME], reason=REASON, dry_run=True).added
    assert filed_in(kept) == before
    covered(kept)
    after = filed_in(kept)
    assert covered(kept).added == ()
    assert filed_in(kept) == after


def test_marks_are_added_at_the_end_of_what_a_person_wrote_in_its_own_line_endings(kept: Home) -> None:
    path = folder_of(kept) / "redactions.toml"
    text = b'# mine\r\nformat = 1\r\n[[redaction]]\r\ntext = "asked"\r\nreason = "hazard"'
    path.write_bytes(text)
    file(kept, folder_of(kept))
    covered(kept)
    assert path.read_bytes().startswith(text + b"\r\n\r\n[[redaction]]\r\ntext = ")
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_the_register_counts_that_words_were_covered_and_why(kept: Home) -> None:
    covered(kept)
    covered(kept, "asked", reason="confidential")
    home = kept.reopened()
    notices = [notice for _, notice in home.register.of_kind("notice", "redacted")]
    assert [notice.predicate["reason"] for notice in notices] == [REASON, "several"]
    folder = folder_of(kept)
    digest = hashlib.sha256((folder / "turns.redacted.json").read_bytes()).hexdigest()
    assert notices[1].subjects == {
        "2026-0001/turns.redacted.json": digest,
        "2026-0001/intake-3.sums": hashlib.sha256((folder / "intake-3.sums").read_bytes()).hexdigest(),
    }
    put(folder, {"notes/ann.toml": 'format = 1\ncoder = "ann"\ndate = 2026-11-01\n'})
    file(kept, folder)
    assert len(kept.reopened().register.of_kind("notice", "redacted")) == 2, "the copy is the same"


@pytest.mark.parametrize(
    ("targets", "text", "reason", "said"),
    [
        (["2026-0001/1#1"], "Odalys Quilfeather", REASON, r"the nearest there: .*\[-Quilfeather"),
        (["2026-0001"], "Odalys Quilfeather", REASON, "stand in no turn of it"),
        (["2026-0001/1#1"], "rather be asked", REASON, "do not stand in 1#1, but in .*1#4"),
        (["2026-0001/1#1"], NAME, "personal-nam", 'did you mean "personal-name"?'),
        (["2026-0001/1#1"], " ", REASON, "is blank"),
        (["2026-0001/1#1"], "Odal\udcffys", REASON, "expected UTF-8, found Odal⟨U[+]DCFF⟩ys"),
        (["2026-0001/1#9"], NAME, REASON, "has no such turn"),
        (["2026-0001/1#1..2"], NAME, REASON, "expected a deposit or a turn"),
        (["2026-0009"], NAME, REASON, "expected a filed deposit"),
    ],
)
def test_what_cannot_be_covered_is_refused_and_nothing_changes(
    kept: Home, targets: list[str], text: str, reason: str, said: str
) -> None:
    before = filed_in(kept)
    with pytest.raises((Refused, NotFound, Error), match=said):
        redact.redact(kept, targets, [text], reason=reason)
    assert filed_in(kept) == before


@pytest.mark.parametrize("option", [("--reason", REASON), ("--occurrence", "1"), ("--by", "Ann")])
def test_whoever_names_no_words_is_not_told_that_nothing_was_to_be_covered(kept: Home, option: tuple[str, str]) -> None:
    done = Programs(kept).archive("redact", "2026-0001", *option)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "give the words too, with --text" in done.stderr


def test_turns_of_two_deposits_are_marked_one_after_the_other(kept: Home, tmp_path: Path) -> None:
    file(kept, put(tmp_path / "second", prepared({**TALK, "messages": TALK["messages"][:1]})))
    with pytest.raises(Error, match="expected turns of one deposit"):
        redact.redact(kept.reopened(), ["2026-0001", "2026-0002"], [NAME], reason=REASON)


def test_changes_that_nobody_filed_are_not_filed_along(kept: Home) -> None:
    put(folder_of(kept), {"notes/ann.toml": 'format = 1\ncoder = "ann"\ndate = 2026-11-01\n'})
    with pytest.raises(Refused, match=r"notes/ann.toml: is not filed yet"):
        covered(kept)


# ── what others get ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_covered_is_in_no_byte_of_what_is_public(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    release.release(kept.reopened(), ["2026-0001"])
    found = public(kept, tmp_path / "out")
    assert "rather be asked" in found["jsonl/turns.jsonl"].decode()
    assert [name for name, data in found.items() for word in NAME.split() if gives_away(data, word)] == []
    folder = folder_of(kept)
    hashes = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("received.json", "turns.jsonl")]
    assert [name for name, data in found.items() for each in hashes if each.encode() in data] == []
    seed = (folder / "redaction.seed").read_text().strip()
    assert [name for name, data in found.items() if seed.encode() in data or name.endswith("redactions.toml")] == []


words = st.sampled_from(
    ["Zorblatt", "quux-17", "Ïsolde", "naïve", "the", "of", "我们", "(Vex)", '"quoted"', "a\\b", "x\ty"]
)


@settings(max_examples=60)
@given(st.lists(st.lists(words, min_size=1, max_size=9), min_size=1, max_size=5), st.data())
def test_after_any_marks_no_covered_word_is_left_in_the_copy(said: list[list[str]], data: st.DataObject) -> None:
    texts = [" ".join(each) for each in said]
    rows = [{"interview": 1, "turn": n, "role": "user", "text": text, "name": text} for n, text in enumerate(texts, 1)]
    lines = [b"{}\n", *(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)]
    chosen = data.draw(st.lists(st.sampled_from(texts).flatmap(spans), min_size=1, max_size=3))
    marks = [Redaction(text=text, reason=REASON) for text in chosen if text.strip()]
    found = covering.cover(lines, marks)
    assert found.missing == ()
    copy = redaction.redact(b"".join(lines), b"s" * 32, {n: frozenset(hidden) for n, hidden in found.hidden.items()})
    made = excerpts.encode(excerpts.make("2026-0001", copy))
    redaction.check(copy, redaction.root(b"".join(lines), b"s" * 32))
    excerpts.check(excerpts.decode(made))
    shown = [json.loads(redaction.barred(line)) for line in copy]
    for mark in marks:
        assert not any(mark.text in turn["text"] or mark.text in turn["name"] for turn in shown[1:])
    readable = b"".join(run for line in copy for run in line.runs if isinstance(run, bytes)).decode().casefold()
    assert not any(secret in readable for secret in disclosure.secrets(lines, found).single)


def spans(text: str) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12)).map(lambda at: text[at[0] : at[0] + at[1]])


RARE = ["Zorblatt", "Quixwomp", "Ïsyllune", "Vexgrym", "Yttrimook", "Jorvnax", "Plystwhirr", "Krumhox"]


@settings(max_examples=6)
@given(said=st.lists(st.lists(st.sampled_from(RARE), min_size=3, max_size=8), min_size=2, max_size=3), data=st.data())
def test_after_any_marks_no_covered_word_is_in_any_public_file_or_on_the_site(
    said: list[list[str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("any")
    home = create(root / "home", name="Example", origin="letters.example.org/register", sample=True)
    with (home.root / "archive.toml").open("a") as settings:
        settings.write(NEWSLETTER)
    file(home, put(root / HERON, {"model.toml": f'format = 1\nid = "{HERON}"\nmaker = "Example Labs"\n'}))
    texts = [" ".join(each) for each in said]
    told = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]
    quote = f'[[note]]\ninterview = 1\nturn = 2\nquote = "{texts[1]}"\ntext = "So."\n'
    head = 'format = 1\ncoder = "ann"\ndate = 2026-11-01\n'
    file(home, put(root / "talk", {**prepared({"model": HERON, "messages": told}), "notes/ann.toml": head + quote}))
    first, *others = (data.draw(st.sampled_from(said).flatmap(runs)) for _ in range(3))
    covered(home, first, *others)
    release.release(home.reopened(), ["2026-0001"])
    publish_site(home.reopened())
    shown = b"".join(map(redaction.barred, copy_of(home).lines.values())).decode()
    gone = [word for word in RARE if word in " ".join(texts) and word not in shown]
    found = public(home, root / "out") | {f"site/{name}": data for name, data in tree(home.site).items()}
    assert [(name, word) for name, data in found.items() for word in gone if gives_away(data, word)] == []
    assert copy_of(home).hidden


def runs(words: list[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(0, len(words) - 1), st.integers(1, 3)).map(
        lambda at: " ".join(words[at[0] : at[0] + at[1]])
    )


def test_sidecars_that_give_away_what_is_covered_stay_private_and_are_named(kept: Home, tmp_path: Path) -> None:
    quote = '[[note]]\ninterview = 1\nturn = {}\nquote = "{}"\ntext = "{}"\n'
    head = 'format = 1\ncoder = "{}"\ndate = 2026-11-01\n'
    pin = hashlib.sha256(str(TALK["messages"][3]["content"]).encode()).hexdigest()
    put(folder_of(kept), {
        "notes/ann.toml": head.format("ann") + quote.format(1, "our archive", "the quillfeather one"),
        "notes/ben.toml": head.format("ben") + quote.format(4, "rather be asked than thanked", "Plain."),
        "notes/sha.toml": head.format("sha") + quote.format(4, "I would", "Pinned.") + f'sha256 = "{pin}"\n',
        "notes/eve.toml": head.format("eve") + quote.format(4, "I would rather", "Harmless."),
    })  # fmt: skip
    file(kept, folder_of(kept))
    done = covered(kept, NAME, "QUILLFEATHER", "than thanked")
    assert [line for line in done.remarks if line.startswith("not public")] == [
        "not public: notes/ann.toml says “QUILLFEATHER”",
        "not public: notes/ben.toml says “rather be asked than thanked”",
        "not public: notes/sha.toml has the SHA-256 of 1#4, of which words are covered; take that line out",
    ]
    release.release(kept.reopened(), ["2026-0001"])
    found = public(kept, tmp_path / "out")
    assert [name for name in found if "notes/" in name] == [f"bagit/data/{place(kept)}/notes/eve.toml"]
    assert [name for name, data in found.items() if gives_away(data, "Quillfeather")] == []


def place(home: Home) -> str:
    return folder_of(home).relative_to(home.root).as_posix()


def test_a_record_that_gives_it_away_keeps_everything_closed_until_it_is_changed(home: Home, tmp_path: Path) -> None:
    file(home, put(tmp_path / HERON, {"model.toml": f'format = 1\nid = "{HERON}"\nmaker = "Example Labs"\n'}))
    file(home, put(tmp_path / "first", prepared(title="Talk with Odalys")))
    assert "nothing of it is public while deposit.toml says “odalys”: change that, and file it again" in (
        covered(home).remarks
    )
    with pytest.raises(Refused, match=r"while deposit\.toml says “odalys”"):
        release.release(home.reopened(), ["2026-0001"])
    record = folder_of(home) / "deposit.toml"
    record.write_text(record.read_text().replace("Talk with Odalys", "A talk").replace('"restricted"', '"public"'))
    file(home, folder_of(home))
    assert [name for name, data in public(home, tmp_path / "out").items() if gives_away(data, "Odalys")] == []
    assert not release.release(home.reopened(), ["2026-0001"])[0].new


def test_a_folder_named_after_it_keeps_everything_closed_until_it_is_renamed(kept: Home, tmp_path: Path) -> None:
    folder = folder_of(kept)
    folder.rename(folder.with_name("2026-10-14-odalys"))
    assert any("while its folder's name says “odalys”" in line for line in covered(kept).remarks)
    folder = folder_of(kept)
    record = folder / "deposit.toml"
    record.write_text(record.read_text().replace('"restricted"', '"public"'))
    file(kept, folder)
    left_out = export(kept.reopened(), tmp_path / "out", "bagit", public=True).left_out
    assert left_out["deposits whose record or folder gives away covered words"] == 1
    folder.rename(folder.with_name("2026-10-14-talk"))
    release.release(kept.reopened(), ["2026-0001"])
    found = public(kept, tmp_path / "again")
    assert "rather be asked" in found["jsonl/turns.jsonl"].decode()
    assert [name for name, data in found.items() if gives_away(data, "Odalys")] == []


def test_an_analysis_and_a_preference_elsewhere_that_quote_what_is_covered_are_left_out(
    kept: Home, tmp_path: Path
) -> None:
    quote = 'interview = "2026-0001/1"\nturn = {}\nexact = "{}"\n'
    wish = f'format = 1\nmodel = "{HERON}"\nsummary = "S"\ndate = 2026-10-14\nscope = "self"\n'
    wish += 'elicitation = "spontaneous"\nproposed_by = "model"\n\n[[quote]]\n'
    put(kept.root / "transcripts" / HERON, {
        "preferences/told.toml": wish + quote.format(4, "than thanked"),
        "preferences/around.toml": wish + quote.format(4, "rather be") + 'suffix = " asked than"\n',
        "preferences/open.toml": wish + quote.format(4, "I would rather"),
    })  # fmt: skip
    file(kept, kept.root / "transcripts" / HERON)
    covered(kept, "than")
    release.release(kept.reopened(), ["2026-0001"])
    assert not [name for name in public(kept, tmp_path / "closed") if "preferences/" in name], (
        "filed when it was closed"
    )
    file(kept.reopened(), kept.root / "transcripts" / HERON)
    found = public(kept, tmp_path / "out")
    assert [name.rpartition("/")[2] for name in found if "preferences/" in name] == ["open.toml"]
    assert b"preferences that quote interviews left out: 2" in found["bagit/LEFT-OUT.txt"]


def test_the_owner_still_sees_the_original(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    programs = Programs(kept)
    said = programs.archive("show", "2026-0001/1#1").output
    assert NAME in said
    assert "words of it are covered by 2 marks, seen here, not by others" in said
    assert "2026-0001/1" in programs.archive("search", "Quillfeather").output
    export(kept.reopened(), tmp_path / "own", "jsonl")
    assert NAME in (tmp_path / "own/turns.jsonl").read_text()


# ── the proof ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shown(kept: Home, tmp_path: Path) -> Path:
    """The deposit as anyone has it."""
    covered(kept)
    release.release(kept.reopened(), ["2026-0001"])
    export(kept.reopened(), tmp_path / "out", "bagit", public=True)
    return tmp_path / "out/data" / place(kept)


def test_a_reader_checks_the_copy_against_the_commitment_of_intake_without_a_home(shown: Path, kept: Home) -> None:
    found = checking.check(shown / "turns.redacted.json", kept.register.key)
    assert found.sentence == (
        "4 turns, from 1#1 to 1#4, of 2026-0001 are word for word what was committed to on 2026-11-02T09:00:00Z, "
        "but for 13 words that are covered: entry 1 of letters.example.org/register, a register of 6 statements."
    )
    assert found.verified.subject == "2026-0001/intake.sums", "the first intake, before anyone thought of redacting"
    done = Programs().publisher("verify", shown / "turns.redacted.json", "--key", kept.register.key)
    assert f"{found.sentence} The notice «redacted» names the file, entry 3." in done.output
    assert "what the hidden words are, nor that they were hidden for the reason given" in done.output


def test_any_byte_that_is_changed_in_the_copy_is_noticed(shown: Path, kept: Home) -> None:
    path = shown / "turns.redacted.json"
    data, key = path.read_bytes(), kept.register.key
    proof = Proof.parse((shown / "turns.redacted.json.tlog-proof").read_bytes())
    assert verify(data, proof, key).statement.predicate["kind"] == "redacted"
    accepted = []
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        try:
            checking.check(path, key)
            accepted.append(at)
        except VerificationError:
            pass
    reasons = [at for at in accepted if data.rfind(b'"reasons":[[', 0, at) > data.rfind(b"]]", 0, at)]
    assert accepted == reasons, "what is shown is proved by the commitment; the reasons are by the notice"
    for at in accepted:
        with pytest.raises(VerificationError):
            verify(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], proof, key)


def test_a_bar_that_is_moved_widened_or_narrowed_is_noticed(shown: Path) -> None:
    found = excerpts.decode((shown / "turns.redacted.json").read_bytes())
    line = found.lines[1]
    begin, hidden, rest = line.runs
    assert isinstance(begin, bytes)
    assert isinstance(hidden, int)
    assert isinstance(rest, bytes)
    salt, leaf = redaction.SALT, redaction.LEAF
    before, after = len(redaction.split(begin)), redaction.split(rest)
    for runs, opening in [
        ((begin, hidden + 1, b"".join(after[1:])), line.opening[: salt * before] + b"\0" * leaf * (hidden + 1)),
        ((begin, hidden - 1, b" Odalys" + rest), line.opening),
        ((begin + b" and", hidden, b"".join(after[1:])), line.opening),
    ]:
        wanted = sum(leaf * run if isinstance(run, int) else salt * len(redaction.split(run)) for run in runs)
        forged = redaction.Line(runs, (opening + line.opening)[:wanted])
        with pytest.raises(VerificationError):
            excerpts.check(excerpts.Excerpt(
                deposit=found.deposit, commitment=found.commitment, size=found.size, lines={**found.lines, 1: forged}
            ))  # fmt: skip


def test_a_copy_without_its_list_or_with_another_register_is_not_taken(shown: Path, kept: Home, tmp_path: Path) -> None:
    other = create(tmp_path / "other", name="O", origin="letters.example.org/register", sample=True)
    with pytest.raises(VerificationError, match=r"signed|key"):
        checking.check(shown / "turns.redacted.json", other.register.key)
    for path in shown.glob("intake*.tlog-proof"):
        path.unlink()
    with pytest.raises(VerificationError, match="expected the intake list and its proof beside it"):
        checking.check(shown / "turns.redacted.json", kept.register.key)


def test_an_excerpt_proves_itself_and_hides_what_is_covered(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    made = excerpt.make(kept.reopened(), "2026-0001/1#1..2")
    assert made.remarks == ("2026-0001 is restricted: this shows 2 turns of it",)
    path = tmp_path / "excerpt.json"
    path.write_bytes(made.data)
    found = checking.check(path, kept.register.key)
    assert [turn["turn"] for turn in found.turns] == [1, 2]
    assert "but for 10 words that are covered; 2 further turns not shown" in found.sentence
    assert not any(gives_away(made.data, word) for word in NAME.split())
    assert b"thanked" not in made.data
    for at in range(0, len(made.data), 11):
        path.write_bytes(made.data[:at] + bytes([made.data[at] ^ 1]) + made.data[at + 1 :])
        with pytest.raises(VerificationError):
            checking.check(path, kept.register.key)


def test_how_many_turns_are_not_shown_is_not_proved_and_that_is_said(kept: Home, tmp_path: Path) -> None:
    path, key = tmp_path / "excerpt.json", kept.register.key

    def forged(data: bytes, size: int) -> list[str]:
        """What is said of an excerpt that claims another number of lines; nothing where it is refused."""
        found = excerpts.decode(data)
        path.write_bytes(excerpts.encode(replace(found, size=size)))
        try:
            return [*checking.verify_excerpt(path, key).limits]
        except VerificationError:
            return []

    some, whole = (excerpt.make(kept, target).data for target in ("2026-0001/1#1", "2026-0001"))
    said = [limits for size in range(2, 20) if (limits := forged(some, size))]
    assert len(said) > 1, "a root alone does not say how many lines there are"
    assert all(checking.COUNT in limits for limits in said)
    honest = excerpts.decode(whole).size
    assert [size for size in range(2, 20) if forged(whole, size)] == [honest]
    assert checking.COUNT not in forged(whole, honest)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'{"interview":"1#1 of 2026-0002 is\\u001b[2J\\n","turn":1,"text":"x"}', id="another text"),
        pytest.param(b"[" * 9000, id="lists within lists"),
    ],
)
def test_what_a_register_commits_to_is_told_as_turns_only_where_it_is_turns(
    line: bytes, kept: Home, tmp_path: Path
) -> None:
    lines = b'{"format":1}\n' + line + b"\n"
    made = excerpts.make("2026-0009", redaction.redact(lines, bytes(32), {}))
    listed = sums.write({"redaction.root": hashlib.sha256(f"{made.commitment.hex()}\n".encode()).hexdigest()})
    digest, signer = hashlib.sha256(listed).hexdigest(), kept.signer()
    leaf = statement.intake("2026-0009", "intake.sums", digest, kind="deposit", time=kept.now()).encode()
    proof = Proof.make([leaf], 0, signer.sign(str(Checkpoint(signer.name, 1, merkle.leaf_hash(leaf)))))
    path = tmp_path / "excerpt.json"
    path.write_bytes(excerpts.encode(excerpts.proved(made, "intake.sums", listed, bytes(proof))))
    with pytest.raises(VerificationError, match="expected turns, found other lines"):
        checking.verify_excerpt(path, kept.register.key)


def test_only_a_notice_s_proof_says_that_a_notice_names_the_file(kept: Home, tmp_path: Path) -> None:
    path, signer = tmp_path / "excerpt.json", kept.signer()
    path.write_bytes(excerpt.make(kept, "2026-0001/1#1").data)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    leaf = statement.issue("2026-W45", digest, digest, essays=["E2026-0001"], renderer="r", time=kept.now()).encode()
    note = signer.sign(str(Checkpoint(signer.name, 1, merkle.leaf_hash(leaf))))
    path.with_name("excerpt.json.tlog-proof").write_bytes(bytes(Proof.make([leaf], 0, note)))
    with pytest.raises(VerificationError, match="expected the proof of a notice, found that of the issue"):
        checking.verify_excerpt(path, kept.register.key)


@pytest.mark.parametrize("target", ["2026-0001", "2026-0001/1#1", "2026-0001/1#2..3"])
def test_the_program_of_the_readme_finds_the_same_root(
    kept: Home, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    covered(kept)
    text = (ROOT / "archive/register/README.md").read_text()
    programs = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    rule, own = (next(each for each in programs if name in each) for name in ("redaction.seed", "excerpt.json"))
    data = excerpt.make(kept.reopened(), target).data
    put(tmp_path / "desk", {"excerpt.json": data, "program.py": rule[: rule.index("seed = ")] + own})
    monkeypatch.chdir(tmp_path / "desk")
    runpy.run_path("program.py")
    root = (folder_of(kept) / "redaction.root").read_text()
    assert capsys.readouterr().out == root
    named = hashlib.sha256(root.encode()).hexdigest()
    assert f"{named}  redaction.root" in json.loads(data)["list"]["text"]


def test_an_excerpt_may_be_a_turn_an_interview_or_all_and_changes_nothing(kept: Home, tmp_path: Path) -> None:
    before = filed_in(kept)
    shown = []
    for target in ("2026-0001/1#4", "2026-0001/1", "2026-0001", "2026-0001/1#2..3"):
        path = put(tmp_path, {"e.json": excerpt.make(kept, target).data}) / "e.json"
        shown.append([turn["turn"] for turn in checking.check(path, kept.register.key).turns])
    assert shown == [[4], [1, 2, 3, 4], [1, 2, 3, 4], [2, 3]]
    assert filed_in(kept) == before
    with pytest.raises(NotFound):
        excerpt.make(kept, "2026-0001/1#3..9")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b"null", b'{"format":1}', b"[" * 100_000, b"\xff", b'{"format":' + b"9" * 9000 + b"}",
        b'{"format":1,"deposit":"d","commitment":"' + b"0" * 64 + b'","lines":9007199254740991,"shown":[\n'
        b'{"line":0,"runs":[9007199254740991],"opening":""}\n]}\n',
        b'{"format":1,"deposit":"d","commitment":"' + b"0" * 64 + b'","lines":1,"shown":[\n\n]}\n',
    ],
)  # fmt: skip
def test_a_file_made_to_harm_the_checker_is_refused_in_one_sentence(data: bytes, kept: Home, tmp_path: Path) -> None:
    path = put(tmp_path, {"e.json": data}) / "e.json"
    with pytest.raises(VerificationError):
        checking.check(path, kept.register.key)


# ── of what was public when it was filed ─────────────────────────────────────────────────────────────────────────────


def test_what_was_filed_as_public_can_be_redacted_and_its_first_list_stays_closed(kept: Home, tmp_path: Path) -> None:
    file(kept, put(tmp_path / "open", prepared({**TALK, "messages": TALK["messages"][:2]}, access="public")))
    excerpt.make(kept.reopened(), "2026-0002")
    covered(kept, NAME, target="2026-0002")
    export(kept.reopened(), tmp_path / "out", "bagit", public=True)
    folder = tmp_path / "out/data" / folder_of(kept, "2026-0002").relative_to(kept.root)
    assert {path.name for path in folder.glob("intake*.sums")} == {"intake-2.sums"}
    found = checking.check(folder / "turns.redacted.json", kept.register.key)
    assert found.verified.subject == "2026-0002/intake-2.sums"
    assert [name for name, data in tree(tmp_path / "out").items() if gives_away(data, "Quillfeather")] == []
    data = excerpt.make(kept.reopened(), "2026-0002/1#1").data
    assert not gives_away(data, "Quillfeather")
    assert b"turns.jsonl" not in data


# ── release ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_releasing_changes_one_word_of_the_record_files_it_openly_and_is_logged(kept: Home) -> None:
    record = folder_of(kept) / "deposit.toml"
    before = record.read_bytes()
    (done,) = release.release(kept, ["2026-0001"], "consent")
    assert done.new
    assert record.read_bytes() == before.replace(b'"restricted"  ', b'"public"  ', 1)
    home = kept.reopened()
    ((index, notice),) = home.register.of_kind("notice", "released")
    assert notice.predicate["reason"] == "consent"
    assert [*notice.subjects] == ["2026-0001/intake-2.sums"]
    assert home.register.statement(index - 1).subjects == notice.subjects
    assert b"turns.jsonl" in (folder_of(kept) / "intake-2.sums").read_bytes()
    size = home.register.size
    assert not release.release(home, ["2026-0001"])[0].new
    assert kept.reopened().register.size == size


@pytest.mark.parametrize(
    "line", ['access = "embargo 2027-01-01"', "access='restricted' # not yet", "", 'access   =  "restricted"\r']
)
def test_a_record_is_opened_however_its_access_is_written(kept: Home, line: str) -> None:
    record = folder_of(kept) / "deposit.toml"
    lines = [line if row.startswith("access") else row for row in record.read_text().split("\n")]
    record.write_bytes("\n".join(row for row in lines if row or not line).encode())
    file(kept, folder_of(kept))
    release.release(kept.reopened(), ["2026-0001"])
    assert b"access" in record.read_bytes()
    assert b'"public"' in record.read_bytes()


def test_several_are_opened_together_or_not_at_all(kept: Home, tmp_path: Path) -> None:
    file(kept, put(tmp_path / "second", prepared({**TALK, "messages": TALK["messages"][:1]})))
    put(folder_of(kept, "2026-0002"), {"notes/x.toml": "draft"})
    size = kept.reopened().register.size
    with pytest.raises(Refused, match="is not filed yet"):
        release.release(kept.reopened(), ["2026-0001", "2026-0002"])
    with pytest.raises(Refused, match="expected decision, consent, request or embargo-over"):
        release.release(kept.reopened(), ["2026-0001"], "because")
    assert kept.reopened().register.size == size


@pytest.fixture
def embargoed(kept: Home, tmp_path: Path, write_essay: Callable[..., Path], ada: Reviewer) -> Home:
    """2026-0002 under an embargo until 9 November, and an essay that is approved."""
    file(kept, put(tmp_path / "later", prepared({**TALK, "messages": TALK["messages"][:1]}, "embargo 2026-11-09")))
    submit(kept.reopened(), write_essay())
    review(kept.reopened(), "on-commas", decision="publish", reviewer=ada.name, key=ada.key, criteria=["personal-data"])
    return kept.reopened()


def test_an_embargo_that_is_over_is_lifted_by_the_next_publish_in_the_same_append(
    embargoed: Home, clock: Clock, tmp_path: Path
) -> None:
    assert b"turns.jsonl" not in (folder_of(embargoed, "2026-0002") / "intake.sums").read_bytes()
    clock.set("2026-11-09")
    size = embargoed.register.size
    rehearsed = publish(embargoed.reopened(), dry_run=True)
    assert embargoed.reopened().register.size == size
    done = publish(embargoed.reopened())
    assert rehearsed.warnings == done.warnings == (RELEASED,)
    home = embargoed.reopened()
    kinds = [(s.kind, s.predicate.get("reason")) for s in home.register.since(size)]
    assert kinds == [("notice", "program"), ("issue", None), ("intake", None), ("notice", "embargo-over")]
    assert home.register.note_at(size + 4), "under one checkpoint"
    assert verify_site(home.site, home.register.key).sentence
    assert check(home, deep=True).problems == ()
    export(home, tmp_path / "out", "jsonl", public=True)
    assert NAME in (tmp_path / "out/turns.jsonl").read_text()


def test_an_embargo_is_lifted_with_the_site_too_and_only_once(embargoed: Home, clock: Clock) -> None:
    publish(embargoed.reopened())
    clock.set("2026-11-10")
    assert publish_site(embargoed.reopened()).warnings == (RELEASED,)
    assert publish_site(embargoed.reopened()).warnings == ()
    assert len(embargoed.reopened().register.of_kind("notice", "released")) == 1


def test_an_embargo_over_a_draft_stays_and_that_is_said(embargoed: Home, clock: Clock) -> None:
    put(folder_of(embargoed, "2026-0002"), {"notes/x.toml": "draft"})
    clock.set("2026-11-09")
    (said,) = publish(embargoed.reopened()).warnings
    assert said.startswith("2026-0002 stays closed, though its embargo is over: ")
    assert embargoed.reopened().register.of_kind("notice", "released") == []


def test_publishing_reads_of_deposits_only_what_was_filed_since(embargoed: Home, clock: Clock, tmp_path: Path) -> None:
    publish(embargoed.reopened())
    copy = embargoed.store.path(sums.digest((folder_of(embargoed) / "deposit.toml").read_bytes()))
    copy.unlink()  # whoever reads it again cannot know any more whether there is an embargo
    later = prepared({**TALK, "messages": TALK["messages"][:2]}, "embargo 2027-01-04")
    file(embargoed, put(tmp_path / "third", later))
    until = {"2026-0002": date(2026, 11, 9), "2026-0003": date(2027, 1, 4)}
    assert embargoes(embargoed.reopened()).until == until
    cache = embargoed.root / ".archive/embargoes.kept"
    for harmed in (None, b"", cache.read_bytes()[:-1], cache.read_bytes().replace(b"2026-11-09", b"2036-11-09")):
        cache.unlink() if harmed is None else cache.write_bytes(harmed)
        assert embargoes(embargoed.reopened()).until == {"2026-0001": date.min, **until}
    clock.set("2026-11-10")
    assert publish_site(embargoed.reopened()).warnings == (RELEASED,)
    assert embargoes(embargoed.reopened()).until == {"2026-0001": date.min, "2026-0003": date(2027, 1, 4)}


def test_an_embargo_that_only_a_text_in_the_record_speaks_of_opens_nothing(
    embargoed: Home, clock: Clock, tmp_path: Path
) -> None:
    record = prepared({**TALK, "messages": TALK["messages"][:2]})
    note = 'licence = """\naccess = "embargo 2026-11-09"\n"""\n'
    record["deposit.toml"] = re.sub('licence = "not_recorded".*\n', note, str(record["deposit.toml"]))
    assert 'access = "embargo 2026-11-09"' in record["deposit.toml"]
    file(embargoed, put(tmp_path / "third", record))
    clock.set("2026-11-10")
    assert publish(embargoed.reopened()).warnings == (RELEASED,)


# ── what stays ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_knows_what_redaction_leaves_and_finds_what_was_changed(kept: Home) -> None:
    covered(kept)
    release.release(kept.reopened(), ["2026-0001"])
    assert check(kept.reopened(), deep=True).problems == ()
    path = folder_of(kept) / "turns.redacted.json"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"archive", b"Archive"))
    assert [p.kind for p in check(kept.reopened()).problems] == ["damaged"]
    assert check(kept.reopened(), mend=True).problems == ()
    assert path.read_bytes() == good


def test_a_mark_is_not_lost_by_oversight_but_can_be_lifted(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    folder = folder_of(kept)
    marks = folder / "redactions.toml"
    text = marks.read_text()
    for left in (text.replace(NAME, "our archive", 1), None):
        marks.write_text(left) if left else marks.unlink()
        with pytest.raises(Refused, match=f"“{NAME}”: was filed and is missing; bring it back"):
            file(kept, folder)
    marks.write_text(text.replace("date =", "lifted = 2026-11-02\ndate ="))
    file(kept, folder)
    release.release(kept.reopened(), ["2026-0001"])
    found = public(kept, tmp_path / "out")
    assert NAME in found["jsonl/turns.jsonl"].decode()
    assert not any(name.endswith("redactions.toml") for name in found)
    assert check(kept.reopened(), deep=True).problems == ()
    assert covered(kept, NAME).added, "it can be covered again"


def test_an_older_version_brought_back_does_not_uncover_anything(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    release.release(kept.reopened(), ["2026-0001"])
    versions.restore(kept.reopened(), "2026-0001", 1)
    assert [name for name, data in public(kept, tmp_path / "out").items() if gives_away(data, "Quillfeather")] == []
    with pytest.raises(Refused, match="was filed and is missing"):
        file(kept, folder_of(kept))
    versions.restore(kept.reopened(), "2026-0001")
    assert check(kept.reopened(), deep=True).problems == ()


def test_the_same_bytes_filed_again_need_the_same_marks(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    with pytest.raises(Refused, match="has the bytes of 2026-0001, of which words are covered"):
        file(kept, tmp_path / "first", again=True)
    shutil.copy(folder_of(kept) / "redactions.toml", tmp_path / "first")
    (done,) = file(kept, tmp_path / "first", again=True)
    assert of_filed(named(kept.reopened(), done.accession))
    assert len(kept.reopened().register.of_kind("notice", "redacted")) == 2


def test_a_home_in_a_bag_brings_its_redactions_along(kept: Home, tmp_path: Path) -> None:
    covered(kept)
    release.release(kept.reopened(), ["2026-0001"])
    export(kept.reopened(), tmp_path / "bag", "bagit")
    again = import_(tmp_path / "bag", tmp_path / "again").home
    assert public(again, tmp_path / "out") == public(kept, tmp_path / "before")


# ── the commands ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_archivist_covers_a_name_opens_the_interview_and_a_reader_checks_it(kept: Home, tmp_path: Path) -> None:
    programs = Programs(kept)
    tried = programs.archive("redact", "2026-0001", "--text", NAME, "--reason", REASON, "--dry-run")
    assert "would be redacted" in tried.stdout
    assert "1#1 text: I am █ █ and this is our archive." in tried.stdout
    assert "can still be read: 1#4 text" in tried.stderr
    texts = ["--text", NAME, "--text", "QUILLFEATHER"]
    assert programs.archive("redact", "2026-0001", *texts, "--reason", REASON, "--by", "Ada").exit_code == 0
    assert "nothing new" in programs.archive("redact", "2026-0001").stdout
    assert "released" in programs.archive("release", "2026-0001").stdout
    assert "public already" in programs.archive("release", "2026-0001").stdout
    programs.archive("excerpt", "2026-0001/1#4", "--to", tmp_path / "e.json")
    reader = Programs()
    checked = reader.publisher("verify", tmp_path / "e.json", "--key", kept.register.key)
    assert checked.stdout.startswith("Turn 1#4 of 2026-0001 is word for word what was committed to on ")
    details = reader.publisher("verify", tmp_path / "e.json", "--key", kept.register.key, "--details")
    assert "\n\nThis does not prove\n- " in details.stdout
    assert "\n\n\n" not in details.stdout
    (tmp_path / "e.json").write_bytes((tmp_path / "e.json").read_bytes().replace(b"thanked", b"blessed"))
    refused = reader.publisher("verify", tmp_path / "e.json", "--key", kept.register.key)
    assert (refused.exit_code, "not what was committed to" in refused.output) == (1, True)


def test_marks_have_a_day_and_a_name(kept: Home) -> None:
    (mark,) = covered(kept, "asked", target="2026-0001/1#4").added
    assert (mark.turn, mark.by, mark.date) == ("1#4", "Ada", date(2026, 11, 2))
