"""What a sampling costs at most, before anything is asked: an estimate, and said to be one.

Tokens are characters by four, which is about right for English prose in today's tokenizers and nothing more.
"""

from dataclasses import dataclass

from publisher.sampling.request import Request

CHARACTERS = 4
"""In a token."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of all candidates together."""

    calls: int
    read: int
    """Tokens that go in."""
    written: int | None
    """Tokens that come out at most; None where no limit is set."""
    price: tuple[float, float] | None
    """US dollars for a million tokens, in and out; None where nobody knows."""

    @property
    def usd(self) -> float | None:
        """What that costs at most; None where that cannot be told."""
        if self.price is None or self.written is None:
            return None
        return (self.read * self.price[0] + self.written * self.price[1]) / 1e6

    @property
    def sentence(self) -> str:
        """For people."""
        read = f"about {self.read:,} tokens in"
        out = "no limit out (--max-tokens sets one)" if self.written is None else f"{self.written:,} out at most"
        if self.usd is not None:
            return f"{read}, {out}: ${self.usd:.4f} at most"
        return f"{read}, {out}" + ("" if self.price else "; what they cost is not known here (--price IN,OUT)")


def estimate(request: Request, price: tuple[float, float] | None) -> Estimate:
    """Of a sampling that is asked for anew."""
    read = -(-len(request.prompt + request.system) // CHARACTERS)
    most = None if request.max_tokens is None else request.max_tokens * request.candidates
    return Estimate(request.candidates, read * request.candidates, most, price)
