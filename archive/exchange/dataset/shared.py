"""How a column is said, and the columns that several tables have."""

from collections.abc import Mapping

from archive.exchange.dataset.table import Column, Type
from archive.records.field import Values
from archive.records.values import KINDS, SILENCES

NONE = "there is none"
REGISTER = "register"
"""What null means, and where something is read, as many columns say it."""


def column(name: str, type_: Type, means: str, source: str, **more: object) -> Column:
    """One that holds anything of its type; `more` are further fields of `Column`."""
    return Column(name=name, type=type_, means=means, source=source, **more)  # type: ignore[arg-type]


def enumeration(name: str, values: Mapping[str, str], means: str, source: str, null: str = "") -> Column:
    """One that holds one of these values; `null` as in `Column`."""
    example = next(iter(values))
    return Column(name=name, type="string", means=means, source=source, null=null, example=example, values=values)


def silence(name: str, source: str, values: Values = SILENCES) -> Column:
    """The one beside the column `name` that says why that is null."""
    return enumeration(f"{name}_silence", values, f"why {name} is null", source, f"{name} is given")


_UNDATED: Values = {"not_recorded": SILENCES["not_recorded"]}
_UNASKED: Values = {key: SILENCES[key] for key in ("not_recorded", "not_applicable")}

ACCESSION = column("accession", "string", "accession number of the deposit", REGISTER, example="2026-0041")
OF_MODEL = column("accession", "string", "accession number of the model's folder", REGISTER, example="M2026-0001")
INTERVIEW = column("interview", "integer", "number of the interview in its deposit, from 1", "turns.jsonl", example=3)
TURN = column("turn", "integer", "number of the turn in its interview, from 1", "turns.jsonl", example=12)


def model(who: str, source: str) -> Column:
    """That by which a table is parted."""
    return column("model", "string", f"{who}, by the maker's id", source, example="claude-3-opus-20240229")


INTERVIEWED = model("the model that was interviewed", "deposit.toml model, [interview.N] model")
DEPOSITED = model("the model of the deposit", "deposit.toml model")
DESCRIBED = model("the model whose folder it is", "model.toml id")

SETTING = (
    column("protocol", "string", "the protocol that was followed, and its version", "deposit.toml protocol",
           null="protocol_silence says why", example="retirement-interview@1"),
    silence("protocol", "deposit.toml protocol", _UNASKED),
    enumeration("kind", KINDS, "what the conversation was", "deposit.toml kind"),
    column("title", "string", "what people call it", "deposit.toml title", null=NONE, example="First session"),
    column("date", "date", "the day it was held", "deposit.toml date", null="date_silence says why",
           example="2026-01-04"),
    silence("date", "deposit.toml date", _UNDATED),
)  # fmt: skip
