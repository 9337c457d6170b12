"""Deciding about an essay: signed here, or elsewhere, from where the signature is brought back as a file."""

from pathlib import Path
from typing import cast, get_args

from starlette.responses import PlainTextResponse, Response

from archive.desk.ask import Ask, goto
from archive.errors import Error, NotFound, Problem, Refused
from archive.home.accession import DecisionName
from archive.register import durable, sshsig
from publisher.essays import keys
from publisher.essays.review import complete, prepare, review
from publisher.essays.submission import Submission, find

ELSEWHERE, FILE = "elsewhere", "file"
"""What is chosen in the place of a key."""


def decide(ask: Ask) -> Response:
    """Sign a decision, or write it down for somebody who signs it elsewhere."""
    form, home, name = ask.form, ask.home, ask.path["name"]
    decision = _decision(form["decision"])
    criteria, shown = form.every("criterion"), form["shown"]
    before = home.register.size
    if form["key"] == ELSEWHERE:
        path = prepare(home, name, decision=decision, reviewer=form["reviewer"], criteria=criteria, shown=shown)
        return goto(ask, f"essays/{find(home, name).slug}?{f'prepared={path.name}' if path else 'already=yes'}")
    key = _key(ask)
    with keys.for_signing(home, key) as file:
        done = review(
            home, name, decision=decision, reviewer=key.reviewer, key=file, criteria=criteria, shown=shown,
            sign=sshsig.sign_apart,
        )  # fmt: skip
    return goto(ask, f"essays/{done.slug}?{_told(done, key.fingerprint, before)}")


def bring(ask: Ask) -> Response:
    """The signature that was made elsewhere, dropped on the page."""
    signature, before = ask.upload.read_bytes() if ask.upload else b"", ask.home.register.size
    done = complete(ask.home, ask.path["name"], signature)
    return PlainTextResponse(f"essays/{done.slug}?{_told(done, sshsig.signature_key(signature), before)}")


def carry(ask: Ask) -> Response:
    """``reviews/N.json`` as it lies there, to be signed elsewhere."""
    name = ask.path["file"]
    folder = find(ask.home, ask.path["name"]).folder / "reviews"
    if name not in {path.name for path in folder.glob("*.json*")}:
        raise NotFound(f"{name}: no review of this essay")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(durable.content(folder / name), media_type="application/octet-stream", headers=headers)


def _decision(said: str) -> DecisionName:
    if said not in get_args(DecisionName):
        what = f"expected {', '.join(get_args(DecisionName))}, found {said or 'none'}"
        raise Refused([Problem("decision", what, "choose one")])
    return cast("DecisionName", said)


def _key(ask: Ask) -> keys.Key:
    """The one that was chosen, as it is at hand now. Raises `Error`."""
    chosen = ask.form["key"]
    if chosen == FILE:
        file = Path(ask.form["file"].strip()).expanduser()
        if not file.is_absolute():
            raise Refused([Problem("key", "expected the whole path of a key", "such as ~/.ssh/id_ed25519")])
        reviewer = keys.reviewer_of(ask.home, file)
        return keys.Key(reviewer=reviewer, fingerprint=sshsig.key_fingerprint(file), text="", file=file, agent=False)
    for key in keys.at_hand(ask.home, Path.home() / ".ssh"):
        if chosen == f"{key.fingerprint} {key.reviewer}":
            return key
    raise Error("expected one of the keys that are offered, found none: choose with which key this is signed")


def _last(done: Submission, fingerprint: str) -> int:
    return [each for each in done.reviews if each.reviewer == fingerprint][-1].index


def _told(done: Submission, fingerprint: str, before: int) -> str:
    """What the page is to say of it: which entry it is, and from which entry on this was logged."""
    return f"entry={_last(done, fingerprint)}&size={before}"
