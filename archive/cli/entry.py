"""Where ``archive`` begins."""

from archive.cli.interrupt import quiet


def archive() -> None:
    """``archive``"""
    quiet()
    from archive.cli.commands import main

    main()
