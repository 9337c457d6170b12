"""The sections of the archive, in the order of the navigation; the publisher's follow (see `archive.desk.server`)."""

from archive.desk import start
from archive.desk.coding import section as coding
from archive.desk.comparing import section as comparing
from archive.desk.models import section as models
from archive.desk.reading import section as reading
from archive.desk.taking import section as taking

SECTIONS = (
    start.SECTION,
    taking.SECTION,
    reading.SECTION,
    models.SECTION,
    comparing.SECTION,
    coding.SECTION,
)
