"""How a deposit, an interview or a turn is cited: in words, and as reference managers read it.

The words are those that a page of the site offers; what follows them lets anyone check that what was received is what
was logged, as in ``received.json SHA-256 9f86…, entry 12 of letters.example.org/register``.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from archive.deposits.dependence import as_filed
from archive.deposits.filed import FiledFolder, versioned
from archive.deposits.names import COPY
from archive.errors import NotFound
from archive.exchange.selection import Selection, model_of, record_of
from archive.home.home import Home
from archive.records.deposit_record import DepositRecord, Setting
from archive.register import sums
from archive.wording import NAMELESS, plainly, suggestion

_ADDRESS = re.compile(r"(?P<number>\d{4}-\d{4,})(?:/(?P<interview>[1-9]\d*))?(?:#(?P<turn>[1-9]\d*))?", re.ASCII)
"""As in `archive show`: ``2026-0041#12`` is a turn of the first interview."""
_INTAKE = "intake.sums"


def cited(name: str, kind: str, day: dt.date | None, archive: str, anchor: str, address: str) -> str:
    """``Heron, retirement interview of 2026-10-14. The Heron archive, 2026-0041/3#12. https://letters.example.org/…``

    `address` is where it can be read; empty where it cannot.
    """
    held = f"{plainly(kind)} of {day}" if day else plainly(kind)
    return f"{name}, {held}. {archive}, {anchor}." + (f" {address}" if address else "")


def evidence(filed: FiledFolder, origin: str) -> str:
    """``received.json SHA-256 9f86…, entry 12 of letters.example.org/register``

    A hash is said only of what anyone may read: who has that of a text in which words are covered can try out which.
    Of what is closed it is that of the intake list, which the register has and a nonce hides.
    """
    read = {name: digest for name, digest in filed.received.items() if filed.listed.get(name) == digest}
    copy = {COPY: filed.listed[COPY]} if COPY in filed.listed else {}
    known = read or copy or {_INTAKE: filed.life.lists[0]}
    entry = _entry(filed, known)
    files = ", ".join(f"{name} SHA-256 {digest}" for name, digest in known.items())
    return f"{files}, entry {entry} of {origin}"


def _entry(filed: FiledFolder, files: Mapping[str, str]) -> int:
    """The statement of the first of its lists that names these files; of the first list itself, that of intake."""
    if _INTAKE in files or len(filed.life.lists) == 1:
        return filed.accession.index
    logged = {versioned(_INTAKE, n): each.index for n, each in enumerate(filed.life.intakes, 1)}
    naming = (n for n, data in filed.lists() if files.items() <= sums.parse(data, f"{filed.place}/{n}").items())
    return logged[next(naming, _INTAKE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a citation says, each part by itself."""

    anchor: str
    """``2026-0041``, ``2026-0041/3``, ``2026-0041/3#12``"""
    name: str
    """What people call the model."""
    model: str
    """Its maker's id."""
    kind: str
    date: dt.date | None
    """None where it is not recorded."""
    archive: str
    address: str
    """Where anyone can read it; empty where nobody can."""
    evidence: str
    filed: dt.date

    @property
    def text(self) -> str:
        """In words."""
        said = cited(self.name, self.kind, self.date, self.archive, self.anchor, self.address)
        return f"{said} ({self.evidence})"

    @property
    def title(self) -> str:
        """``Retirement interview of 2026-10-14, turn 12``"""
        turn = self.anchor.partition("#")[2]
        held = f"{plainly(self.kind).capitalize()}{f' of {self.date}' if self.date else ''}"
        return held + (f", turn {turn}" if turn else "")

    @property
    def key(self) -> str:
        """What a bibliography calls it: ``2026-0041-3-12``"""
        return re.sub("[/#]", "-", self.anchor)

    @property
    def note(self) -> str:
        """What tells exactly which and lets it be checked."""
        return f"{self.anchor}, {self.model}; {self.evidence}"


def plain(citation: Citation) -> dict[str, object]:
    """For programs: each part, and the words."""
    return {**asdict(citation), "title": citation.title, "text": citation.text}


# ── for reference managers ───────────────────────────────────────────────────────────────────────────────────────────


def bibtex(citation: Citation) -> str:
    """An entry ``@misc``; the author in braces, since it is no person with a family name."""
    day = citation.date or citation.filed
    fields = {
        "author": f"{{{_tex(citation.name)}}}",
        "title": f"{{{_tex(citation.title)}}}",
        "year": str(day.year),
        "howpublished": _tex(citation.archive),
        "number": _tex(citation.anchor),
        "url": citation.address.replace("%", r"\%").replace("#", r"\#"),
        "note": _tex(citation.note),
    }
    rows = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items() if value)
    return f"@misc{{{citation.key},\n{rows}}}\n"


def csl(citation: Citation) -> str:
    """CSL-JSON, which Zotero and pandoc read."""
    day = citation.date or citation.filed
    said = {
        "id": citation.key,
        "type": "interview",
        "title": citation.title,
        "author": [{"literal": citation.name}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "archive": citation.archive,
        "archive_location": citation.anchor,
        "URL": citation.address,
        "note": citation.note,
    }
    return json.dumps([{key: value for key, value in said.items() if value}], ensure_ascii=False, indent=2) + "\n"


def ris(citation: Citation) -> str:
    """RIS; ``AN`` is the accession number."""
    day = citation.date or citation.filed
    rows = [
        ("TY", "GEN"),
        ("ID", citation.key),
        ("AU", f"{citation.name},"),  # what stands after a comma is a given name; it has none
        ("TI", citation.title),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"),
        ("PB", citation.archive),
        ("AN", citation.anchor),
        ("UR", citation.address),
        ("N1", citation.note),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in rows if value or tag == "ER")


FORMS: Mapping[str, Callable[[Citation], str]] = {
    "text": lambda made: f"{made.text}\n",
    "bibtex": bibtex,
    "csl": csl,
    "ris": ris,
}
"""What a citation can be written as."""

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def _tex(text: str) -> str:
    return re.sub(r"[\\~^&%$#_{}]", lambda m: _TEX.get(m[0], f"\\{m[0]}"), " ".join(text.split()))


# ── made ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cite(home: Home, target: str) -> Citation:
    """Of a deposit (``2026-0041``), an interview (``2026-0041/3``) or a turn (``2026-0041/3#12``) as it was filed.

    Raises `NotFound` where there is none; `Refused` where what was filed is nowhere.
    """
    place = _ADDRESS.fullmatch(target)
    if not place:
        what = "expected a deposit, an interview or a turn, such as 2026-0041, 2026-0041/3 or 2026-0041/3#12"
        raise NotFound(f"{target or NAMELESS}: {what}; `archive list` shows what is here")
    life = home.lives.get(place["number"])
    if life is None:
        deposits = [each.accession.number for each in home.lives.of("deposit")]
        remedy = suggestion(place["number"], deposits, "`archive list` shows what is here")
        raise NotFound(f"{place['number']}: nothing was filed as this; {remedy}")
    filed = as_filed(home.store, life)
    turn = int(place["turn"] or 0)
    interview = int(place["interview"] or bool(turn))
    _refuse_missing(filed, interview, turn)
    record = record_of(filed)
    said = record.setting(interview) if interview else record
    models = [as_filed(home.store, each) for each in home.lives.of("model")]
    anchor = filed.number + (f"/{interview}" if interview else "") + (f"#{turn}" if turn else "")
    return _made(filed, said, anchor, home, names(models))


def of_deposit(filed: FiledFolder, record: DepositRecord, home: Home, called: Mapping[str, str]) -> Citation:
    """Of a deposit that goes into an export; `called` are the names of models, as `names` gives them."""
    return _made(filed, record, filed.number, home, called)


def of_files(filed: FiledFolder, selection: Selection) -> str:
    """``The Heron archive, 2026-0041, received.json SHA-256 9f86…, entry 12 of letters.example.org/register``"""
    home = selection.home
    return f"{home.configuration.archive.name}, {filed.number}, {evidence(filed, home.register.key.name)}"


def names(models: Iterable[FiledFolder]) -> dict[str, str]:
    """Id or alias → what people call a model. Raises `Refused`."""
    found: dict[str, str] = {}
    for facts in (model_of(each) for each in models if "model.toml" in each.files):
        found |= {own: facts.name.strip() or own for own in (facts.id, *facts.aliases)}
    return found


def _made(
    filed: FiledFolder, said: Setting | DepositRecord, anchor: str, home: Home, called: Mapping[str, str]
) -> Citation:
    read = not {"turns.jsonl", COPY}.isdisjoint(filed.listed)  # by anyone
    newsletter = home.configuration.newsletter if read else None
    page = anchor.partition("#")[0]  # a long interview has several: the anchor tells the turn
    page += "" if "/" in page else "/1"
    return Citation(
        anchor=anchor,
        name=called.get(said.model, said.model),
        model=said.model,
        kind=said.kind,
        date=said.date,
        archive=home.configuration.archive.name,
        address=f"{newsletter.base_url}/interviews/{page}/" if newsletter else "",
        evidence=evidence(filed, home.register.key.name),
        filed=filed.accession.time.date(),
    )


def _refuse_missing(filed: FiledFolder, interview: int, turn: int) -> None:
    last = filed.head.interviews
    if interview > last:
        raise NotFound(f"{filed.number}/{interview}: the deposit ends with interview {last}")
    if turn > (spoken := sum(said["interview"] == interview for said in filed.turns()) if turn else 0):
        raise NotFound(f"{filed.number}/{interview}#{turn}: the interview ends with turn {spoken}")
