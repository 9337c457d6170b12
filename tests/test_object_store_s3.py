"""A store on S3, as a server of moto's has it: killed in mid-upload, checked by what S3 keeps, refused in one line."""

import signal
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.home.store import digest_of, name_of
from tests.example_home import put_model
from tests.object_server import ObjectServer
from tests.test_object_store import LONG

DYING = """
import io, os, signal
from archive.home import bucket
class Half(io.FileIO):
    passes = 0
    def read(self, size=-1):
        self.passes += not self.tell()
        if self.tell() and self.passes == 2:  # the first is to sign it, the second to send it
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(3000)
call = bucket.Bucket._call
def dying(self, method, digest, **values):
    if (method, digest) == ("put_object", os.environ["DIES_ON"]):
        values["Body"] = Half(values["Body"].name)
    return call(self, method, digest, **values)
bucket.Bucket._call = dying
"""
"""Killed when a part of one object was sent."""
PARTS = """
from pathlib import Path
from archive.home import bucket
from archive.home.store import digest_of, name_of
bucket._ONE_PUT, bucket._PART = 5 << 20, 5 << 20
file = Path(sys.argv[1])
file.write_bytes(bytes(range(256)) * (12 << 12))
there, digest = bucket.Bucket("s3://parts/x"), digest_of(file)
there.put(digest, file)
print(there.has(digest), repr(there.told(digest)))
there.get(digest, file)
print(digest_of(file) == digest, there.sizes()[0] == {digest: 12 << 20})
try:
    there.put(digest, file)
except FileExistsError:
    print("once")
"""


@pytest.fixture
def bucket(objects: ObjectServer) -> ObjectServer:
    """With an empty bucket, called letters."""
    objects.asked("moto-api/reset", "POST")
    objects.asked("letters", "PUT")
    return objects


@pytest.fixture
def afar(home: Home) -> Home:
    """A home that is to keep its copies there."""
    put_model(home)
    toml = home.root / "archive.toml"
    toml.write_text(f'{toml.read_text()}\n[store]\nurl = "s3://letters/archive"\nlarger_than = "2 kB"\n')
    (home.root.parent / "long.txt").write_text(LONG)
    return Home(home.root)


def file(home: Home) -> tuple[object, ...]:
    return ("file", home.root.parent / "long.txt", "--model", "example-heron-1")


def there(server: ObjectServer) -> dict[str, str]:
    """Every object, by the SHA-256 it is named by, with that of its bytes."""
    _, listed = server.asked("letters?list-type=2&prefix=archive/")
    keys = [part.partition("</Key>")[0] for part in listed.decode().split("<Key>")[1:]]
    return {key.removeprefix("archive/").replace("/", ""): digest_of(server.asked(f"letters/{key}")[1]) for key in keys}


def test_killed_in_mid_upload_nothing_half_is_seen_and_the_next_run_completes_it(
    afar: Home, bucket: ObjectServer
) -> None:
    statements, digest = afar.register.size, digest_of(LONG.encode())
    with pytest.raises(AssertionError, match=f"^{-signal.SIGKILL} "):
        bucket.typed(afar.root, ("store",), file(afar), first=DYING, DIES_ON=digest)
    found = there(bucket)
    assert (digest in found, len(found) > 4, all(name == actual for name, actual in found.items())) == (
        False,
        True,
        True,
    )
    assert afar.reopened().register.size == statements
    filed, again, checked = bucket.typed(afar.root, file(afar), file(afar), ("check",))
    assert (filed[0], again[0], "already filed" in again[1]) == (0, 0, True)
    assert checked[2].count("\n") == 1
    assert "that no list names: older versions of what people edit, or left by a command that was stopped" in checked[2]
    found = there(bucket)
    assert (digest in found, all(name == actual for name, actual in found.items())) == (True, True)
    (folder,) = afar.root.glob("transcripts/*/*-long")
    assert not (folder / "received.txt").exists()


def test_check_asks_for_the_checksums_that_s3_keeps_and_deep_reads_everything(afar: Home, bucket: ObjectServer) -> None:
    key = f"letters/archive/{name_of(digest_of(LONG.encode()))}"
    before = len(bucket.requests())
    *_, told, deep = bucket.typed(afar.root, ("store",), file(afar), ("check",), ("check", "--deep"))
    asked = bucket.requests()[before:]
    read = [n for n, line in enumerate(asked) if line.startswith("GET /letters/archive/")]
    assert (told[0], deep[0], f"HEAD /{key}" in asked[: read[0]]) == (0, 0, True)
    assert len(read) == len(there(bucket))
    bucket.asked(key, "PUT", b"Somebody else's words.\n")
    told, restored = bucket.typed(afar.root, ("check",), ("check", "--restore"))
    assert (told[0], f"damaged: s3://{key}: is not what its name says" in told[2]) == (1, True)
    assert (restored[0], "no good copy is in this home" in restored[2]) == (1, True)


def test_what_came_in_parts_has_no_checksum_of_the_whole_and_is_read_instead(
    objects: ObjectServer, tmp_path: Path
) -> None:
    objects.asked("parts", "PUT")
    done = objects.run(PARTS, tmp_path / "large")
    assert done.stdout.split("\n") == ["True ''", "True True", "once", ""], done.stderr


def test_what_s3_refuses_is_said_in_one_line_and_nothing_is_filed(afar: Home, bucket: ObjectServer) -> None:
    statements = afar.register.size
    toml = afar.root / "archive.toml"
    toml.write_text(toml.read_text().replace("s3://letters", "s3://nowhere"))
    missing, read = bucket.typed(afar.root, ("check",), ("list",))
    assert missing[2] == (
        "s3://nowhere/archive: The specified bucket does not exist; make the bucket, or correct [store] url in "
        "archive.toml\n"
    )
    assert (missing[0], read[0]) == (1, 0), "what does not need the store is read without it"
    toml.write_text(toml.read_text().replace("s3://nowhere", "s3://letters"))
    bucket.asked("moto-api/reset-auth", "POST", b"0")
    try:
        (refused,) = bucket.typed(afar.root, file(afar))
    finally:
        bucket.asked("moto-api/reset-auth", "POST", b"inf")
    assert (refused[0], refused[2].count("\n")) == (1, 1), refused
    assert refused[2].endswith(
        "; who may is said by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by ~/.aws/credentials\n"
    )
    (gone,) = bucket.typed(afar.root, file(afar), AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert (gone[0], gone[2].count("\n"), gone[2].endswith("; run this again once it can be reached\n")) == (
        1,
        1,
        True,
    ), gone
    assert afar.reopened().register.size == statements
