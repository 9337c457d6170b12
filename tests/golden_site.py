"""The golden site as a stranger has it: its files, the key of its register, and changes to what comes from it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import VerificationError
from archive.register.note import VerifierKey
from publisher.verify import target
from publisher.verify.verdict import Verdict

GOLDEN = Path(__file__).parent / "golden/site"
KEY = VerifierKey.parse((GOLDEN / "register/policy").read_text().split("\n")[0].split(" ", 1)[1])

Change = Callable[[str], str]
"""Takes a page or a feed and gives another."""


def replaced(what: str, by: str) -> Change:
    def change(text: str) -> str:
        assert what in text
        return text.replace(what, by)

    return change


def checked(data: str | bytes, path: Path) -> Verdict:
    """What is said of a file that holds this, with the golden site at hand."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return target.verify(str(path), key=KEY, site=str(GOLDEN))


def refusal(data: str | bytes, path: Path) -> str:
    """Why it is not verified, in words that no terminal obeys."""
    with pytest.raises(VerificationError) as refused:
        checked(data, path)
    said = str(refused.value)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)
    return said
