"""Who says so: footnotes, each source with the day on which it was looked up."""

import datetime as dt
from collections.abc import Iterator

from archive.documents.words import Span, Words
from archive.records.ai_model import Fact
from archive.wording import written


class Sources:
    """Numbered as they are first named. Lives while a document is written."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, dt.date], int] = {}

    def __call__(self, *facts: Fact) -> Words:
        """Their numbers, which lead to the list."""
        named = {self.numbers.setdefault((f.source, f.retrieved), len(self.numbers) + 1) for f in facts}
        return tuple(part for n in sorted(named) for part in (", ", Span(str(n), "", "#sources")))[1:]

    def rows(self) -> Iterator[tuple[str, Words]]:
        """Number → source, and when it was looked up."""
        for (source, retrieved), number in self.numbers.items():
            yield str(number), (Span(source, "", source), f"\nlooked up {written(retrieved)}")
