"""Ctrl-C: it ends a program that is being loaded; then it is a `KeyboardInterrupt`, of which something is said."""

import signal


def quiet() -> None:
    """Until `heard`, it ends the program as the operating system does, without a traceback."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:  # under nohup it is ignored, and stays so
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def heard() -> None:
    """From now on it is raised. Only the main thread may ask for it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
