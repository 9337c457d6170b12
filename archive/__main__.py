"""``python -m archive``"""

from archive.cli.commands import main

main()
