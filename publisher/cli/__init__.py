"""The command line of `publisher`."""
