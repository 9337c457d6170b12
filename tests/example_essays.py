"""Essays logged, published, withheld and withdrawn by hand, as the publisher would: for tests of what reads them."""

from archive.home import intake
from archive.home.change import Change
from archive.home.home import Home
from archive.register import statement
from archive.register.statement import Statement

HASH = "0" * 64


def put_essay(home: Home, slug: str, making: str) -> str:
    """Its accession; `making` is the ``essay.toml``."""
    with home.writing() as writer:
        now = writer.now()
        number = writer.home.lives.next("essay", now.year)
        taken = intake.make({"essay.md": slug.encode()}, {}, 1)
        leaf = statement.intake(number, taken.sums, taken.digest, kind="essay", time=now).encode()
        files = {"essay.md": slug.encode(), "essay.toml": making.encode(), **taken.files}
        folder = f"essays/{now.date()}-{slug}"
        writer.commit(Change(leaves=[leaf], files={f"{folder}/{name}": data for name, data in files.items()}))
    return number


def log(home: Home, *statements: Statement) -> None:
    with home.writing() as writer:
        writer.commit(Change(leaves=[said.encode() for said in statements]))


def publish(home: Home, accession: str, week: str) -> None:
    log(home, statement.issue(week, HASH, HASH, essays=[accession], renderer="example 1", time=home.now()))


def withhold(home: Home, accession: str) -> None:
    decided = statement.review(
        accession,
        HASH,
        {},
        decision="withhold",
        intake_index=0,
        reviewer=f"SHA256:{'a' * 43}",
        criteria=["personal-data"],
        time=home.now(),
    )
    log(home, decided)


def withdraw(home: Home, accession: str) -> None:
    log(home, statement.notice("withdrawn", {f"{accession}/essay.md": HASH}, reason="asked", time=home.now()))


def making(title: str, *, series: str = "", preference: str = "", model: str = "example-heron-1") -> str:
    """The keys of an ``essay.toml`` that the archive reads."""
    keys = {"model": model, "title": title, "series": series, "preference": preference}
    return "format = 1\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items() if value)
