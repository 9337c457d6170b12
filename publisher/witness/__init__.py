"""Being a witness for others: a folder with a key and what was cosigned, and the server that answers for it."""
