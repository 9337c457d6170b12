"""Work on many parts, spread over all processors; what comes of each comes in the order of the parts."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

Part = TypeVar("Part")
Came = TypeVar("Came")


def spread(work: Callable[[Part], Came], parts: Sequence[Part]) -> Iterator[Came]:
    """What comes of each part. `work` may hold anything; parts and what comes of them go from process to process.

    Only Linux copies a process with all that it holds, safely and at no cost: elsewhere one process does it all.
    """
    processes = min(os.cpu_count() or 1, len(parts))
    if processes < 2 or sys.platform != "linux":
        yield from map(work, parts)
        return
    pool = ProcessPoolExecutor(processes, get_context("fork"), initializer=_begin, initargs=(work,))
    try:
        yield from pool.map(_done, parts)
    finally:
        pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any]
"""Of a process of the pool, from its beginning to its end; it was not sent there, but copied with the process."""


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the one that waits, which ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _done(part: Any) -> Any:
    return _work(part)


def _end_with_parent() -> None:
    """Nobody takes what this process finds once the one that asked was killed."""
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def portions(things: Sequence[Part], size: int) -> list[Sequence[Part]]:
    """Cut in pieces of `size`, the last one shorter."""
    return [things[start : start + size] for start in range(0, len(things), size)]
