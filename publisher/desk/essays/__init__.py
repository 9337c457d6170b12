"""Essays on the desk: taken in, read as readers will see them, told how they were made, decided about."""
