"""How what was published gets to its readers: by mail to a list, and to where the site is served."""
