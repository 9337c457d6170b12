"""What a newsletter needs, as a form: the answers of `publisher setup`, whose keys count, how mail and site go out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from starlette.responses import Response

from archive.desk.ask import Ask, Form, page
from archive.errors import Changed, Error, Problem, Refused
from archive.home import revocation
from archive.home import setup as filed
from archive.home.configuration import WEEKDAYS
from archive.home.home import Home
from archive.register import durable
from archive.register.statement import encode_time
from publisher.desk.week.answered import answered
from publisher.desk.week.logged import came, since
from publisher.setup import delivery, questions, reviewers
from publisher.setup import setup as setting
from publisher.setup.reviewers import PublicKey, Reviewer
from publisher.setup.setup import Wanted

_LARGEST = 1 << 16
"""Bytes of a public key that is read."""
_FILES = ("archive.toml", "allowed_signers")


def form(ask: Ask) -> Response:
    """All of it, with what stands."""
    return _form(ask, _standing(ask.home), {}, 200)


def set_up(ask: Ask) -> Response:
    """Write what is answered otherwise; what is wrong stands at its field."""
    home, form = ask.home, ask.form
    try:
        wanted = setting.completed(home, _wanted(ask))
        done = setting.set_up(home, wanted, ask.before)
    except Changed:
        raise
    except Refused as refused:
        return _form(ask, form, _at_fields(refused.problems), 422)
    said = [f"{key}: {value}" for key, value in setting.summary(done.home.reopened())]
    then = [("week", "The week"), ("essays", "Take in a text"), ("week/setup", "Look at the answers")]
    lines = [*setting.told(done), *said]
    return answered(ask, "Set up", came(ask, lines, entries=since(home, done.size), then=then))


def take_key(ask: Ask) -> Response:
    """A public key that was dropped: offered from now on. A private one is refused, and not kept."""
    assert ask.upload
    try:
        if ask.upload.stat().st_size > _LARGEST:
            raise Error("larger than any key")
        key = reviewers.public_key(ask.upload)
    except Error:
        what = (
            f"{Path(ask.path['name']).name}: expected a public SSH key such as ssh-ed25519 AAAA…, found something else"
        )
        raise Error(f"{what}; it ends in .pub, beside the private one, which stays where it is") from None
    text = f"{key.text} {key.comment}".rstrip() + "\n"
    durable.write(_kept(ask) / f"{key.fingerprint[7:].replace('/', '_')}.pub", text.encode())
    return Response(key.fingerprint, 200, media_type="text/plain")


def revoke(ask: Ask) -> Response:
    """End a reviewer's key, as `publisher revoke` does."""
    home, who, given = ask.home, ask.form["who"], ask.form["from"].strip()
    size = home.register.size
    done = revocation.revoke(home, who, revocation.time_of(given) if given else None)
    lines = [f"{line.name}  {line.fingerprint}  until {encode_time(done.time)}" for line in done.ended]
    if not done.ended:
        lines = [f"{who} decides nothing after {encode_time(done.time)} already; nothing changed"]
    lines += [*filed.told(home.reopened(), size), *revocation.told(done)]
    then = [("week/site", "Publish the list with the site")] if done.ended else []
    return answered(ask, "End a key", came(ask, lines, entries=since(home, size), then=then))


def _form(ask: Ask, values: Mapping[str, str], wrong: Mapping[str, Problem], status: int) -> Response:
    home = ask.home
    listed = {signer.fingerprint for signer in home.signers.listed}
    asked = {question.option.removeprefix("--") for question in (*questions.QUESTIONS, *delivery.QUESTIONS)}
    return page(
        ask,
        "week/setup-form.html" if ask.partial else "week/setup.html",
        status=status,
        new=home.configuration.newsletter is None,
        questions=questions.QUESTIONS,
        delivery=delivery.QUESTIONS,
        values=values,
        weekdays=dict.fromkeys(WEEKDAYS, ""),
        chosen=ask.form.every("key"),
        wrong=wrong,
        other=[*filed.problems(home), *(found for place, found in wrong.items() if place not in asked | {"reviewer"})],
        listed=home.signers.listed,
        offered=[(key, reviewers.proposed_name(key)) for key in _offered(ask) if key.fingerprint not in listed],
        criteria=setting.criteria(home),
        base=ask.form["_base"] or ask.base(*_FILES),
    )


def _standing(home: Home) -> Form:
    """The fields of the form as they stand; what is proposed, where nothing does."""
    letter = home.configuration.newsletter
    said = questions.standing(letter) if letter else questions.completed({}, home.now().date())
    said |= delivery.standing(home.configuration.delivery)
    said |= {f"criterion-{each.id}": each.text for each in setting.criteria(home)}
    return Form({key: [value] for key, value in said.items()})


def _wanted(ask: Ask) -> Wanted:
    """What was answered: nothing of a field that was left empty before anything stands. Raises `Refused`."""
    form, home = ask.form, ask.home
    answers = {question.key: form[question.key].strip() for question in questions.QUESTIONS}
    if home.configuration.newsletter is None:
        answers = {key: said for key, said in answers.items() if said}
    going = {question.key: form[question.key].strip() for question in delivery.QUESTIONS}
    return Wanted(answers, list(_reviewers(ask)), dict(_criteria(ask)), going)


def _reviewers(ask: Ask) -> Iterator[Reviewer]:
    known = {key.fingerprint: key for key in _offered(ask)}
    for fingerprint in ask.form.every("key"):
        if fingerprint in known:
            yield reviewers.taken(ask.form[f"name-{fingerprint}"].strip(), known[fingerprint])


def _criteria(ask: Ask) -> Iterator[tuple[str, str]]:
    for each in setting.criteria(ask.home):
        if said := ask.form[f"criterion-{each.id}"].strip():
            yield setting.criterion(f"{each.id}={said}")
    if ask.form["new-id"].strip() or ask.form["new-question"].strip():
        yield setting.criterion(f"{ask.form['new-id'].strip()}={ask.form['new-question'].strip()}")


def _offered(ask: Ask) -> list[PublicKey]:
    """Keys in ``~/.ssh``, and those that were dropped here, each once."""
    found: dict[str, PublicKey] = {}
    for folder in (Path.home() / ".ssh", _kept(ask)):
        with suppress(OSError):
            for key in reviewers.offered(folder):
                found.setdefault(key.fingerprint, key)
    return list(found.values())


def _kept(ask: Ask) -> Path:
    return ask.desk.kept / "keys"


def _at_fields(found: Sequence[Problem]) -> dict[str, Problem]:
    """What is wrong by the name of its field: ``base-url``; what is wrong elsewhere by its place."""
    return {problem.place.removeprefix("--"): problem for problem in found}
