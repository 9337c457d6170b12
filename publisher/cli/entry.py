"""Where ``publisher`` begins."""

from archive.cli.interrupt import quiet


def publisher() -> None:
    """``publisher``"""
    quiet()
    from publisher.cli.commands import main

    main()
