"""A `Site` as the files that are published: pages, feeds, what an issue froze, and the lists of sums over them."""

from archive.register import sums
from archive.register.sums import LIST
from publisher.site import feed, pages
from publisher.site.site import Files, Issue, Site

LIVE = ("register/checkpoint", "register/tile/")
"""Under the site, but outside its lists: they change with every statement."""


def files(site: Site) -> Files:
    """Every file of the site but the lists' proofs and what is live under ``register/``."""
    rendered = pages.render(site) | feed.render(site)
    rendered["register/policy"] = f"log {site.vkey}\nquorum none\n".encode()
    rendered["register/allowed_signers"] = site.allowed_signers
    rendered |= {f"issues/{gap.week}/notice.toml": gap.notice for gap in site.gaps}
    frozen: Files = {}
    for issue in site.issues:
        frozen |= issue.frozen
        rendered[f"issues/{issue.week}/{LIST}"] = issue_list(issue)
    root = sums.write({name: sums.digest(data) for name, data in rendered.items()})
    return rendered | frozen | {LIST: root}


def issue_list(issue: Issue) -> bytes:
    """``issues/<week>/SHA256SUMS``: what is frozen, by site path."""
    return sums.write({name: sums.digest(data) for name, data in issue.frozen.items()})


def is_live(name: str) -> bool:
    """Whether a site path is outside the lists because it changes with every statement."""
    return name == LIVE[0] or name.startswith(LIVE[1])
