"""Setting a newsletter up: the answers become lines of ``archive.toml`` and ``allowed_signers``, in one change.

What stands is shown and kept: a value is changed where it stands, with its comment; what nobody asked about stays byte
for byte. A new list of reviewers is logged with the change, as `archive.home.setup` has it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from pathlib import Path

from pydantic import ValidationError

from archive.errors import Problem, Refused, accepted
from archive.home import account, founding
from archive.home import setup as filed
from archive.home.change import Change
from archive.home.configuration import About, Configuration, Criterion
from archive.home.home import Home
from archive.home.signers import NAME, Signers
from archive.home.versions import ALLOWED_SIGNERS
from archive.records import edited, sidecar
from archive.records.toml import table, toml
from publisher.setup import delivery, questions, reviewers
from publisher.setup.questions import QUESTIONS, Answers
from publisher.setup.reviewers import Reviewer

TOML = "archive.toml"


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that was answered."""

    newsletter: Answers
    reviewers: Sequence[Reviewer] = ()
    """Who is to be listed besides those who are."""
    criteria: Mapping[str, str] = field(default_factory=dict)
    """Id → question: what is asked of each text besides, or in other words."""
    delivery: Answers = field(default_factory=dict)
    """Of ``[delivery]``: empty where what stands is to be taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it."""

    home: Home
    """As it stands now."""
    new: bool
    """Whether the home was made."""
    written: tuple[str, ...]
    """Which of ``archive.toml`` and ``allowed_signers`` changed."""
    size: int
    """Of the register before."""


def completed(home: Home | None, wanted: Wanted) -> Wanted:
    """With what stands for everything that was not answered; where nothing stands, with what is proposed."""
    letter = home.configuration.newsletter if home else None
    if letter:
        return replace(wanted, newsletter={**questions.standing(letter), **wanted.newsletter})
    today = (home.now() if home else dt.datetime.now(dt.UTC)).date()
    return replace(wanted, newsletter=questions.completed(wanted.newsletter, today))


def found_and_set_up(
    folder: Path, wanted: Wanted, *, name: str | None = None, origin: str | None = None, sample: bool = False
) -> Done:
    """A home where there is none, with its newsletter. Raises `Refused`, or `Error`, before anything is made."""
    called = origin or questions.origin(wanted.newsletter) or founding.own_origin(folder.name)
    wrong = [*founding.origin_problems(called), *questions.problems(wanted.newsletter)]
    wrong += delivery.problems(wanted.delivery)
    wrong += reviewers.problems(Signers.of(b""), wanted.reviewers, "review", dt.datetime.now(dt.UTC))
    if wrong:
        raise Refused(wrong)
    written(founding.form(name="x", origin="x"), wanted)
    home = founding.create(folder, name=name or wanted.newsletter["title"], origin=called, sample=sample)
    return replace(set_up(home, wanted), new=True)


def set_up(home: Home, wanted: Wanted, before: Mapping[str, str | None] | None = None) -> Done:
    """Write what is other than it stands. Raises `Refused` with everything that is wrong.

    `before` is what somebody saw who answered (`Change.before`): over other files nothing is written.
    """
    with home.writing() as writer:
        now, size = writer.now(), writer.home.register.size
        if files := coming(writer.home, wanted, now):
            change = Change()
            if NAME in files:
                change = filed.naming(home, ALLOWED_SIGNERS, files[NAME], reason="reviewers", time=now)
            kept = account.of_home(home.root, home.store, files)
            for data in files.values():
                kept |= filed.copied(home, data)
            writer.commit(replace(change, files={**kept, **files}, before=before or {}))
        return Done(home=writer.home, new=False, written=tuple(files), size=size)


def coming(home: Home, wanted: Wanted, now: dt.datetime) -> dict[str, bytes]:
    """What ``archive.toml`` and ``allowed_signers`` will hold, each where that is another thing than now.

    Raises `Refused` with everything that is wrong.
    """
    listed, namespace = home.signers, home.configuration.review.namespace
    wrong = [*filed.problems(home), *questions.problems(wanted.newsletter), *delivery.problems(wanted.delivery)]
    wrong += reviewers.problems(listed, wanted.reviewers, namespace, now)
    if wrong:
        raise Refused(wrong)
    text = (home.root / TOML).read_bytes().decode()
    made = {TOML: written(text, wanted), NAME: reviewers.added(listed, wanted.reviewers, namespace, now)}
    return {name: data for name, data in made.items() if data != {TOML: text.encode(), NAME: listed.data}[name]}


def written(text: str, wanted: Wanted) -> bytes:
    """``archive.toml`` with these answers. Raises `Refused` where it is written so that it cannot be changed."""
    configuration = _configuration(text)
    if configuration.newsletter is None:
        text = _begun(text, wanted.newsletter)
    else:
        stands = questions.standing(configuration.newsletter)
        for key, value in wanted.newsletter.items():
            if stands[key] != value:
                text = edited.put(text, "newsletter", key, value, _EXPLAINS[key])
    going = delivery.standing(configuration.delivery)
    for key, value in wanted.delivery.items():
        if value and going[key] != value:
            text = edited.put(text, "delivery", key, value, _EXPLAINS[key])
        elif going[key] != value:
            text = edited.changed(text, {("delivery", key): None}, TOML)
    known = {each.id: number for number, each in enumerate(configuration.review.criteria)}
    for name, question in wanted.criteria.items():
        if name not in known:
            text = edited.add(text, ("review", "criteria"), {"id": name, "text": question})
        elif configuration.review.criteria[known[name]].text != question:
            text = edited.put_in(text, ("review", "criteria"), known[name], "text", question)
    _configuration(text)
    return text.encode()


def _begun(text: str, answers: Answers) -> str:
    """With a first table ``[newsletter]``, every line of it explained."""
    lines = ["[newsletter]"]
    for question in QUESTIONS:
        lines += [f"# {row}" for row in question.explains.split("\n")]
        lines.append(f"{question.key} = {toml(answers[question.key])}")
    made = "\n".join([*lines, *_MORE, *_about(text, answers["from"]), ""])
    if founding.NEWSLETTER in text:
        return text.replace(founding.NEWSLETTER, made, 1)
    return f"{edited.ended(text)}\n{made}"


def _about(text: str, sender: str) -> list[str]:
    """Whom models and readers write to, which `about/` shows: who sends the mail, unless the text says another."""
    address = parseaddr(sender)[1]
    try:
        About(contact=address)
    except ValidationError:
        return []
    said = ["", *_ABOUT, f"contact = {toml(address)}"]
    return said if _configuration(text).about == About() and "[about]" not in text else []


_EXPLAINS = {question.key: question.explains for question in (*QUESTIONS, *delivery.QUESTIONS)}
_MORE = (
    "# What else may stand here; take the # away:",
    '# subtitle = "What a retired model writes"',
    "# per_issue = 1   # essays in an issue",
    '# disclaimer = "The author does not speak for us."   # under every essay',
    '# run = { since = "2026-W48" }   # the weeks that are promised: each is published or explained',
    "",
    "# [delivery]   # docs/hosting.md, docs/running.md",
    '# deploy = "editor@example.org:/srv/www/letters"   # where `publisher deploy` takes the site',
    '# smtp = "smtps://letters%40example.org@smtp.example.org:465"',
    '# to = "letters@lists.example.org"   # where the list takes in its mails',
)


_ABOUT = (
    "[about]",
    "# What about/ says of you besides; take the # away:",
    '# run_by = "Example Labs"',
    '# words = "Every Friday, an essay by a model that was retired."',
    "# Where a model, or whoever speaks for one, and readers ask for a change: a mail or https address.",
)


def _configuration(text: str) -> Configuration:
    return accepted(sidecar.read(text.encode(), TOML, Configuration))


def summary(home: Home) -> Iterator[tuple[str, str]]:
    """What stands, a name and its value each."""
    configuration = home.configuration
    yield "register", configuration.archive.origin
    if configuration.newsletter:
        yield from questions.standing(configuration.newsletter).items()
    if configuration.about.contact:
        yield "contact", configuration.about.contact
    yield from ((key, said) for key, said in delivery.standing(configuration.delivery).items() if said)
    for signer in home.signers.listed:
        until = f", until {signer.options['valid-before']}" if "valid-before" in signer.options else ""
        yield "reviewer", f"{signer.name}  {signer.fingerprint}{until}"
    for criterion in configuration.review.criteria:
        yield "criterion", f"{criterion.id}  {criterion.text}"


def told(done: Done) -> Iterator[str]:
    """What is said of it besides, a line each."""
    home = done.home.reopened()
    yield from founding.told(home) if done.new else ()
    yield from filed.told(home, done.size)
    yield f"written: {', '.join(done.written)} in {home.root}" if done.written else "nothing changed"
    if done.written and not done.new and home.register.index.of_kind("issue"):
        yield "The next issue shows it, or now: publisher publish --site"


def criteria(home: Home | None) -> tuple[Criterion, ...]:
    """What reviewers ask of each text now, or in a new home."""
    configuration = home.configuration if home else _configuration(founding.form(name="x", origin="x"))
    return tuple(configuration.review.criteria)


def criterion(text: str) -> tuple[str, str]:
    """``harm=Could following it injure someone?`` → its id and its question. Raises `Refused`."""
    name, mark, question = text.partition("=")
    if not mark:
        what = f"expected an id and a question, found {text[:60]!r}"
        raise Refused([Problem("--criterion", what, "as in harm=Could following it injure someone?")])
    read = sidecar.read(table("", {"id": name, "text": question}).encode(), "--criterion", Criterion)
    accepted([replace(each, place="--criterion") for each in read] if isinstance(read, list) else read)
    return name, question
