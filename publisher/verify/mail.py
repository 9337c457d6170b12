"""The mail of an issue, as a site keeps it: its essays in their order, byte for byte, and their words in its HTML."""

from collections.abc import Iterator

from archive.errors import Problem
from archive.register.statement import Statement
from publisher.essays.words import extract_article, visible
from publisher.site import mail
from publisher.verify.opened import Opened
from publisher.verify.page import apart


def problems(site: Opened, issue: Statement) -> Iterator[Problem]:
    """What is wrong with the mail of an issue. Raises `Malformed` where it holds no essays."""
    name = f"issues/{issue.predicate['week']}/issue.eml"
    data = site.folder.data(name)
    cut = mail.essays(data)
    if [essay.accession for essay in cut] != issue.predicate["essays"]:
        yield Problem(name, "does not carry the essays of the issue, in order")
    html = mail.html_part(data)
    for essay in cut:
        slug = site.essays.get(essay.accession)
        if slug is None:  # named already: missing, damaged, or not of this issue
            continue
        if site.digests[f"essays/{slug}/essay.md"] != essay.sha256:
            yield Problem(name, f"{essay.accession} is not a text of this site")
            continue
        body = extract_article(html, essay.sha256)
        if body is not None:  # an essay that is too long for it is only linked there
            words = visible(site.folder.text(f"essays/{slug}/article.html"))
            yield from apart(name, slug, words, visible(body))
