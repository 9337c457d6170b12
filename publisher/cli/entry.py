"""Where ``publisher`` begins."""

import gc

from archive.cli.interrupt import quiet


def publisher() -> None:
    """``publisher``"""
    quiet()
    gc.disable()  # nothing that is loaded is garbage; the command has it looked for again
    from publisher.cli.commands import main

    main()
