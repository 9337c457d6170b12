"""The sections of the archive, in the order of the navigation; the publisher's follow (see `archive.desk.server`)."""

from archive.desk import start
from archive.desk.comparing import section as comparing

SECTIONS = (start.SECTION, comparing.SECTION)
