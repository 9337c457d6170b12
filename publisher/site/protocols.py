"""The pages of protocols: each question as it is put, and the interviews that followed it."""

from functools import partial

from publisher.site.held import Held, interviews
from publisher.site.page import fill
from publisher.site.plan import Plan, Planned
from publisher.site.site import Site


def plan(site: Site) -> Plan:
    """A page for each protocol, with all its versions, the newest first."""
    followed = [each for each in interviews(site) if each.setting.protocol in site.room.asking]
    for name, shown in site.room.protocols.items():
        own = [each for each in followed if each.setting.protocol.partition("@")[0] == name]
        deposits = dict.fromkeys(site.room.deposits[each.number].name for each in own)
        known = dict.fromkeys(site.known(each.setting.model) for each in own)
        inputs = " ".join([shown.name, *deposits, *known])
        yield f"protocols/{name}/index.html", Planned(inputs, partial(_page, site, name, own))


def _page(site: Site, name: str, own: list[Held]) -> bytes:
    versions = [each for each in site.room.asking.values() if each.id == name][::-1]
    values = {"versions": versions, "interviews": own, "shown": site.room.protocols[name]}
    return fill(site, f"protocols/{name}/index.html", "protocol.html", **values)
