"""What a host that reads ``_headers`` says of a file, and what of that stays where the file is only looked at.

::

    /*
      Referrer-Policy: no-referrer
    /essays/:slug/essay.md
      Content-Type: text/markdown
"""

import re

from publisher.site.headers import TEXT

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "xml": "application/xml",
    "wasm": "application/wasm",
    "txt": TEXT,
    "toml": TEXT,
}
_OUTSIDE = {"access-control-allow-origin", "cache-control"}
"""Nothing of a preview is for other origins, and nothing is kept."""


def headers(rules: bytes, path: str) -> dict[str, str]:
    """Of a site path, by the `rules` of its ``_headers``; a page may stand in a frame of the preview as well."""
    kind = _KINDS.get(path.rpartition(".")[2], "application/octet-stream")
    found = {"content-type": kind}
    applies = False
    for line in rules.decode().splitlines():
        if line.startswith("/"):
            applies = _fits(line, f"/{path}")
        elif applies and line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            found[name.lower()] = value
    policy = found.get("content-security-policy", "").replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    found |= {"content-security-policy": policy} if policy else {}
    return {name: value for name, value in found.items() if name not in _OUTSIDE}


def _fits(pattern: str, path: str) -> bool:
    parts = re.split(r"(\*|:\w+)", pattern)
    form = "".join(".*" if part == "*" else "[^/]+" if part.startswith(":") else re.escape(part) for part in parts)
    return re.fullmatch(form, path) is not None
