"""Where ``archive`` begins."""

import gc

from archive.cli.interrupt import quiet


def archive() -> None:
    """``archive``"""
    quiet()
    gc.disable()  # nothing that is loaded is garbage; the command has it looked for again
    from archive.cli.commands import main

    main()
