"""The newsletter's sections of the desk: essays and the week. `archive desk` finds them as an entry point."""
