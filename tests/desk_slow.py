"""A desk in a process of its own, with two addresses more: one answers after a minute, one begins with a long job."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup
from starlette.responses import Response

from archive.desk import server, start
from archive.desk.ask import Ask, working
from archive.desk.jobs import Job
from archive.desk.section import Route


def answer(ask: Ask) -> Response:
    time.sleep(60)
    return Response()


def begin(ask: Ask) -> Response:
    def work(job: Job) -> Markup:
        time.sleep(60)
        return Markup()

    return working(ask, ask.desk.start("something long", work))


SLOW = (Route("GET", "slow", answer), Route("GET", "job", begin))

if __name__ == "__main__":
    server.SECTIONS = (replace(start.SECTION, routes=(*start.SECTION.routes, *SLOW)),)  # type: ignore[assignment]
    made = server.Server(Path(sys.argv[1]))
    sys.stdout.write(f"{made.address} {made.desk.at()} {made.desk.pass_}\n")
    sys.stdout.flush()
    made.serve()
