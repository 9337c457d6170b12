"""Checking without any program of ours: the page that teaches it, on an essay of the newest issue."""

import json
import shlex
from dataclasses import dataclass

from archive.register import sshsig, sums
from archive.register.proof import Proof
from archive.register.statement import Statement
from publisher.essays.essay import PublishedEssay, Review
from publisher.site.shared import TEMPLATES
from publisher.site.site import Issue, Site
from publisher.site.verifier import PROGRAMS, key_of

PAGE = "verify/by-hand/index.html"


def newest(site: Site) -> Issue | None:
    """The newest issue of which not everything was withdrawn."""
    return next((issue for issue in reversed(site.issues) if site.there(issue)), None)


def shown(site: Site) -> PublishedEssay | None:
    """The essay that the page shows: of its issue, the first cut from an answer, or else the first."""
    issue = newest(site)
    essays = [issue.essay(accession) for accession in site.there(issue)] if issue else []
    return next((essay for essay in essays if _rule(essay)), essays[0] if essays else None)


def page_values(site: Site) -> dict[str, object]:
    """What the template of the page is given; every fact in it is computed from the essay."""
    essay = shown(site)
    program = (TEMPLATES / "register.go").read_text("utf-8")
    lines = len((TEMPLATES / "verify.sh").read_text("utf-8").splitlines())
    private = essay is not None and "private.sums" in sums.parse(essay.files["intake.sums"], "intake.sums")
    return {
        "essay": essay,
        "shell": essay and commands(site, essay),
        "private": private,
        "lines": lines,
        "program": program,
    }


Step = tuple[str, str]
"""Commands for a shell, and what they print."""


@dataclass(frozen=True, slots=True)
class Commands:
    """All of them in one folder, one after the other."""

    files: str
    text: Step
    intake: Step
    cut: Step | None
    register: Step
    review: Step
    whole: Step


def commands(site: Site, essay: PublishedEssay) -> Commands:
    """How to check an essay with the programs that every system has."""
    review, rule = essay.reviews[-1], _rule(essay)
    text = essay.sha256
    return Commands(
        files=_files(site, essay, review),
        text=("sha256sum essay.md", f"{text}  essay.md"),
        intake=_intake(essay),
        cut=(f"{rule} | sha256sum", f"{text}  -") if rule else None,
        register=_register(site, essay),
        review=_review(site, essay, review),
        whole=(
            f'GO111MODULE=off GOPATH=/usr/share/gocode go run register.go "$key" "$site/register" {review.index} '
            f"| cmp - {review.number}.json && echo same",
            "same",
        ),
    )


def _files(site: Site, essay: PublishedEssay, review: Review) -> str:
    listed = sums.parse(essay.files["intake.sums"], "intake.sums")
    received = sorted(listed.keys() & essay.files.keys())
    names = ["essay.md.tlog-proof", "intake.sums", "intake.sums.tlog-proof", *received]
    signed = f"reviews/{{{review.number}.json,{review.number}.json.sig}}"
    return "\n".join(
        (
            "mkdir check && cd check",
            f"site={shlex.quote(site.url().rstrip('/'))}",
            f"key={shlex.quote(site.vkey)}",
            f'curl -fsS --remote-name-all "$site/essays/{essay.slug}/{{{",".join(names)}}}"',
            f'curl -fsS --remote-name-all "$site/essays/{essay.slug}/{signed}" "$site/{review.listed}"',
            f'curl -fsS --remote-name-all "$site/verify/{{{",".join(PROGRAMS)}}}"',
        )
    )


def _intake(essay: PublishedEssay) -> Step:
    listed = sums.parse(essay.files["intake.sums"], "intake.sums")
    ignoring = "" if listed.keys() <= essay.files.keys() else "--ignore-missing "
    return f"sha256sum {ignoring}-c intake.sums", "\n".join(f"{name}: OK" for name in listed if name in essay.files)


def _register(site: Site, essay: PublishedEssay) -> Step:
    ran, printed = zip(*(_proved(site, essay, name) for name in ("essay.md", "intake.sums")), strict=True)
    return "\n".join(ran), "\n".join(printed)


def _proved(site: Site, essay: PublishedEssay, name: str) -> Step:
    """What ``verify.sh`` says of a file."""
    proof = Proof.parse(essay.files[f"{name}.tlog-proof"])
    said = Statement.decode(proof.leaf)
    subject = next(path for path, digest in said.subjects.items() if digest == sums.digest(essay.files[name]))
    decision = f" «{said.predicate['decision']}»" if said.kind == "review" else ""
    key = '"$key"' if (signed := key_of(site, proof.note)) == site.vkey else shlex.quote(signed)
    origin, size, *_ = proof.note.split("\n")
    what = f"a statement ({said.kind}{decision}, {said.predicate['time']}) that is entry {proof.index} of {origin}"
    return (
        f"sh verify.sh {name} {key}",
        f"verified: {name} is {subject}, in {what}, a register of {size} entries",
    )


def _review(site: Site, essay: PublishedEssay, review: Review) -> Step:
    leaf, name = f"{review.number}.json", shlex.quote(review.name)
    kind = sshsig.signature_kind(review.signature)
    ran = (
        f"sed -n 's/^extra //p' essay.md.tlog-proof | openssl base64 -d -A | cmp - {leaf} && echo same",
        f"grep -o \"$(sha256sum essay.md | cut -d ' ' -f 1)\" {leaf}",
        f"ssh-keygen -Y verify -f allowed_signers -I {name} -n {shlex.quote(site.namespace)} "
        f"-O verify-time={review.time:%Y%m%d%H%M%SZ} -s {leaf}.sig < {leaf}",
    )
    good = f'Good "{site.namespace}" signature for {review.name} with {kind} key {review.reviewer}'
    return "\n".join(ran), f"same\n{essay.sha256}\n{good}"


def _rule(essay: PublishedEssay) -> str | None:
    """The command that cuts the text out of the answer beside it, as `archive.importers.response` does."""
    texts = '[]|select(.type=="text").text'
    match json.loads(essay.files.get("response.json", b"null")):
        case {"content": list()}:
            where = f".content{texts}"
        case {"choices": [{"message": {"content": list()}}, *_]}:
            where = f".choices[0].message.content{texts}"
        case {"choices": list()}:
            where = ".choices[0].message.content"
        case {"output": list()}:
            where = '.output[]|select(.type=="message").content[]|select(.type=="output_text").text'
        case _:
            return None
    return f"jq -j '{where}' response.json"
