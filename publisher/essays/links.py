"""What a reviewer should know of the links of a text: where they lead, and what of them is not shown."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.essays import render
from publisher.essays.finding import Finding, one_line, quoted, remark
from publisher.essays.source import Link, Source


def definitions(source: Source) -> Iterator[Finding]:
    """Definitions of addresses, ``[name]: https://…``: nothing of them is shown."""
    used = {met.token.meta.get("label") for met in source.links}
    for definition in source.definitions:
        if definition.repeated:
            why = "a second definition of that name counts for nothing"
        elif definition.name in used:
            why = "it gives the address of a link"
        else:
            why = "no link uses it"
        yield definition.start, f"not shown: {one_line(source.text[definition.start : definition.end])}; {why}"


def links(source: Source) -> Iterator[Finding]:
    """Each link and image, and what is odd about where it leads."""
    for met in source.links:
        if not met.address:
            yield met.start, f"{quoted(source.text[met.start : met.end])} is a link without an address"
            continue
        if not met.automatic:
            tail = one_line(source.text[met.tail : met.end])
            told = tail in ("", "[]", f"({met.address})")
            yield met.start, _told(met) + ("" if told else f"; not shown: {tail}")
        for warning in _warnings(met):
            yield met.start, warning


def _told(met: Link) -> str:
    address, label = one_line(met.address), quoted(met.label)
    if not met.label:
        return f"{'an image without alt text' if met.image else 'a link without text'} shows as its address"
    if not met.image:
        return f"{label} is a link to {address}"
    if met.within_link:
        return f"an image shows as its alt text, {label}, within a link, and its address is not shown: {address}"
    return f"an image shows as its alt text, {label}, a link to {address}"


def _warnings(met: Link) -> Iterator[str]:
    try:
        address = urlsplit(met.address)
        host = address.hostname or address.path.partition("@")[2]
    except ValueError:
        yield f"a link whose address no program can read: {one_line(met.address)}"
        return
    if met.label and all(c.isspace() or remark(c) for c in met.label):
        yield f"a link that nobody can see, to {one_line(met.address)}"
    reads_like = re.fullmatch(r"(?:\w+://)?(?:[^\s@/]+@)?((?:[\w-]+\.)+[^\W\d_]{2,})(?:[/:?#]\S*)?", met.label.strip())
    if reads_like and reads_like[1].lower().removeprefix("www.") != host.removeprefix("www."):
        yield f"the text {quoted(met.label)} reads like one address, the link leads to another: {one_line(met.address)}"
    if address.scheme == "http":
        yield f"a link that is not encrypted (http): {one_line(met.address)}"
    if "@" in address.netloc:
        yield f"what stands before the @ in {one_line(met.address)} is not where it leads: that is {one_line(host)}"
    if (spelled := _spelled(host)) != host or not host.isascii():
        scripts = sorted({unicodedata.name(c, "unknown").split()[0].lower() for c in spelled if c.isalpha()})
        letters = f"{' and '.join(scripts)} letters"
        yield f"the host {one_line(host)} may look like another one: {quoted(spelled)} in {letters}"


def _spelled(host: str) -> str:
    """The host as programs may show it, without Punycode (RFC 3492): ``xn--bcher-kva.org`` is ``bücher.org``."""
    try:
        return re.sub(r"xn--([^.]*)", lambda match: match[1].encode().decode("punycode"), host)
    except UnicodeError:
        return host


def refused(source: Source) -> Iterator[Finding]:
    """What would be a link if its address were one that leads somewhere from page, mail and feed alike."""
    if source.refused:
        for met in Source(source.text, any_address=True).links:
            if met.address and not render.linkable(met.address):
                scheme = re.match(r"\w[\w+.-]*:", met.address)
                kind = f"a {scheme[0]} address" if scheme else "a relative address"
                yield met.start, f"not made a link, but shown as typed, since {one_line(met.address)} is {kind}"
