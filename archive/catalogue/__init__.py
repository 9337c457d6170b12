"""The catalogue: a database made from the files, and what is found and shown with it."""
