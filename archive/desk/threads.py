"""What answers a request does so in a thread that ends with the program, whatever it is at.

A pool's threads are waited for when a program ends. A handler that still works then is left as a kill would leave it:
what it does is done by the library, whole or not at all.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


async def threaded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives back; other requests are answered meanwhile."""
    loop = asyncio.get_running_loop()
    coming: asyncio.Future[T] = loop.create_future()

    def arrived(result: T | None, error: BaseException | None) -> None:
        if coming.cancelled():
            return
        if error:
            coming.set_exception(error)
        else:
            coming.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work(*args, **kwargs)
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(arrived, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await coming
