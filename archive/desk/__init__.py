"""The same work in a browser: one local page over a home, whose every action is a call that a command makes too."""
