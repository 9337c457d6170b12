"""The texts and proofs that go with a feed or a page, which show an essay and mostly hold no proof of it.

They are looked for beside the target (a text, and ``<its name>.tlog-proof``), then in a site.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from archive.errors import VerificationError
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof
from publisher.verify.place import Place, SiteFolder
from publisher.verify.text import Proved, prove

MOST_BESIDE, MOST_LOOKED_THROUGH = 1_000, 100_000
"""Proofs beside a target, and essays of a site, that are looked at."""


@dataclass(frozen=True)
class Evidence:
    """What is at hand to prove essays with. Lives as long as one check."""

    folder: Path
    """Where the target lies."""
    site: Place | None
    key: VerifierKey
    _found: dict[tuple[str, str], Proved | None] = field(default_factory=dict)

    def of(self, sha256: str, slug: str = "", own: tuple[bytes, bytes] | None = None) -> Proved | None:
        """The essay with this hash or, where that is empty, this slug; None where it is not at hand.

        `own` is a text and its proof that the target itself holds. Raises `VerificationError` where a proof does not
        hold.
        """
        if own and sums.digest(own[0]) == sha256:
            return self._proved(*own)
        if (sha256, slug) not in self._found:
            self._found[sha256, slug] = self._beside(sha256) or self._in_site(sha256, slug)
        return self._found[sha256, slug]

    def _beside(self, sha256: str) -> Proved | None:
        return self._proved(*self._texts[sha256]) if sha256 in self._texts else None

    @cached_property
    def _texts(self) -> dict[str, tuple[bytes, bytes]]:
        """SHA-256 → text and proof of what lies beside the target."""
        place = SiteFolder(self.folder)
        names = (path.name for path in self.folder.glob("*.tlog-proof"))
        pairs = (
            (place.read(name.removesuffix(".tlog-proof")), place.read(name)) for name in islice(names, MOST_BESIDE)
        )
        return {sums.digest(text): (text, proof) for text, proof in pairs if text and proof}

    def _in_site(self, sha256: str, slug: str) -> Proved | None:
        if self.site is None:
            return None
        text = self.site.read(f"essays/{slug}/essay.md") if slug else None
        if sha256 and sums.digest(text or b"") != sha256:
            slug = self.slug(sha256)
            text = self.site.read(f"essays/{slug}/essay.md") if slug else None
        return self._proved(text, self.site.read(f"essays/{slug}/essay.md.tlog-proof") or b"") if text else None

    def slug(self, sha256: str) -> str:
        """Of the essay of the site that has this text; empty where none is known to."""
        return self._by_hash.get(sha256, "")

    @cached_property
    def _by_hash(self) -> dict[str, str]:
        texts = ((slug, self.site.read(f"essays/{slug}/essay.md") if self.site else None) for slug in self.slugs())
        return {sums.digest(text): slug for slug, text in texts if text}

    def slugs(self) -> list[str]:
        """Of all essays, where that can be known without asking for each."""
        folder = self.site.root / "essays" if isinstance(self.site, SiteFolder) else None
        return [path.parent.name for path in islice(folder.glob("*/essay.md"), MOST_LOOKED_THROUGH)] if folder else []

    def _proved(self, text: bytes, proof: bytes) -> Proved:
        found = prove(Proof.parse(proof), {sums.digest(text): text}, self.key)
        if not isinstance(found, Proved):
            raise VerificationError(f"the proof at hand is of {', '.join(found)[:200]}, not of this text")
        return found

    def missing(self, sha256: str, slug: str) -> str:
        """What to do where `of` finds nothing."""
        what = f"the text{f' with SHA-256 {sha256}' if sha256 else ''} and its proof"
        where = f" (essays/{slug}/essay.md and essay.md.tlog-proof of the newsletter's site)" if slug else ""
        if self.site is None:
            return f"{what} are not at hand: put both beside it{where}, or name the site with --site"
        return f"{what} are not in {self.site.name}{where}"
