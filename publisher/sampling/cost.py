"""What a sampling costs at most, before anything is asked: an estimate, and said to be one."""

from contextlib import suppress
from dataclasses import dataclass

from archive.errors import Error
from archive.interviews.cost import CHARACTERS, Price
from archive.interviews.engine import price_known
from publisher.sampling.request import Request


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of all candidates together."""

    calls: int
    read: int
    """Tokens that go in."""
    written: int | None
    """Tokens that come out at most; None where no limit is set."""
    price: Price | None
    """None where nobody knows it."""

    @property
    def usd(self) -> float | None:
        """What that costs at most; None where that cannot be told."""
        if self.price is None or self.written is None:
            return None
        return self.price.of(self.read, self.written)

    @property
    def sentence(self) -> str:
        """For people."""
        read = f"about {self.read:,} tokens in"
        out = "no limit out (--max-tokens sets one)" if self.written is None else f"{self.written:,} out at most"
        if self.usd is not None:
            return f"{read}, {out}: {self.usd:.4f} USD at most"
        return f"{read}, {out}" + ("" if self.price else "; no price is known (--price IN,OUT gives one)")


def estimate(request: Request, price: Price | None) -> Estimate:
    """Of a sampling that is asked for anew, at the `price` that was given or that Inspect knows."""
    if price is None:
        with suppress(Error):  # it is not installed, or knows no such model
            price = price_known(request.model)
    read = -(-len(request.prompt + request.system) // CHARACTERS)
    most = None if request.max_tokens is None else request.max_tokens * request.candidates
    return Estimate(request.candidates, read * request.candidates, most, price)
