"""Every intake's fate: what came in, what became of it, since when, by whose decision; as pages, as data, as counts.

``register/intakes/1/index.html`` and ``intakes.json`` beside it hold the first fifty intakes, ``2`` the next: so a page
changes when something becomes of one of its own, and none grows for ever. Dates are printed and never ages.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, get_args

from archive.home.accession import Kind, Logged, State
from archive.register.statement import encode_time
from publisher.essays.essay import Review
from publisher.site.site import Candidate, Fate, IntakePage, Site


def path(page: IntakePage) -> str:
    """``register/intakes/1/``"""
    return f"register/intakes/{page.number}/"


def counts(site: Site) -> dict[str, dict[str, int]]:
    """How many came in of each kind, and where each essay stands; anyone can count it again (`recipe`)."""
    published = sum(len(site.there(issue)) for issue in site.issues)
    known = {"published": published, "withdrawn": len(site.withdrawn), "withheld": len(site.withheld)}
    states = dict.fromkeys(get_args(State), 0) | known
    for each in site.waiting:
        states[each.state] += 1
    states["waiting"] += site.passed_over
    found = {"received": {kind: site.received.get(kind, 0) for kind in get_args(Kind)}, "essays": states}
    return found | ({"samplings": asdict(site.asking)} if site.asking else {})


def data(site: Site, page: IntakePage) -> bytes:
    """``register/intakes/1/intakes.json``: an array of what `entry` says of each."""
    entries = [json.dumps(entry(site, each), ensure_ascii=False, indent=1) for each in page.fates()]
    return ("[\n" + ",\n".join(entries) + "\n]\n").encode()


def entry(site: Site, fate: Fate) -> dict[str, Any]:
    """One intake for programs: ``{accession, kind, received, state, since, reviews, week, url, reason}``.

    `received` and `since` are ``{statement, time}``; `reviews` are those that `state` rests on; `week` and `url` are
    there once it was published, `reason` where it was withdrawn; `candidate` where it
    came of a sampling: ``{number, of, statement, time}``, and
    `passed_over` where it waits and another was published; `notices` where a deposit was released, or words of it
    were covered: ``{kind, reason, statement, time}``.
    """
    told: dict[str, Any] = {
        "accession": fate.accession,
        "kind": fate.kind,
        "received": logged_entry(fate.received),
        "state": fate.state,
        "since": logged_entry(fate.since),
    }
    if fate.kind == "essay":
        told["reviews"] = [review_entry(review) for review in fate.reviews]
    if fate.candidate:
        told["candidate"] = candidate_entry(fate.candidate)
    if fate.passed_over:
        told["passed_over"] = True
    if fate.week:
        told |= {"week": fate.week, "url": site.url(f"essays/{fate.slug}/")}
    if fate.noticed:
        notices = [{"kind": each.kind, "reason": each.reason} | logged_entry(each.logged) for each in fate.noticed]
        told["notices"] = notices
    return told | ({"reason": fate.reason} if fate.reason else {})


def candidate_entry(candidate: Candidate) -> dict[str, Any]:
    """``{number, of, statement, time}``: which of those that were asked for, and where that was entered."""
    return {"number": candidate.number, "of": candidate.candidates} | logged_entry(candidate.asked)


def logged_entry(logged: Logged) -> dict[str, Any]:
    """``{statement, time}``"""
    return {"statement": logged.index, "time": encode_time(logged.time)}


def review_entry(review: Review) -> dict[str, Any]:
    """``{decision, reviewer, key, criteria, statement, time}``"""
    return {
        "decision": review.decision,
        "reviewer": review.name,
        "key": review.reviewer,
        "criteria": list(review.criteria),
        "statement": review.index,
        "time": encode_time(review.time),
    }


def under(reviews: Iterable[Review]) -> list[str]:
    """Under which criteria these decisions were taken, each once."""
    return list(dict.fromkeys(name for review in reviews for name in review.criteria))


READ = """\
awk 'NR == 2 { for (n = 0; n < $1; n += 256) { t = n / 256; tile = sprintf("%03d", t % 1000)
  while (t = int(t / 1000)) tile = sprintf("x%03d/", t % 1000) tile
  print "tile/entries/" tile ($1 - n < 256 ? ".p/" $1 - n : "") } }' checkpoint |
xargs cat | od -A n -v -t u1 |
LC_ALL=C awk '{ for (i = 1; i <= NF; i++) if (left) { printf "%c", $i + 0; if (!--left) print "" }
  else if (half) { left = high * 256 + $i; half = 0 } else { high = $i; half = 1 } }' |"""
"""A shell's way to the statements, a line each, in ``register/``: the tiles' names out of the checkpoint's size, then
each statement by the two bytes of its length."""

COUNT = r"""
jq -S -s --argjson void '%(void)s' '
def of($type): to_entries[] | select(.value.predicateType | endswith("/\($type)/v1")) | .value + {at: .key};
def about: .subject[0].name | split("/")[0];
. as $all
| [$all | of("intake") | {key: about, value: .predicate.kind}] | from_entries as $kinds
| [$all | of("intake") | {key: .subject[0].digest.sha256, value: about}] | from_entries as $lists
| [$all | of("issue") | .predicate.essays[] | {key: ., value: 1}] | from_entries as $published
| [$all | of("notice") | select(.predicate.kind == "withdrawn") | .subject[]
    | {key: ($lists[.digest.sha256] // empty), value: 1}] | from_entries as $withdrawn
| (reduce ($all | of("review") | select(.at | IN($void[]) | not)) as $r ({};
    .[$r | about][$r.predicate.reviewer] = $r.predicate.decision)) as $decided
| def fate: . as $id | [$decided[$id] // {} | .[]] as $last
    | if $withdrawn[$id] then "withdrawn" elif $published[$id] then "published"
      elif ($last | map(select(. == "withhold")) | length) >= %(withhold)d then "withheld"
      elif ($last | any(. != "publish")) then "held"
      elif ($last | length) >= %(publish)d then "approved" else "waiting" end;
{ received: (reduce $kinds[] as $kind (%(kinds)s; .[$kind] += 1)),%(asked)s
  essays: (reduce ($kinds | to_entries[] | select(.value == "essay") | .key | fate) as $fate
    (%(states)s; .[$fate] += 1)) }'"""


ASKED = r"""
  samplings: ([$all | of("notice") | select(.predicate.kind == "asked")] as $asked
    | [$asked[] | select(.predicate.reason == "candidate") | .subject[1].name | split("/")[0]] as $came
    | [$asked[] | .predicate.candidates // empty] as $sizes
    | { samplings: ($sizes | length), candidates: ($sizes | add), received: ($came | length),
        published: [$came[] | select($published[.])] | length }),"""
"""The same of what was asked for."""


def recipe(site: Site) -> str:
    """What counts again, in a shell in ``register/`` of a copy of the site, and prints what `counts` says.

    It follows the rule of `archive.home.accession.decided`: each reviewer's last decision, two where two are needed.
    """
    needed = {name: 2 if name in site.two_reviewers_for else 1 for name in ("publish", "withhold")}
    zeros = {name: json.dumps(dict.fromkeys(values, 0)) for name, values in counts(site).items()}
    asked = ASKED if site.asking else ""
    rules = {
        "void": json.dumps(list(site.void)),
        "kinds": zeros["received"],
        "states": zeros["essays"],
        "asked": asked,
        **needed,
    }
    return f"{READ}\nhead -n {site.statements + 1} |{COUNT % rules}"


def counted(site: Site) -> str:
    """What `recipe` prints."""
    return json.dumps(counts(site), indent=2, sort_keys=True)
