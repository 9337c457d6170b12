"""Inspect, which asks: used where it is installed."""

import contextlib
import re
from collections.abc import Iterator

from archive.errors import Error, not_installed
from archive.interviews.cost import Price

_MARKUP = re.compile(r"\[/?[a-z ]+\]")
"""As in ``[bold]ERROR[/bold]``."""


@contextlib.contextmanager
def used() -> Iterator[None]:
    """Inside, that Inspect is not installed, or lacks something, is an `Error` of one sentence."""
    try:
        from inspect_ai._util.error import PrerequisiteError
    except ImportError:
        raise not_installed("holding interviews", "inspect-ai") from None
    try:
        yield
    except PrerequisiteError as error:
        raise Error(one_line(error.message)) from None


def one_line(said: object) -> str:
    """What Inspect or a provider's client says, in one line and without the marks of its terminal."""
    return " ".join(_MARKUP.sub("", str(said)).split())


def price_known(model: str) -> Price | None:
    """What Inspect's own data say of a model's price. Raises `Error` where it is not installed."""
    with used():
        from inspect_ai.model import get_model_info

        info = get_model_info(model)
        return Price(info.cost.input, info.cost.output) if info and info.cost else None
