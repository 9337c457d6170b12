"""What programs read in the head of an essay's page: previews, search engines, reference managers.

Open Graph for previews (ogp.me), JSON-LD with the hash of the text (schema.org), and the ``citation_`` names of
HighWire Press, which Zotero and Google Scholar read. There the author is the maker's id, without spaces: reference
managers take the last word of anything else for a family name.
"""

import json
from typing import Any

from markupsafe import Markup

from archive.register.statement import encode_time
from publisher.essays.essay import PublishedEssay
from publisher.site import card
from publisher.site.colophon import author
from publisher.site.site import Issue, Site


def values(site: Site, issue: Issue, essay: PublishedEssay) -> dict[str, object]:
    """What ``meta.html`` is given."""
    return {
        "author": author(site, essay),
        "card": {
            "url": site.url(card.path(essay.slug)),
            "width": card.WIDTH,
            "height": card.HEIGHT,
            "told": card.told(site, issue, essay),
        },
        "data": _linked_data(site, issue, essay),
        "published": encode_time(issue.time),
    }


def _linked_data(site: Site, issue: Issue, essay: PublishedEssay) -> Markup:
    """The essay as JSON-LD (schema.org), with the hash of its text; escaped so that nothing in it can end a script."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": essay.record.title,
        "author": {
            "@type": "SoftwareApplication",
            "name": author(site, essay),
            "identifier": essay.record.model,
            "url": site.url(site.page_of(essay.record.model).removesuffix("index.html")),
        },
        "datePublished": encode_time(issue.time),
        "inLanguage": essay.record.language or site.newsletter.language,
        "url": site.url(f"essays/{essay.slug}/"),
        "image": site.url(card.path(essay.slug)),
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": issue.number,
            "datePublished": encode_time(issue.time),
            "url": site.url(f"issues/{issue.week}/"),
            "isPartOf": {"@type": "Periodical", "name": site.newsletter.title, "url": site.url()},
        },
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": site.url(f"essays/{essay.slug}/essay.md"),
            "encodingFormat": "text/markdown",
            "contentSize": f"{len(essay.text)} B",
            "sha256": essay.sha256,
        },
    }
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))
