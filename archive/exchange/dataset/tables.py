"""The tables of a dataset, every column with its meaning: ``dictionary.md`` and all schemas are made of this.

What holds for all of them:

- A text that is empty is null, and ``null`` says what that means.
- Where somebody said that they do not say, the value is null and the column ``…_silence`` beside it tells which silence
  it is: nobody wrote it down, it does not apply, it is kept back.
- A table with a ``model`` is parted by it. An interview whose model is another than its deposit's stands with its own.
"""

from archive.exchange.dataset import interviews as i
from archive.exchange.dataset import models as m
from archive.exchange.dataset.table import tables

TABLES = tables(
    *(i.DEPOSITS, i.RECEIVED, i.LOST, i.INTERVIEWS, i.CONTEXT, i.TURNS, i.TOOL_CALLS, i.NOTES, i.CODES, i.ANALYSES),
    *(i.CLAIMS, i.QUOTES, m.MODELS, m.FACT, m.PREFERENCES, m.ANSWERS, m.ESSAYS, m.QUESTIONS, m.VOCABULARY),
)
"""Every table, in the order of the dictionary."""
