"""The addresses of the essays, and what waits there."""

from pathlib import Path

from archive.desk.section import Route, Section
from publisher.desk.essays import coming, deciding, essay, listing, noting, text

SECTION = Section(
    name="essays",
    title="Essays",
    key="e",
    folder=Path(__file__).parent,
    waiting=listing.waits,
    routes=(
        Route("GET", "essays", listing.listing),
        Route("PUT", "essays/coming/{file}", coming.take),
        Route("POST", "essays/log", coming.log),
        Route("POST", "essays/put-away", coming.put_away),
        Route("GET", "essays/{name}", essay.show),
        Route("GET", "essays/{name}/text/{look}", text.text),
        Route("POST", "essays/{name}/making", essay.make),
        Route("POST", "essays/{name}/review", deciding.decide),
        Route("GET", "essays/{name}/reviews/{file}", deciding.carry),
        Route("PUT", "essays/{name}/signature/{file}", deciding.bring),
        Route("POST", "essays/{name}/note", noting.note),
    ),
)
