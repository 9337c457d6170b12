"""A whole site, byte for byte: three weeks, one of them skipped, one essay withheld, one with an erratum."""

import itertools
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from archive.home.founding import create
from archive.home.home import Home
from archive.register.note import Signer
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.week import Week
from tests.conftest import MAKING, NEWSLETTER, Clock, Programs
from tests.files import tree

ODD = """# A heading

From here on: 2*3*4 — «größer».

> quoted

1. one
2. two

```
code
```

![a heron](https://example.com/h.png) ends here without a newline"""
RESPONSE = {
    "type": "message",
    "role": "assistant",
    "model": "example-heron-1",
    "content": [{"type": "text", "text": "Cut from an answer.\n"}, {"type": "text", "text": "In two blocks.\n"}],
}


@pytest.fixture
def fixed_home(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Path]:
    """A home in which nothing is random: the register's key, the nonces, the reviewer's key."""
    numbers = itertools.count(1)
    monkeypatch.setattr(secrets, "token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
    monkeypatch.setattr(Signer, "generate", classmethod(lambda cls, name: cls(name, bytes(range(32)))))
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
    (tmp_path / "id").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    (tmp_path / "id").chmod(0o600)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    home = create(tmp_path / "home", name="Example", origin="letters.example.org/register", sample=True)
    with (home.root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    signer = f'ada@example.org namespaces="review@letters.example.org",valid-after="20260101000000Z" {public}\n'
    (home.root / "allowed_signers").write_text(signer)
    return home, tmp_path / "id"


def test_the_site_is_what_it_was(
    fixed_home: tuple[Home, Path],
    clock: Clock,
    write_essay: Callable[..., Path],
    golden: Callable[[str, dict[str, bytes]], None],
) -> None:
    home, key = fixed_home
    cut = write_essay("from-an-answer", "", MAKING.replace("On commas", "Less & <more>"))
    (cut / "essay.md").unlink()
    (cut / "response.json").write_text(json.dumps(RESPONSE))
    for folder in (write_essay("odd", ODD), cut, write_essay("withheld", "About a neighbour.\n")):
        submit(home, folder)
    clock.set("2026-11-03")
    for slug in ("odd", "from-an-answer"):
        review(home, slug, decision="publish", reviewer="ada@example.org", key=key)
    review(
        home.reopened(),
        "withheld",
        decision="withhold",
        reviewer="ada@example.org",
        key=key,
        criteria=["personal-data"],
    )
    clock.set("2026-11-06")
    publish(home)
    clock.set("2026-11-16")
    skip(home, [Week.parse("2026-W46")], "technical")
    notes = home.root / "essays/2026-11-02-odd/editors"
    notes.mkdir()
    erratum = 'format = 1\nkind = "erratum"\nby = "The editors"\ndate = 2026-11-16\ntext = "It is 24."\n'
    (notes / "1.toml").write_text(erratum)
    clock.set("2026-11-20")
    publish(home)
    checked = Programs().publisher("verify", home.site, "--key", str(home.reopened().register.key))
    assert checked.exit_code == 0, checked.stderr
    golden("site", tree(home.site))
