"""Trust policies: the example of the specification, everything that is wrong at once, and whose word is enough."""

import itertools
import re

import pytest

from archive.errors import Malformed, Refused, VerificationError
from archive.register import cosignature
from archive.register.note import Checkpoint, Signer
from archive.register.policy import Policy
from tests.example_register import SIGNER
from tests.example_witness import KESTREL, PLOVER, RAIL, cosigned, policy, witness

NOTE = SIGNER.sign(str(Checkpoint(SIGNER.name, 12, b"r" * 32)))
KEYS = {name: cosignature.key(witness(name)) for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
SPECIFIED = f"""\
# The example of C2SP tlog-policy
log {SIGNER.key}

witness X1 {KEYS["X1"]}
witness X2 {KEYS["X2"]}
\twitness  X3\t{KEYS["X3"]} https://x3.example/submit
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"]}
witness Y2 {KEYS["Y2"]}
witness Y3 {KEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_policy_of_the_specification_asks_for_two_of_x_and_one_of_y() -> None:
    read = Policy.parse(SPECIFIED.encode())
    assert read.witnesses[2].url == "https://x3.example/submit"
    for some in itertools.chain.from_iterable(itertools.combinations(KEYS, n) for n in range(7)):
        x, y = (sum(name.startswith(letter) for name in some) for letter in "XY")
        assert read.enough(some) == (x >= 2 and y >= 1), some


def test_a_policy_is_written_as_it_is_read() -> None:
    read = Policy.parse(SPECIFIED.encode())
    assert Policy.parse(bytes(read)) == read
    assert bytes(policy(0)) == f"log {SIGNER.key}\nquorum none\n".encode()
    assert Policy.parse(bytes(policy(2, KESTREL, PLOVER, RAIL))) == policy(2, KESTREL, PLOVER, RAIL)


def test_a_name_is_octets_whatever_they_mean() -> None:
    line = f"witness \udcff\udcfe {KEYS['X1']}\nquorum \udcff\udcfe\n".encode(errors="surrogateescape")
    read = Policy.parse(line)
    assert bytes(read) == line
    assert read.enough(["\udcff\udcfe"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "policy: expected a line «quorum NAME», found none"),
        ("quorum none", "policy:1: expected a newline at its end"),
        ("quorum none\nquorum none\n", "policy:2: expected one quorum line"),
        ("quorum W\nwitness W {X1}\n", "policy:1: expected a witness or group of the lines before, found 'W'"),
        ("group g 1 g\nquorum g\n", "policy:1: expected witnesses or groups of the lines before, found 'g'"),
        ("witness none {X1}\nquorum none\n", "policy:1: 'none' is no name for a witness"),
        ("witness W {X1}\ngroup W 1 W\nquorum W\n", "policy:2: 'W' is the name of another line"),
        ("witness W {X1}\ngroup g 1 none\nquorum g\n", "policy:2: expected witnesses or groups of the lines before"),
        ("witness V {X1}\nwitness W {X1}\nquorum W\n", "policy:2: has the same key as another line"),
        ("witness W {log}\nquorum W\n", "policy:1: expected a witness's key (its type is 0x04)"),
        ("log {X1}\nquorum none\n", "policy:1: expected a register's key (its type is 0x01)"),
        ("log {log}\nlog {log}\nquorum none\n", "policy:2: has the same key as another line"),
        ("log a+b+c\nquorum none\n", "policy:1: expected base64"),
        ("log\nquorum none\n", "policy:1: expected log VKEY [URL], found 'log'"),
        ("witness W {X1} url more\nquorum W\n", "policy:1: expected witness NAME VKEY [URL]"),
        ("allow all\nquorum none\n", "policy:1: expected log, witness, group or quorum, found 'allow all'"),
        ("witness W {X1}\ngroup g 0 W\nquorum g\n", "policy:2: expected all, any, or a number from 1 to 1, found '0'"),
        ("witness W {X1}\ngroup g 2 W\nquorum g\n", "policy:2: expected all, any, or a number from 1 to 1, found '2'"),
        ("witness W {X1}\ngroup g 01 W\nquorum g\n", "found '01'"),
        ("witness W {X1}\ngroup g any W W\nquorum g\n", "policy:2: 'W' is a member already"),
        ("witness W {X1}\ngroup g any W\ngroup h any W\nquorum g\n", "policy:3: 'W' is a member already"),
        ("group g any\nquorum g\n", "policy:1: expected group NAME all|any|K NAME…"),
        ("quorum none\r\n", "policy:1: expected no control characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    filled = text.format(X1=KEYS["X1"], log=SIGNER.key)
    with pytest.raises(Refused, match=re.escape(says)):
        Policy.parse(filled.encode())


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        Policy.parse(b"log x\nwitness W y\ngroup g 1 V\nallow\n")
    assert [problem.place for problem in refused.value.problems] == [*(f"policy:{n}" for n in range(1, 5)), "policy"]


def test_a_checkpoint_is_seen_by_those_who_cosigned_it_and_they_are_enough_or_not() -> None:
    two_of_three = policy(2, KESTREL, PLOVER, RAIL)
    once = two_of_three.satisfied(cosigned(NOTE, (KESTREL, 1000)))
    assert (once.checkpoint.size, once.times, once.quorum) == (12, {"kestrel": 1000}, False)
    twice = two_of_three.satisfied(cosigned(NOTE, (KESTREL, 1000), (RAIL, 900)))
    assert (twice.times, twice.quorum) == ({"kestrel": 1000, "rail": 900}, True)
    assert policy(0, KESTREL).satisfied(NOTE).quorum


def test_a_register_that_the_policy_does_not_know_or_a_bad_cosignature_is_refused() -> None:
    other = Signer("other.example/register", b"o" * 32)
    with pytest.raises(VerificationError, match=r"no log of the policy is called 'other\.example/register'"):
        policy(0).satisfied(other.sign(str(Checkpoint(other.name, 1, b"r" * 32))))
    with pytest.raises(VerificationError, match="not signed by"):
        policy(0).satisfied(Signer(SIGNER.name, b"o" * 32).sign(str(Checkpoint(SIGNER.name, 12, b"r" * 32))))
    longer = SIGNER.sign(str(Checkpoint(SIGNER.name, 13, b"r" * 32)))
    (line,) = cosignature.lines_of(cosigned(NOTE, (KESTREL, 1000)), [cosignature.key(KESTREL)])
    with pytest.raises(VerificationError, match="does not fit"):
        policy(0, KESTREL).satisfied(longer + line)
    with pytest.raises(Malformed):
        policy(0).satisfied(f"{SIGNER.name}\n")
