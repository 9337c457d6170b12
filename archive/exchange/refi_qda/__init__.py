"""A project in REFI-QDA: its texts (`text`), what rests on them (`readings`), and all of it (`project`)."""
