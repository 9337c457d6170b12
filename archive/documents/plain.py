"""What a program gets: any value of ours as JSON has it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """A value as numbers, texts, lists and objects.

    Records and dataclasses become objects by field; what says itself how it is plain (a method `plain`) is asked. Days
    and times are ISO 8601.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dt.date() | dt.datetime() | Path():
            return value.isoformat() if isinstance(value, dt.date) else str(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
    if callable(own := getattr(value, "plain", None)):
        return own()
    if is_dataclass(value):
        return by_field(value)
    if known := getattr(type(value), "model_fields", None):  # a record, without importing pydantic for it
        pairs = ((name, getattr(value, name)) for name in known if name != "format")
        return {name: plain(each) for name, each in pairs if each is not None}
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return str(value)


def by_field(value: Any, *more: str) -> dict[str, Any]:
    """A dataclass as an object, with `more` of what it can tell."""
    return {name: plain(getattr(value, name)) for name in (*(field.name for field in fields(value)), *more)}
