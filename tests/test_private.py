"""Nothing that is only for the people who run a home is in what they publish, deploy, send or look at."""

import gzip
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from archive.home.home import Home
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from tests.conftest import Clock, Reviewer
from tests.files import tree
from tests.programs import Programs

DELIVERY = """
[delivery]
smtp = "smtps://quenchwood%40example.org@mail.fernhollow.example"
to = "tellstone@lists.example.org"
notify = "wakefern@example.org"
deploy = "{}"

[database]
url = "postgresql://dustmarrow@db.example.org/archive"
"""
CANARIES = (
    "quenchwood",
    "fernhollow",
    "tellstone",
    "wakefern",
    "copperglade",
    "dustmarrow",
    "mothlantern",
    "ashwhistle",
)


def opened(name: str, data: bytes) -> Iterator[bytes]:
    """The bytes of a file, and whatever is packed into it: search's index, a picture's chunks, a mail's parts."""
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    if data.startswith(b"\x89PNG"):
        place = 8
        while place < len(data):
            size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
            assert kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"), f"{name} has a chunk {kind!r}"
            yield zlib.decompress(data[place + 8 : place + 8 + size]) if kind == b"IDAT" else b""
            place += size + 12
    if name.endswith(".eml"):
        for part in message_from_bytes(data, policy=policy.SMTP).walk():
            if not part.is_multipart():
                yield part.get_payload(decode=True)  # type: ignore[misc]


@pytest.fixture
def published(filed_home: Home, tmp_path: Path, clock: Clock, ada: Reviewer) -> Home:
    """A home with secrets of every kind, the site made anew and copied elsewhere."""
    with (filed_home.root / "archive.toml").open("a") as file:
        file.write(DELIVERY.format(tmp_path / "copperglade"))
    (tmp_path / "copperglade").mkdir()
    essay = tmp_path / "ashwhistle"
    essay.mkdir()
    (essay / "essay.md").write_text("The mothlantern was never lit.\n")
    submit(filed_home, essay)
    review(filed_home, "ashwhistle", decision="withhold", reviewer=ada.name, key=ada.key, criteria=["harm"])
    publish_site(filed_home.reopened())
    done = Programs(filed_home).publisher("deploy")
    assert done.exit_code == 0, done.output
    return filed_home.reopened()


def test_no_setting_path_key_or_withheld_word_is_in_what_others_get(
    published: Home, tmp_path: Path, ada: Reviewer
) -> None:
    keys = [path.read_text().split() for path in (published.root / ".archive/keys").rglob("*") if path.is_file()]
    secret = [word.encode() for words in (*keys, ada.key.read_text().split()[4:8]) for word in words if len(word) > 40]
    assert secret
    public = published.register.key
    canaries = [*(each.encode() for each in CANARIES), str(tmp_path).encode(), str(ada.key).encode(), *secret]
    for folder in (published.site, tmp_path / "copperglade"):
        files = tree(folder)
        assert len(files) > 100
        for name, data in files.items():
            for held in (name.encode(), *opened(name, data)):
                found = [each for each in canaries if each in held and each.decode() not in str(public)]
                assert not found, f"{folder.name}/{name}: {found}"
