"""``python -m archive``"""

from archive.cli.entry import archive

archive()
