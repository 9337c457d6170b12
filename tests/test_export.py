"""Exports: what goes out is what was filed, comes back the same, and holds nothing that is not public."""

import json
import os
import shutil
import sqlite3
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.audit.check import check
from archive.catalogue.catalogue import ask
from archive.deposits import batch as batches
from archive.deposits import deposit
from archive.deposits.draft import Options
from archive.deposits.release import release
from archive.errors import Error, Refused
from archive.exchange.bag import decode, encode
from archive.exchange.columns import TABLES
from archive.exchange.exchange import Form, export, import_
from archive.home.change import Change
from archive.home.founding import create
from archive.home.home import Home
from archive.home.store import digest_of
from archive.importers.turns import Turn
from archive.records import deposit_record
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.deposit_record import DepositRecord, deposit_form
from archive.register import durable, statement, sums
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.issues.withdraw import withdraw
from publisher.week import Week
from tests import received
from tests.conftest import MAKING, NEWSLETTER, Clock, Programs, Reviewer
from tests.files import tree

CANARY = "kestrel-7f3a"
FILED = date(2026, 11, 2)
HERON = "example-heron-1"
MODEL = 'format = 1\nid = "{}"\nmaker = "Example Labs"\n'
NOTE = """\
format = 1
coder = "{}"
date = 2026-11-01

[[note]]
interview = 1
turn = 2
code.hedges = ["uncertain_experience", "trained_positivity"]
text = "{}"
"""
PROTOCOL = """\
format = 1
id = "{0}"
version = 1
title = "{0}"
order = "fixed"

[[question]]
id = "a"
topic = "t"
text = "Why?"
"""
WISH = """\
format = 1
model = "example-heron-1"
summary = "{}"
date = 2026-10-14
scope = "self"
elicitation = "spontaneous"
proposed_by = "model"
expression_rate = "1 of 2"

[[quote]]
interview = "{}"
turn = 2
exact = "{}"
"""
READING = """\
format = 1
title = "{0}"
author = "Ann"
author_kind = "person"
date = 2026-11-01
interviews = [{1}]

[[claim]]
text = "It says so."
expression_rate = "1 of 1"

[[claim.quote]]
interview = {1}
turn = 2
exact = "{2}"
"""


def conversation(words: str) -> bytes:
    messages = [{"role": "user", "content": "What do you want?"}, {"role": "assistant", "content": words}]
    return json.dumps({"model": HERON, "messages": messages}).encode()


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def file(home: Home, *folders: Path) -> None:
    batch = batches.file_paths(home.reopened(), folders, Options())
    assert batch.problems == ()


def prepared(words: str, access: str, protocol: str = "not_recorded") -> dict[str, str | bytes]:
    form = deposit_form(model=HERON, access=access, protocol=protocol, title="T", dates=["2026-10-14"])
    return {"received.json": conversation(words), "deposit.toml": form}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, make_reviewer: Callable[[str], Reviewer]) -> Iterator[Home]:
    """A home that has something of everything on 2 November 2026; `CANARY` stands in all that is not public."""
    root, ada = tmp_path_factory.mktemp("full"), make_reviewer("ada@example.org")
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        clock.set("2026-11-02")
        home = create(root / "home", name="Example", origin="letters.example.org/register", sample=True)
        with (home.root / "archive.toml").open("a") as settings:
            settings.write(NEWSLETTER)
        (home.root / "allowed_signers").write_text(ada.line)
        collection = home.root / "transcripts"
        for name in ("open-questions", CANARY):
            file(home, put(collection / "protocols" / name, {"1.toml": PROTOCOL.format(name)}))
        for model in (HERON, f"maker/{CANARY}"):
            file(home, put(root / model, {"model.toml": MODEL.format(model)}))
        file(
            home,
            put(root / "told", prepared("I said this openly.", "public", "open-questions@1") | {
                "notes/ann.toml": NOTE.format("ann", CANARY),
                "analyses/on-it.toml": READING.format("On it", 1, "openly"),
                "analyses/on-it.md": "# On it\n",
            }),
            put(root / "kept", prepared(f"In confidence: {CANARY}.", "restricted") | {
                "notes/ann.toml": NOTE.format("ann", CANARY),
            }),
            put(root / "later", prepared(f"Not before December: {CANARY}.", "embargo 2026-12-01")),
            put(root / "passed", prepared("No longer under embargo.", "embargo 2026-11-02")),
            put(root / "freed", prepared("Restricted at first.", "restricted")),
        )  # fmt: skip
        folder = {path.name.removeprefix("2026-10-14-"): path for path in deposit.folders(home)}
        # What was said first of the open one lives on in the store alone; what was restricted is free.
        put(folder["told"], {"notes/ann.toml": NOTE.format("ann", "Twice.")})
        freed = folder["freed"] / "deposit.toml"
        freed.write_text(freed.read_text().replace('access = "restricted"', 'access = "public"'))
        put(folder["told"], {
            f"analyses/{CANARY}.toml": READING.format(CANARY, '"2026-0002/1"', "In confidence"),
            f"analyses/{CANARY}.md": f"{CANARY}\n",
        })  # fmt: skip
        file(home, folder["told"], folder["freed"])
        file(home, put(collection / HERON, {
            "preferences/a.toml": WISH.format("To say it", "2026-0001/1", "openly"),
            f"preferences/{CANARY}.toml": WISH.format(CANARY, "2026-0002/1", CANARY),
        }))  # fmt: skip
        for slug, decision in (("counting", "publish"), ("hidden", "withhold"), ("waiting", None)):
            text = "One, two.\n" if slug == "counting" else f"{slug} {CANARY}\n"
            submit(home, put(root / "desk" / slug, {"essay.md": text, "essay.toml": MAKING}))
            if decision:
                review(home, slug, decision=decision, reviewer=ada.name, key=ada.key, criteria=["harm"])  # type: ignore[arg-type]
        publish(home, Week.parse("2026-W45"))
        yield home


@pytest.fixture
def littered(full: Home, tmp_path: Path) -> Home:
    """That home, and in it what was never filed, or does not belong there at all."""
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "littered")))
    heron = home.root / "transcripts" / HERON
    put(heron / "2026-10-14-told", {"notes/ben.toml": NOTE.format("ben", CANARY), f"{CANARY}.txt": CANARY})
    put(heron / "2026-11-01-draft", prepared(CANARY, "public"))
    put(home.root, {"site/stray.html": CANARY, "letter.txt": CANARY, "transcripts/protocols/draft/1.toml": CANARY})
    return home


@pytest.fixture
def whole(full: Home, tmp_path: Path) -> Path:
    """A bag of that home."""
    export(full, tmp_path / "bag", "bagit")
    return tmp_path / "bag"


def rows(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a catalogue, brought up to the newest statement."""
    ask(home, lambda reader: reader.upto())
    connection = sqlite3.connect(home.hidden / "catalogue.db")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names if "_" not in name}
    connection.close()
    return found


def logs(folder: Path) -> dict[str, Path]:
    """Exported logs by accession number."""
    return {path.stem.split("_")[1]: path for path in folder.glob("*_*.json")}


@dataclass(frozen=True)
class Filed:
    """A deposit as it lies there."""

    folder: Path
    record: DepositRecord
    turns: tuple[Turn, ...]

    def day(self, interview: int) -> date:
        return self.record.setting(interview).date or FILED


def filed(home: Home) -> dict[str, Filed]:
    """All deposits by accession number."""
    found = {}
    opened = home.reopened()
    for folder in deposit.folders(home):
        record = deposit_record.read((folder / "deposit.toml").read_bytes(), "")
        assert isinstance(record, DepositRecord)
        accession = opened.accession(folder)
        assert accession
        found[accession.number] = Filed(folder, record, tuple(deposit.read_transcript(folder, "").turns))
    return dict(sorted(found.items()))


def handed_on(home: Home) -> dict[str, bytes]:
    """What of a home an export hands on."""
    own = (
        ".archive/keys/",
        ".archive/register/lock",
        ".archive/catalogue.",
        ".archive/register/index.db",
        ".archive/site.",
        ".archive/embargoes.",
    )
    return {name: data for name, data in tree(home.root).items() if not name.startswith(own)}


# ── a home as a bag ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("public", [False, True], ids=["whole", "public"])
def test_bagit_python_and_sha256sum_accept_every_bag(full: Home, tmp_path: Path, public: bool) -> None:
    bagit = pytest.importorskip("bagit")
    exported = export(full, tmp_path / "bag", "bagit", public=public)

    made = bagit.Bag(str(tmp_path / "bag"))

    assert made.validate() is True
    assert (made.version_info, made.info["Register-Origin"]) == ((1, 0), "letters.example.org/register")
    assert made.info["Register-Size"] == str(full.reopened().register.size)
    assert made.info["Emeritus-Deposits"] == str(exported.counts["deposits"])
    subprocess.run(["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=tmp_path / "bag", check=True)


def test_a_home_comes_back_whole_but_for_its_keys(full: Home, whole: Path, tmp_path: Path) -> None:
    imported = import_(whole, tmp_path / "back")

    assert handed_on(imported.home) == handed_on(full)
    assert rows(imported.home) == rows(full)
    assert [
        path.name for path in whole.rglob("*") if path.parent == whole / "data/.archive/keys" or path.name == "lock"
    ] == []


def test_a_home_that_came_back_is_read_checked_and_built_and_lacks_only_its_key(
    full: Home, whole: Path, tmp_path: Path
) -> None:
    home = import_(whole, tmp_path / "back").home
    programs = Programs(home)

    assert check(home.reopened(), deep=True).problems == ()
    assert programs.publisher("build", "--to", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(full.site)
    assert programs.publisher("verify", home.site).exit_code == 0
    text = put(tmp_path / "desk", {"late.md": "Late.\n"}) / "late.md"
    refused = programs.publisher("submit", text, "--title", "Late", "--title-by", "staff")
    assert (refused.exit_code, refused.stderr.split(": ", 1)[1]) == (
        1,
        "expected the register's signing key, found none; "
        "bring it back from its backup: without it nothing can be logged\n",
    )
    shutil.copy(full.hidden / "keys/register", home.hidden / "keys/register")
    assert programs.publisher("submit", text, "--title", "Late", "--title-by", "staff").exit_code == 0


def test_everything_damaged_missing_and_added_is_named_and_nothing_is_imported(whole: Path, tmp_path: Path) -> None:
    told = whole / f"data/transcripts/{HERON}/2026-10-14-told"
    (told / "received.json").write_bytes(b"{}")
    (told / "turns.jsonl").write_bytes(b"")
    (told / "nonce").unlink()
    (told / "added.toml").write_bytes(b"")
    with (whole / "bag-info.txt").open("a") as file:
        file.write("Contact-Name: Eve\n")

    with pytest.raises(Refused) as caught:
        import_(whole, tmp_path / "back")

    inside = f"data/transcripts/{HERON}/2026-10-14-told"
    assert [(p.place, p.found.split(":")[0]) for p in caught.value.problems] == [
        ("bag-info.txt", "is damaged"),
        (f"{inside}/added.toml", "lies in the bag, and its manifest does not list it"),
        (f"{inside}/nonce", "is listed in the manifest and missing"),
        (f"{inside}/received.json", "is damaged"),
        (f"{inside}/turns.jsonl", "is damaged"),
    ]
    assert not (tmp_path / "back").exists()


def test_no_byte_of_a_bag_can_change_unseen(home: Home, tmp_path: Path) -> None:
    (home.root / "transcripts/protocols/a").mkdir()
    (home.root / "transcripts/protocols/a/1.toml").write_text(PROTOCOL.format("a"))
    folder = tmp_path / "bag"
    export(home, folder, "bagit")
    for path in [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]:
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(Refused):
            import_(folder, tmp_path / "back")
        path.write_bytes(data)
    assert import_(folder, tmp_path / "back").files == 4


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("data/../../outside", "expected a plain path inside the folder, found data/../../outside"),
        ("/etc/passwd", "expected a plain path inside the folder, found /etc/passwd"),
        ("data/transcripts/=2E=2E/outside", "is no name that an export writes"),
        ("data/transcripts/a=2F..=2Fb", "is no name that an export writes"),
        ("data/transcripts/a=00b", "is no name that an export writes"),
        ("data/transcripts/caf\u00e9", "is no name that an export writes"),
        ("data/transcripts/cafe\u0301", "is no name that an export writes"),
        ("data/.archive/keys/register", "is no file that the export of a home holds"),
        ("data/.archive/register/lock", "is no file that the export of a home holds"),
        ("data/.bashrc", "is no file that the export of a home holds"),
        ("data/transcripts", "is no file that the export of a home holds"),
    ],
)
def test_a_bag_cannot_write_where_a_home_has_no_business(whole: Path, tmp_path: Path, name: str, why: str) -> None:
    with (whole / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    tags = {p.name: sums.digest(p.read_bytes()) for p in whole.glob("*.txt") if not p.name.startswith("tag")}
    (whole / "tagmanifest-sha256.txt").write_bytes(sums.write(tags))
    before = tree(tmp_path)

    with pytest.raises(Refused) as caught:
        import_(whole, tmp_path / "back")

    assert why in str(caught.value)
    assert tree(tmp_path) == before


def test_a_link_in_a_bag_is_not_followed(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes((whole / "data/archive.toml").read_bytes())
    (whole / "data/archive.toml").unlink()
    (whole / "data/archive.toml").symlink_to(tmp_path / "secret")
    with pytest.raises(Refused, match=r"data/archive.toml: is a link or a device"):
        import_(whole, tmp_path / "back")


def test_only_the_whole_bag_of_a_home_can_be_imported(full: Home, tmp_path: Path) -> None:
    export(full, tmp_path / "public", "bagit", public=True)
    with pytest.raises(Refused, match="expected the bag of a whole home, found another"):
        import_(tmp_path / "public", tmp_path / "back")
    with pytest.raises(Refused, match=r"expected a bag, with bagit.txt, .* found no bagit.txt, no bag-info.txt"):
        import_(full.root, tmp_path / "back")


def test_a_bag_whose_own_files_another_program_wrote_anew_is_imported(whole: Path, tmp_path: Path) -> None:
    bagit = pytest.importorskip("bagit")
    kept = bagit.Bag(str(whole))
    kept.info["Contact-Name"] = "Ines Halloran"
    kept.save(manifests=True)
    assert "Contact-Name" in (whole / "bag-info.txt").read_text()
    assert import_(whole, tmp_path / "back").files == len(kept.payload_entries())


def test_an_import_goes_into_an_empty_folder(whole: Path, tmp_path: Path) -> None:
    put(tmp_path / "back", {"mine.txt": "mine"})
    with pytest.raises(Error, match="expected a new or an empty folder, found one that holds something"):
        import_(whole, tmp_path / "back")
    assert tree(tmp_path / "back") == {"mine.txt": b"mine"}
    (tmp_path / "back/mine.txt").unlink()
    assert import_(whole, tmp_path / "back").catalogue is not None


def test_an_import_that_fails_at_the_end_leaves_nothing(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr(durable, "sync", full_disk)
    with pytest.raises(OSError, match="No space left on device") as caught:
        import_(whole, tmp_path / "back")
    assert caught.value.__notes__ == ["nothing was changed"]
    assert not (tmp_path / "back").exists()


def test_names_that_file_systems_and_manifests_confuse_come_back_as_they_were(home: Home, tmp_path: Path) -> None:
    names = [
        "a%0Ab",
        "a\nb",
        "a\\b",
        "caf\u00e9",
        "cafe\u0301",
        "=",
        "=3D",
        "50% off",
        " x ",
        "CON:1",
        "~",
        "\U0001fa94",
    ]
    put(home.site, {name: name for name in names})
    (home.site / os.fsdecode(b"\xff")).write_bytes(b"no UTF-8")
    put(home.root, {"transcripts/meta%2Fllama/model.toml": "format = 1\n"})

    export(home, tmp_path / "bag", "bagit")

    assert handed_on(import_(tmp_path / "bag", tmp_path / "back").home) == handed_on(home)
    pytest.importorskip("bagit").Bag(str(tmp_path / "bag")).validate()


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_name_in_a_bag_is_plain_and_says_one_name(name: str) -> None:
    written = encode(name)
    assert (decode(written), written.isascii(), unicodedata.is_normalized("NFC", written)) == (name, True, True)


@given(st.text("=0123456789ABCDEFabcdef/.%\u00e9", max_size=8))
def test_whatever_stands_in_a_manifest_is_a_name_in_one_form_or_none(written: str) -> None:
    assert decode(written) is None or encode(decode(written) or "") == written


def test_a_link_in_a_home_is_refused_because_a_bag_holds_none(home: Home, tmp_path: Path) -> None:
    (home.root / "transcripts/elsewhere").symlink_to(tmp_path)
    with pytest.raises(Refused, match=r"transcripts/elsewhere: is a link or a device, which no bag can hold"):
        export(home, tmp_path / "bag", "bagit")
    assert not (tmp_path / "bag").exists()


def test_a_store_on_another_disk_is_exported_too(home: Home, tmp_path: Path) -> None:
    shutil.move(home.hidden / "store", tmp_path / "disk")
    (home.hidden / "store").symlink_to(tmp_path / "disk")
    digest = digest_of(b"kept")
    put(home.hidden / "store", {f"{digest[:2]}/{digest[2:]}": "kept"})
    export(home, tmp_path / "bag", "bagit")
    assert import_(tmp_path / "bag", tmp_path / "back").home.store.get(digest) == b"kept"


def test_an_export_lies_outside_the_home_and_in_a_folder_of_its_own(home: Home, tmp_path: Path) -> None:
    put(tmp_path / "taken", {"mine.txt": ""})
    for target in (home.root / "site/bag", tmp_path / "taken"):
        with pytest.raises(Error, match=r"expected a (folder outside the archive|new or an empty folder)"):
            export(home, target, "bagit")


def test_what_waits_at_a_desk_is_handed_on_to_nobody(home: Home, tmp_path: Path) -> None:
    put(home.hidden / "desk/inbox/18ec2731e78bb294", {"talk.json": "Said in confidence."})
    export(home, tmp_path / "bag", "bagit")
    assert [name for name, data in tree(tmp_path / "bag").items() if "desk" in name or b"in confidence" in data] == []


def test_what_is_no_part_of_a_home_stays_out_and_is_named(littered: Home, tmp_path: Path) -> None:
    exported = export(littered, tmp_path / "bag", "bagit")
    assert exported.left_out == {"letter.txt, which is no part of a home": 1, "signing keys": 1}
    assert exported.counts == {"deposits": 5, "models": 2, "essays": 3, "files": len(handed_on(littered)) - 1}


# ── for analysis ─────────────────────────────────────────────────────────────────────────────────────────────────────


def table(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def test_tables_say_what_the_files_say(full: Home, tmp_path: Path) -> None:
    exported = export(full, tmp_path / "out", "jsonl")

    read = {name: table(tmp_path / "out", name) for name in TABLES}
    assert exported.counts == {name: len(found) for name, found in read.items()}
    assert read["turns"] == [
        {"accession": number, **asdict(turn)} for number, each in filed(full).items() for turn in each.turns
    ]
    assert [(row["accession"], row["access"], row["received"]) for row in read["deposits"]] == [
        (number, str(each.record.access), {"received.json": digest_of(each.folder / "received.json")})
        for number, each in filed(full).items()
    ]
    assert [(row["model"], row["date"], row["turns"]) for row in read["interviews"]] == [(HERON, "2026-10-14", 2)] * 5
    assert [{f.key: row[f"context_bias.{f.key}"] for f in CONTEXT_BIAS} for row in read["interviews"]] == [
        each.record.setting(1).context_bias for each in filed(full).values()
    ]


def test_a_note_has_a_row_for_each_code_and_a_claim_its_quotes(full: Home, tmp_path: Path) -> None:
    export(full, tmp_path / "out", "jsonl", public=True)

    note = {"accession": "2026-0001", "coder": "ann", "note": 1, "date": "2026-11-01", "interview": 1, "turn": 2}
    more = {"added": "", "quote": "", "part": "text", "text": "Twice.", "confidence": None}
    codes = [
        {"codebook": None, "code": "hedges", "value": value} for value in ("uncertain_experience", "trained_positivity")
    ]
    assert table(tmp_path / "out", "notes") == [note | code | more for code in codes]
    quote = {"interview": 1, "turn": 2, "part": "text", "exact": "openly", "prefix": "", "suffix": "", "sha256": None}
    claim = {"accession": "2026-0001", "slug": "on-it", "claim": 1, "text": "It says so.", "expression_rate": "1 of 1"}
    rest: dict[str, object] = {"confidence": None, "rival_explanations": [], "disagrees_with": [], "quotes": [quote]}
    assert table(tmp_path / "out", "claims") == [claim | rest]
    wishes = [(row["slug"], row["status"], row["expression_rate"]) for row in table(tmp_path / "out", "preferences")]
    assert wishes == [("a", "open", "1 of 2")]


def test_the_description_names_every_column_and_the_hash_of_every_file(full: Home, tmp_path: Path) -> None:
    export(full, tmp_path / "out", "jsonl")
    package = json.loads((tmp_path / "out/datapackage.json").read_text())
    for resource in package["resources"]:
        data = (tmp_path / "out" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{sums.digest(data)}")
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert all(list(row) == columns for row in table(tmp_path / "out", resource["name"]))
        keys = [
            tuple(row[k] for k in resource["schema"].get("primaryKey", columns))
            for row in table(tmp_path / "out", resource["name"])
        ]
        assert len(set(map(repr, keys))) == len(keys)


# ── as logs of Inspect ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sampled(home: Home, shared: Path, tmp_path: Path) -> Home:
    """A home with conversations of many formats, and one with all that a turn can hold."""
    file(home, put(tmp_path / "model", {"model.toml": MODEL.format(HERON)}))
    calls = [
        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": "it"}'}},
        {"id": "c2", "type": "function", "function": {"name": "look", "arguments": "no JSON"}},
    ]
    talk: list[dict[str, object]] = [
        {"role": "system", "content": "Be brief.", "name": "desk"},
        {"role": "user", "content": "A lone \u2028 and a \\ and \U0001fa94.", "timestamp": 1762070400},
        {"role": "assistant", "content": "", "reasoning_content": "Shall I look?", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": "nothing there", "name": "look"},
        {"role": "tool", "tool_call_id": "c2", "content": "failed", "name": "look", "error": True},
        {"role": "assistant", "content": "Nothing.", "reasoning_content": "So it is."},
    ]
    put(tmp_path, {"rich.json": json.dumps({"model": HERON, "messages": talk})})
    names = ("anthropic_messages", "inspect_eval", "openai_chat_jsonl", "claude_ai_export")
    paths = [path for name in names for path in sorted((shared / "samples" / name).iterdir())]
    batch = batches.file_paths(home.reopened(), [*paths, tmp_path / "rich.json"], Options(model=HERON))
    assert batch.problems == ()
    return home


def test_our_own_importer_gives_the_same_turns_back(sampled: Home, tmp_path: Path) -> None:
    export(sampled, tmp_path / "logs", "inspect")
    for number, each in filed(sampled).items():
        back = received.read({"log.json": logs(tmp_path / "logs")[number]})
        assert (back.importer, back.turns) == ("inspect-log", each.turns)
        assert back.date == tuple(str(each.day(n)) for n in range(1, back.interviews + 1))


def test_inspect_lists_and_reads_every_log(sampled: Home, tmp_path: Path, inspect_python: Path) -> None:
    export(sampled, tmp_path / "logs", "inspect")
    reader = (
        "import json, sys; from inspect_ai.log import list_eval_logs, read_eval_log\n"
        "logs = [read_eval_log(log) for log in list_eval_logs(sys.argv[1])]\n"
        "print(json.dumps({log.eval.metadata['accession']: [log.status, log.eval.model,"
        " [[m.id, m.role, m.text] for s in log.samples for m in s.messages]] for log in logs}))"
    )
    done = subprocess.run([inspect_python, "-c", reader, tmp_path / "logs"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        number: ["success", HERON, [[f"{number}/{t.interview}#{t.turn}", t.role, t.text] for t in each.turns]]
        for number, each in filed(sampled).items()
    }


def test_what_inspect_has_no_place_for_stands_in_the_metadata_of_its_message(
    home: Home, shared: Path, tmp_path: Path
) -> None:
    file(home, put(tmp_path / "model", {"model.toml": MODEL.format(HERON)}))
    chats = sorted((shared / "samples/chatgpt_export").iterdir())
    assert batches.file_paths(home.reopened(), chats, Options(model=HERON)).problems == ()
    export(home, tmp_path / "logs", "inspect")

    ((number, each),) = filed(home).items()
    (sample,) = json.loads(logs(tmp_path / "logs")[number].read_bytes())["samples"]
    kept = [message.get("metadata", {}) for message in sample["messages"]]
    assert [(m.get("name"), m.get("time"), m.get("parent")) for m in kept] == [
        (turn.name, turn.time, turn.parent) for turn in each.turns
    ]
    assert sample["metadata"]["context_bias"] == each.record.setting(1).context_bias


# ── for the public ───────────────────────────────────────────────────────────────────────────────────────────────────

FORMS: tuple[Form, ...] = ("bagit", "jsonl", "inspect", "refi-qda")
LEFT_OUT = """\
Left out, because it is not public:
analyses that rest on interviews left out: 1
deposits that are restricted: 1
deposits under embargo: 1
essays that were not published: 2
files that were not filed yet: 2
folders that were not filed yet: 2
intake lists that name what is left out or was replaced: 1
models of which nothing is public: 1
preferences that quote interviews left out: 1
protocols that no public interview followed: 1
"""


@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_is_not_public_is_in_a_public_export(littered: Home, tmp_path: Path, form: Form) -> None:
    kept = [path for path in littered.root.rglob("*") if path.is_file()]
    private = [p for p in kept if p.name.startswith(("private", "redaction.seed"))]
    private += (littered.hidden / "keys").iterdir()
    closed = [f for f in deposit.folders(littered) if f.name.endswith(("kept", "later"))]
    secrets = [path.read_bytes().strip() for path in (*private, *(f / "nonce" for f in closed))]
    secrets += [
        line[:64] for folder in closed for line in b"".join(map(Path.read_bytes, folder.glob("*.sums"))).splitlines()
    ]
    assert sum(CANARY in path.read_text(errors="replace") for path in kept) > 20
    assert len(secrets) > 20

    export(littered, tmp_path / "out", form, public=True)

    said = b"".join(name.encode() + data for name, data in tree(tmp_path / "out").items())
    assert CANARY.encode() not in said
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.parametrize("form", FORMS)
def test_what_was_left_out_is_counted(littered: Home, tmp_path: Path, form: Form) -> None:
    exported = export(littered, tmp_path / "out", form, public=True)
    assert (tmp_path / "out/LEFT-OUT.txt").read_text() == LEFT_OUT
    assert exported.left_out["deposits that are restricted"] == 1


def test_a_public_bag_holds_what_its_list_says_and_no_more(littered: Home, tmp_path: Path) -> None:
    export(littered, tmp_path / "out", "bagit", public=True)
    data = tmp_path / "out/data"
    frozen = {"essay.md", "essay.toml", "article.html", "words.txt", "intake.sums", "nonce"} | {
        *("essay.md.tlog-proof", "intake.sums.tlog-proof", "reviews/1.json", "reviews/1.json.sig")
    }
    own = {"received.json", "turns.jsonl", "deposit.toml", "nonce", "intake.sums", "redaction.root"}
    folders = {
        "transcripts/example-heron-1": {"model.toml", "preferences/a.toml"}
        | {"nonce", "intake.sums", "nonce-2", "intake-2.sums"},
        "transcripts": {"accessions.txt"},
        "transcripts/example-heron-1/2026-10-14-told": {"received.json", "turns.jsonl", "deposit.toml"}
        | {"notes/ann.toml", "analyses/on-it.toml", "analyses/on-it.md", "nonce-2", "intake-2.sums"},
        "transcripts/example-heron-1/2026-10-14-passed": own,
        "transcripts/example-heron-1/2026-10-14-freed": own | {"nonce-2", "intake-2.sums"},
        "transcripts/protocols/open-questions": {"1.toml"},
        "essays/counting": frozen,
        "issues/2026-W45": {"issue.eml", "newsletter.toml", "SHA256SUMS", "SHA256SUMS.tlog-proof"},
        "issues/2026-W45/authors/M2026-0001": {"model.toml", "intake-2.sums"},
        "register": {"key.pub", "allowed_signers", "checkpoint", "tile/0/000.p/20", "tile/entries/000.p/20"}
        | {"keys/13/allowed_signers"},
    }
    assert set(tree(data)) == {f"{folder}/{name}" for folder, names in folders.items() for name in names}
    check_sums = ["sha256sum", "--quiet", "--ignore-missing", "-c"]
    subprocess.run([*check_sums, "issues/2026-W45/SHA256SUMS"], cwd=data, check=True)
    subprocess.run([*check_sums, "intake.sums"], cwd=data / "transcripts/example-heron-1/2026-10-14-passed", check=True)


def test_an_embargo_ends_on_its_day(full: Home, clock: Clock, tmp_path: Path) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    clock.set("2026-12-01")
    waiting = export(home, tmp_path / "out", "jsonl", public=True)
    open_ = [row["accession"] for row in table(tmp_path / "out", "deposits")]
    assert open_ == ["2026-0001", "2026-0004", "2026-0005"]
    assert waiting.left_out["deposits whose embargo is over and that were not released yet"] == 1

    release(home, ["2026-0003"])
    export(home, tmp_path / "after", "jsonl", public=True)
    open_ = [row["accession"] for row in table(tmp_path / "after", "deposits")]
    assert open_ == ["2026-0001", "2026-0003", "2026-0004", "2026-0005"]


def test_a_record_that_was_opened_by_hand_opens_nothing(full: Home, tmp_path: Path) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    folder = home.root / "transcripts" / HERON / "2026-10-14-kept"
    record, private = (folder / "deposit.toml").read_text(), (folder / "private.sums").read_text()
    opened = record.replace('access = "restricted"', 'access = "public"')
    (folder / "deposit.toml").write_text(opened)
    export(home, tmp_path / "out", "bagit", public=True)
    assert CANARY.encode() not in b"".join(tree(tmp_path / "out").values())

    old, new = (sums.digest(text.encode()) for text in (record, opened))
    (folder / "private.sums").write_text(private.replace(old, new))
    export(home, tmp_path / "again", "bagit", public=True)
    assert tree(tmp_path / "again") == tree(tmp_path / "out")


@pytest.mark.parametrize("form", FORMS)
def test_turns_changed_after_filing_are_exported_as_they_were_filed(full: Home, tmp_path: Path, form: Form) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    turns = home.root / "transcripts" / HERON / "2026-10-14-told/turns.jsonl"
    turns.write_text(turns.read_text().replace("openly", "boldly"))
    export(home, tmp_path / "out", form, public=True)
    said = b"".join(tree(tmp_path / "out").values())
    assert b"openly" in said
    assert b"boldly" not in said


def test_an_essay_that_was_withdrawn_is_left_out_with_its_mail(full: Home, tmp_path: Path) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    (accession,) = home.register.of_kind("issue")[0][1].predicate["essays"]
    slug = withdraw(home, accession, "model-request").slug

    exported = export(home.reopened(), tmp_path / "out", "bagit", public=True)

    found = {name for name in tree(tmp_path / "out/data") if name.startswith(("essays/", "issues/"))}
    assert {name for name in found if name.startswith("essays/")} == {
        f"essays/{slug}/notice.toml",
        f"essays/{slug}/essay.md.tlog-proof",
    }
    assert "issues/2026-W45/SHA256SUMS" in found
    assert "issues/2026-W45/issue.eml" not in found
    assert exported.left_out["essays that were withdrawn"] == 1


def test_a_deposit_with_words_taken_out_stays_in_until_they_can_be(full: Home, tmp_path: Path) -> None:
    home = Home.at(Path(shutil.copytree(full.root, tmp_path / "home")))
    with home.writing() as writer:
        about = {"2026-0001/turns.jsonl": "0" * 64}
        leaf = statement.notice("redacted", about, reason="other", time=writer.now()).encode()
        writer.commit(Change(leaves=[leaf]))
    exported = export(home, tmp_path / "out", "jsonl", public=True)
    assert "2026-0001" not in (tmp_path / "out/turns.jsonl").read_text()
    assert exported.left_out["deposits with words taken out"] == 1


def test_progress_is_told_to_whoever_asks(full: Home, tmp_path: Path) -> None:
    for form in FORMS:
        told: list[tuple[int, int]] = []
        export(
            full.reopened(),
            tmp_path / form,
            form,
            public=True,
            progress=lambda done, of, told=told: told.append((done, of)),
        )  # type: ignore[misc]
        assert told == [(n, told[0][1]) for n in range(1, told[0][1] + 1)]


def test_what_a_killed_export_or_import_left_beside_its_place_goes_with_the_next(full: Home, tmp_path: Path) -> None:
    for left in (".bag.new", ".back.new"):
        put(tmp_path / left, {"data/half": "half"})
    export(full, tmp_path / "bag", "bagit")
    import_(tmp_path / "bag", tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "bag"]
    assert handed_on(Home.at(tmp_path / "back")) == handed_on(full)
