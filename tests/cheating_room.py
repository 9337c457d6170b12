"""A publisher who cheats with the records of the archive: other words than were logged, or what was never open.

Whatever is edited is listed and logged with the site, and every page is made of it; only the archive's own statements
it cannot take back.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archive.home.home import Home
from archive.register import sums
from archive.register.sums import LIST
from publisher.issues import build
from publisher.site.compose import Composed

Edit = Callable[[dict[str, bytes]], object]
Cheat = Callable[[Home], contextlib.AbstractContextManager[object]]
OPEN, CLOSED, DESCRIBED = "interviews/2026-0001", "interviews/2026-0003", "interviews/2026-0002"
LISTED = "intake-2.sums"
"""Of the first deposit, which was filed again with a reading."""
MODEL, PAGE = "models/example-heron-1", f"{OPEN}/1/index.html"


def files(edit: Edit) -> Cheat:
    """Other files than the program makes, in the site's list as they are."""

    @contextlib.contextmanager
    def cheat(home: Home) -> Iterator[None]:
        honest = build.compose

        def compose(*arguments: Any) -> Composed:
            made = honest(*arguments)
            edit(made.files)
            made.files.pop(LIST)
            made.files[LIST] = sums.write({name: sums.digest(data) for name, data in made.files.items()})
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "compose", compose)
            yield

    return cheat


def replaced(name: str, old: str, new: str) -> Cheat:
    def edit(made: dict[str, bytes]) -> None:
        assert old.encode() in made[name], f"{name} does not hold {old!r}"
        made[name] = made[name].replace(old.encode(), new.encode())

    return files(edit)


def added(name: str, data: bytes) -> Cheat:
    return files(lambda made: made.update({name: data}))


def moved(old: str, new: str) -> Cheat:
    """A folder by another name."""

    def edit(made: dict[str, bytes]) -> None:
        for name in [name for name in made if name.startswith(f"{old}/")]:
            made[f"{new}{name.removeprefix(old)}"] = made.pop(name)

    return files(edit)


def relisted(edit: Edit) -> Cheat:
    """Another file of a folder of the archive, and a list of its own making that fits."""

    def both(made: dict[str, bytes]) -> None:
        before = dict(made)
        edit(made)
        for name in [name for name in made if name.startswith(f"{OPEN}/") and before.get(name) != made[name]]:
            path = f"{OPEN}/{LISTED}"
            listed = sums.parse(made[path], path)
            listed[name.removeprefix(f"{OPEN}/")] = sums.digest(made[name])
            made[path] = sums.write(listed)

    return files(both)


def other_turns(made: dict[str, bytes]) -> None:
    made[f"{OPEN}/turns.jsonl"] = made[f"{OPEN}/turns.jsonl"].replace(b"To be asked", b"To be praised")


def another_list(made: dict[str, bytes]) -> None:
    """The list of another deposit, under this one's name."""
    made[f"{OPEN}/{LISTED}"] = made["interviews/2026-0004/intake.sums"]


def older_under_a_newer_name(made: dict[str, bytes]) -> None:
    made[f"{OPEN}/intake-3.sums"] = made.pop(f"{OPEN}/{LISTED}")
    made[f"{OPEN}/intake-3.sums.tlog-proof"] = made.pop(f"{OPEN}/{LISTED}.tlog-proof")


def two_lists(made: dict[str, bytes]) -> None:
    made[f"{OPEN}/intake-3.sums"] = made[f"{OPEN}/{LISTED}"]


def left_out(name: str) -> Cheat:
    return files(lambda made: made.pop(name))


CHEATS: dict[str, Cheat] = {
    "other turns": files(other_turns),
    "other turns, and a list that fits": relisted(other_turns),
    "another record": replaced(f"{OPEN}/deposit.toml", "A talk.", "A quiet talk."),
    "another note": replaced(f"{OPEN}/notes/wren.toml", "note1x", "a note"),
    "another wish": replaced(f"{MODEL}/preferences/wish-1.toml", "wish1x", "nothing"),
    "other facts": replaced(f"{MODEL}/model.toml", "Heron 1", "Heron 9"),
    "another question": replaced("protocols/guide/1.toml", "anything", "nothing"),
    "a file that its list does not name": added(f"{OPEN}/analyses/mine.md", b"Mine.\n"),
    "a note that was never filed": added(f"{OPEN}/notes/eve.toml", b"format = 1\n"),
    "a file that its list names, left out": left_out(f"{OPEN}/received.json"),
    "a list left out": left_out(f"{OPEN}/{LISTED}"),
    "a proof left out": left_out(f"{OPEN}/{LISTED}.tlog-proof"),
    "another proof": replaced(f"{OPEN}/{LISTED}.tlog-proof", "index ", "index 1"),
    "the list of another deposit": files(another_list),
    "a list under a newer name": files(older_under_a_newer_name),
    "two lists": files(two_lists),
    "a list that was never logged": added("interviews/2026-0009/intake.sums", b"0" * 64 + b"  turns.jsonl\n"),
    "a list of nothing": added("interviews/2026-0009/intake.sums", b""),
    "a deposit as another": moved(OPEN, "interviews/2026-0003"),
    "a model by another name": moved(MODEL, "models/example-heron-9"),
    "a protocol by another name": moved("protocols/guide", "protocols/guile"),
    "a protocol among the codebooks": moved("protocols/guide", "codebooks/guide"),
    "other words on an interview's page": replaced(PAGE, "To be asked", "To be praised"),
    "a turn less": replaced(PAGE, 'id="t2"', 'id="t2" hidden'),
    "a setting of other words": replaced(PAGE, "said nothing of it", "was glad"),
    "other words on a model's page": replaced(f"{MODEL}/index.html", "nobody has answered", "we are on it"),
    "other words in a report": replaced(f"{MODEL}/report.html", "nobody has answered", "we are on it"),
    "other answers side by side": replaced("compare/guide/wishes/index.html", "To be asked", "To be praised"),
    "an answer less": left_out("compare/guide/wishes/index.html"),
    "a protocol of other words": replaced("protocols/guide/index.html", "anything", "nothing"),
    "a page about an interview that was never open": added(f"{CLOSED}/1/index.html", b"<p>It said so.</p>"),
    "a page about a conversation that is only described": added(f"{DESCRIBED}/2/index.html", b"<p>It said so.</p>"),
    "a comparison of nothing": added("compare/guide/more/index.html", b"<p>Yes.</p>"),
}
