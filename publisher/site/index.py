"""``index.json``: what was received and published, for programs; the authoritative list. All times are UTC.

::

    format       1
    title, subtitle, language, url, archive, sample
    time         the site's clock: when the newest statement it knows of was made
    register     origin, key (vkey), url of the checkpoint, statements it held at `time`
    criteria     [{id, text}]                                                         as configured
    issues       [{week, number, time, url, mail_url, sums_url, essays: [accession]}] oldest first
    essays       [{accession, slug, title, title_by, model, language, series, preference, topic_by, candidates,
                   url, text_url, proof_url, sha256, bytes, week, published, received, reviews}]
                                                                                      in order of publishing
    withdrawn    [{accession, slug, url, notice_url, sha256, week, published, received, reviews, withdrawn, reason}]
                                                                                      published and taken down since
    gaps         [{week, reason, url, notice_url, logged}]                            weeks without an issue
    withheld     [{accession, received, reviews}]
    waiting      [{accession, received, state, since, reviews}]     received, neither published nor withheld
    counts       {received: {kind: number}, essays: {state: number}}
    intakes      [{url, data_url, first, last}]     every intake and what became of it, oldest first: pages, and the
                                                    same as data (`publisher.site.fate.entry`)

`topic_by` is model, menu or assigned, `candidates` a number; either may be ``"not_recorded: why"``, or without why.
`received`, `withdrawn` and `logged` are ``{statement, time}``: the position in the register, from 0, and its time.
A review is ``{decision, reviewer, key, criteria, statement, time}``. `sha256` and `bytes` are of the file at
`text_url`; `mail_url` is null where the mail was withdrawn with an essay in it.
Keys may be added; none changes its meaning while `format` is 1.
"""

import json
from collections.abc import Sequence
from typing import Any

from archive.register.statement import encode_time
from publisher.essays.essay import PublishedEssay
from publisher.site import fate
from publisher.site.fate import logged_entry, review_entry
from publisher.site.site import Fate, Gap, IntakePage, Issue, Site, Withdrawn, Withheld


def index(site: Site) -> bytes:
    """``index.json``"""
    issues = [(each.told.issue, each.told.essays) if each.told else objects(site, each) for each in site.issues]
    lists = {
        "issues": [issue for issue, _ in issues],
        "essays": [essay for _, essays in issues for essay in essays],
        "withdrawn": [_object(_withdrawn_entry(site, issue, e)) for issue in site.issues for e in site.gone(issue)],
        "gaps": [_object(_gap_entry(site, gap)) for gap in site.gaps],
        "withheld": [_object(_withheld_entry(each)) for each in site.withheld],
        "waiting": [_object(_waiting_entry(site, each)) for each in site.waiting],
        "intakes": [_object(_intakes_entry(site, page)) for page in site.intakes],
    }
    parts = [json.dumps(_head(site), ensure_ascii=False, indent=1).removesuffix("\n}")]
    parts += [f' "{name}": {_list(lines)}' for name, lines in lists.items()]
    return (",\n".join(parts) + "\n}\n").encode()


def _head(site: Site) -> dict[str, Any]:
    letter = site.newsletter
    return {
        "format": 1,
        "title": letter.title,
        "subtitle": letter.subtitle,
        "language": letter.language,
        "url": site.url(),
        "archive": site.name,
        "sample": site.sample,
        "time": encode_time(site.time),
        "register": {
            "origin": site.origin,
            "key": site.vkey,
            "url": site.url("register/checkpoint"),
            "statements": site.statements,
        },
        "criteria": [{"id": criterion.id, "text": criterion.text} for criterion in site.criteria],
        "counts": fate.counts(site),
    }


def objects(site: Site, issue: Issue) -> tuple[str, tuple[str, ...]]:
    """What is said of an issue, and of each of its essays, as it stands there."""
    essays = tuple(_object(_essay_entry(site, issue, essay)) for essay in issue.essays)
    return _object(_issue_entry(site, issue)), essays


def _object(value: dict[str, Any]) -> str:
    """An object in one of the lists: no line of JSON holds a line feed of its own, so all can be indented."""
    return "  " + json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n  ")


def _list(objects: Sequence[str]) -> str:
    return "[\n" + ",\n".join(objects) + "\n ]" if objects else "[]"


def _issue_entry(site: Site, issue: Issue) -> dict[str, Any]:
    return {
        "week": str(issue.week),
        "number": issue.number,
        "time": encode_time(issue.time),
        "url": site.url(f"issues/{issue.week}/"),
        "mail_url": site.url(issue.mail) if issue.mail else None,
        "sums_url": site.url(f"issues/{issue.week}/SHA256SUMS"),
        "essays": [*issue.slugs],
    }


def _gap_entry(site: Site, gap: Gap) -> dict[str, Any]:
    return {
        "week": str(gap.week),
        "reason": gap.reason,
        "url": site.url(f"issues/{gap.week}/"),
        "notice_url": site.url(f"issues/{gap.week}/notice.toml"),
        "logged": logged_entry(gap.logged),
    }


def _withdrawn_entry(site: Site, issue: Issue, essay: Withdrawn) -> dict[str, Any]:
    folder = f"essays/{essay.slug}"
    return {
        "accession": essay.accession,
        "slug": essay.slug,
        "url": site.url(f"{folder}/"),
        "notice_url": site.url(f"{folder}/notice.toml"),
        "sha256": essay.sha256,
        "week": str(issue.week),
        "published": encode_time(issue.time),
        "received": logged_entry(essay.intake),
        "reviews": [review_entry(review) for review in essay.reviews],
        "withdrawn": logged_entry(essay.logged),
        "reason": essay.code,
    }


def _withheld_entry(each: Withheld) -> dict[str, Any]:
    return {
        "accession": each.accession,
        "received": logged_entry(each.intake),
        "reviews": [review_entry(review) for review in each.reviews],
    }


def _waiting_entry(site: Site, each: Fate) -> dict[str, Any]:
    told = fate.entry(site, each)
    return {name: told[name] for name in ("accession", "received", "state", "since", "reviews")}


def _intakes_entry(site: Site, page: IntakePage) -> dict[str, Any]:
    folder = fate.path(page)
    return {
        "url": site.url(folder),
        "data_url": site.url(f"{folder}intakes.json"),
        "first": page.first,
        "last": page.last,
    }


def _essay_entry(site: Site, issue: Issue, essay: PublishedEssay) -> dict[str, Any]:
    record, folder = essay.record, f"essays/{essay.slug}"
    own = site.sampled.get(essay.accession)
    sampling = {"candidate": fate.candidate_entry(own.candidate)} if own else {}
    return {
        "accession": essay.accession,
        "slug": essay.slug,
        "title": record.title,
        "title_by": record.title_by,
        "model": record.model,
        "language": record.language or site.newsletter.language,
        "series": record.series,
        "preference": record.preference,
        "topic_by": record.topic_by,
        "candidates": record.candidates,
        **sampling,
        "url": site.url(f"{folder}/"),
        "text_url": site.url(f"{folder}/essay.md"),
        "proof_url": site.url(f"{folder}/essay.md.tlog-proof"),
        "sha256": essay.sha256,
        "bytes": len(essay.text),
        "week": str(issue.week),
        "published": encode_time(issue.time),
        "received": logged_entry(essay.intake),
        "reviews": [review_entry(review) for review in essay.reviews],
    }
