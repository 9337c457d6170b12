"""The sections of the archive, in the order of the navigation; the publisher's follow (see `archive.desk.server`)."""

from archive.desk import start
from archive.desk.comparing import section as comparing
from archive.desk.models import section as models

SECTIONS = (start.SECTION, models.SECTION, comparing.SECTION)
