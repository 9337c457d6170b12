"""A log that was held here becomes a deposit, by the way that every received file goes."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from archive.deposits import batch
from archive.deposits.batch import Batch
from archive.deposits.options import options
from archive.interviews.request import Request
from archive.interviews.run import Held

if TYPE_CHECKING:
    from archive.home.home import Home


def file(home: "Home", request: Request, held: Held, model: str, context: Path | None) -> Batch:
    """File the log under the model's id here. Bytes that were filed before are said to be."""
    chosen = options(model=model, context=context)
    with home.scratch() as scratch:
        named = scratch / f"{request.protocol.id}-v{request.protocol.version}.eval"
        shutil.copyfile(held.log, named)
        return batch.file_paths(home, [named], chosen)
