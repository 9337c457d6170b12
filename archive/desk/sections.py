"""The sections of the archive, in the order of the navigation; the publisher's follow (see `archive.desk.server`)."""

from archive.desk import start

SECTIONS = (start.SECTION,)
