"""How an issue gets to its readers: looked at before it goes out, by mail to a list, to where the site is served."""
